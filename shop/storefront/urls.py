"""Addresses of the pages. Every page of a market lies under ``/<market>/<language>/``."""

from django.urls import URLPattern, include, path

from shop.storefront.views import account, basket, catalogue, checkout, documents, elsewhere, entry, legal, orders

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
    path("fragments/basket/", basket.badge, name="basket_badge"),
]

urlpatterns = [
    path("", entry.root, name="root"),
    path("robots.txt", entry.robots, name="robots"),
    path("favicon.ico", entry.favicon, name="favicon"),
    path("account/", account.account, name="account"),
    path("orders/<str:token>/", orders.show, name="order"),
    path("orders/<str:token>/state/", orders.state, name="order_state"),
    path("orders/<str:token>/pay/", orders.pay, name="order_pay"),
    path("orders/<str:token>/documents/<str:number>/", documents.download, name="order_document"),
    path("<slug:market>/<slug:language>/", include(in_market)),
]
