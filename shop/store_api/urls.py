"""Addresses under ``/api/v1/store/``."""

from django.urls import path

from shop.store_api import alert_api, api, basket_api, checkout_api, returns

urlpatterns = [
    path("alerts", alert_api.Alerts.as_view(), name="store_alerts"),
    path("markets", api.Markets.as_view(), name="store_markets"),
    path("products", api.Products.as_view(), name="store_products"),
    path("products/<slug:slug>", api.ProductDetail.as_view(), name="store_product"),
    path("baskets", basket_api.Baskets.as_view(), name="store_baskets"),
    path("baskets/<str:token>", basket_api.BasketDetail.as_view(), name="store_basket"),
    path("baskets/<str:token>/lines", basket_api.Lines.as_view(), name="store_lines"),
    path("baskets/<str:token>/lines/<str:sku>", basket_api.LineDetail.as_view(), name="store_line"),
    path("baskets/<str:token>/codes", basket_api.Codes.as_view(), name="store_codes"),
    path("baskets/<str:token>/codes/<str:code>", basket_api.CodeDetail.as_view(), name="store_code"),
    path("baskets/<str:token>/notices", basket_api.Notices.as_view(), name="store_notices"),
    path("baskets/<str:token>/quote", checkout_api.QuoteBasket.as_view(), name="store_quote"),
    path("baskets/<str:token>/checkout", checkout_api.Checkout.as_view(), name="store_checkout"),
    path("orders/<str:token>/withdrawal", returns.Withdrawal.as_view(), name="store_withdrawal"),
    path("orders/<str:token>/returns", returns.Returns.as_view(), name="store_returns"),
    path("returns/<str:token>", returns.ReturnDetail.as_view(), name="store_return"),
    path("orders/<str:token>", api.OrderDetail.as_view(), name="store_order"),
]
