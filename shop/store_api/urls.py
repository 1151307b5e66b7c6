"""Addresses under ``/api/v1/store/``."""

from django.urls import path

from shop.store_api import api, returns

urlpatterns = [
    path("markets", api.Markets.as_view(), name="store_markets"),
    path("products", api.Products.as_view(), name="store_products"),
    path("products/<slug:slug>", api.ProductDetail.as_view(), name="store_product"),
    path("baskets", api.Baskets.as_view(), name="store_baskets"),
    path("baskets/<str:token>", api.BasketDetail.as_view(), name="store_basket"),
    path("baskets/<str:token>/lines", api.Lines.as_view(), name="store_lines"),
    path("baskets/<str:token>/lines/<str:sku>", api.LineDetail.as_view(), name="store_line"),
    path("baskets/<str:token>/quote", api.QuoteBasket.as_view(), name="store_quote"),
    path("baskets/<str:token>/checkout", api.Checkout.as_view(), name="store_checkout"),
    path("orders/<str:token>/withdrawal", returns.Withdrawal.as_view(), name="store_withdrawal"),
    path("orders/<str:token>/returns", returns.Returns.as_view(), name="store_returns"),
    path("returns/<str:token>", returns.ReturnDetail.as_view(), name="store_return"),
    path("orders/<str:token>", api.OrderDetail.as_view(), name="store_order"),
]
