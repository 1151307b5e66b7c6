"""Addresses of the pages. Every page of a market lies under ``/<market>/<language>/``."""

from django.urls import URLPattern, include, path

from shop.storefront.views import (
    account,
    address_book,
    basket,
    catalogue,
    checkout,
    documents,
    elsewhere,
    entry,
    legal,
    orders,
    privacy,
    wishlist,
)

app_name = "shop"

in_market: list[URLPattern] = [
    path("", catalogue.home, name="home"),
    path("shop/", catalogue.listing, name="listing"),
    path("products/<slug:slug>/", catalogue.product, name="product"),
    path("museums/<slug:slug>/", catalogue.museum, name="museum"),
    path("objects/<slug:slug>/", catalogue.museum_object, name="object"),
    path("basket/", basket.show, name="basket"),
    path("basket/add/", basket.add, name="basket_add"),
    path("basket/update/", basket.update, name="basket_update"),
    path("basket/remove/", basket.remove, name="basket_remove"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("legal/<slug:kind>/", legal.page, name="legal"),
    path("fragments/elsewhere/", elsewhere.suggestion, name="elsewhere"),
    path("fragments/wish/<slug:slug>/", wishlist.fragment, name="wish"),
    path("wishlist/", wishlist.change, name="wish_change"),
    path("fragments/basket/", basket.badge, name="basket_badge"),
]

urlpatterns = [
    path("", entry.root, name="root"),
    path("robots.txt", entry.robots, name="robots"),
    path("favicon.ico", entry.favicon, name="favicon"),
    path("account/", account.account, name="account"),
    path("account/orders/", account.orders, name="account_orders"),
    path("account/orders/<str:number>/", account.order, name="account_order"),
    path("account/addresses/", address_book.addresses, name="account_addresses"),
    path("account/addresses/new/", address_book.address, name="account_address_new"),
    path("account/addresses/<int:address_id>/", address_book.address, name="account_address"),
    path("account/addresses/<int:address_id>/delete/", address_book.delete, name="account_address_delete"),
    path("account/addresses/<int:address_id>/default/", address_book.default, name="account_address_default"),
    path("account/wishlist/", wishlist.wishlist, name="account_wishlist"),
    path("account/wishlist/act/", wishlist.act, name="account_wishlist_act"),
    path("account/preferences/", account.preferences, name="account_preferences"),
    path("account/data/", privacy.account_data, name="account_data"),
    path("account/data/export/", privacy.export, name="account_data_export"),
    path("account/data/export/<uuid:export_id>/", privacy.download, name="account_data_file"),
    path("account/data/erase/", privacy.erase, name="account_erase"),
    path("account/data/keep/", privacy.keep, name="account_keep"),
    path("my-data/", privacy.my_data, name="my_data"),
    path("my-data/file/<str:token>/", privacy.my_data_file, name="my_data_file"),
    path("my-data/<str:token>/", privacy.my_data_link, name="my_data_link"),
    path("orders/<str:token>/", orders.show, name="order"),
    path("orders/<str:token>/state/", orders.state, name="order_state"),
    path("orders/<str:token>/pay/", orders.pay, name="order_pay"),
    path("orders/<str:token>/documents/<str:number>/", documents.download, name="order_document"),
    path("<slug:market>/<slug:language>/", include(in_market)),
]
