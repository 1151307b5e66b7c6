"""The pages of prices, and the products and variants that show them."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from config.admin_doors import Door, ExportDoor, Rows, days
from shop.catalogue.admin import ProductPages, VariantPages
from shop.catalogue.models import Product, Variant
from shop.crossborder.admin.filters import InForceFilter
from shop.crossborder.models import Price
from shop.crossborder.money import display as money

HOME_MARKET = "gb"  # whose price the list of products shows


class PriceRows(Rows):
    """A variant's prices in each market."""

    model = Price
    fields = ["market", "amount", "valid"]
    verbose_name_plural = _("Prices")


@admin.register(Variant)
class VariantAdmin(VariantPages):
    """Variants with their prices."""

    inlines = [PriceRows]


@admin.register(Product)
class ProductAdmin(ProductPages):
    """Products, listed with what they cost at home."""

    list_display = ["product", "category", "museum", "published", "home_price", "stock"]

    def get_queryset(self, request: HttpRequest) -> Any:
        prices = Price.objects.filter(
            variant__product=OuterRef("pk"), market__code=HOME_MARKET, valid__contains=timezone.localdate()
        ).order_by("amount")
        return (
            super()
            .get_queryset(request)
            .annotate(
                home_amount=Subquery(prices.values("amount")[:1]),
                home_currency=Subquery(prices.values("market__currency")[:1]),
            )
        )

    @display(description=_("price (GB)"), ordering="home_amount")
    def home_price(self, product: Any) -> str:
        return "–" if product.home_amount is None else money(product.home_amount, product.home_currency, "en")


@admin.register(Price)
class PriceAdmin(ExportDoor, Door):
    """What variants cost, by market and dates."""

    list_display = ["variant", "market", "price", "valid_days"]
    list_filter = [("market", RelatedDropdownFilter), InForceFilter]
    list_select_related = ["variant", "market"]
    search_fields = ["variant__sku"]
    search_help_text = "SKU"
    autocomplete_fields = ["variant"]
    fields = [("variant", "market"), "amount", "valid"]

    @display(description=_("price"), ordering="amount")
    def price(self, row: Price) -> str:
        return money(row.amount, row.market.currency, "en")

    @display(description=_("valid"), ordering="valid")
    def valid_days(self, row: Price) -> str:
        return days(row.valid)
