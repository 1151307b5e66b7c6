"""The pages of return addresses and of goods excepted from withdrawal."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from config.admin_doors import Door, WholeConstraintsForm, days
from shop.returns.models import ExceptedGoods, ReturnAddress


@admin.register(ReturnAddress)
class ReturnAddressAdmin(Door):
    """Where each warehouse takes goods back."""

    list_display = ["warehouse", "name", "city", "country"]
    list_select_related = ["warehouse"]
    search_fields = ["warehouse__code", "name", "city"]
    search_help_text = _("Warehouse, name or city")
    fieldsets = [
        (None, {"fields": [("warehouse", "name"), ("line1", "line2"), ("postcode", "city"), ("district", "region")]}),
        (_("Contact"), {"fields": ["phone"]}),
    ]

    @display(description=_("country"), ordering="warehouse__country")
    def country(self, row: ReturnAddress) -> str:
        return row.warehouse.country


@admin.register(ExceptedGoods)
class ExceptedGoodsAdmin(Door):
    """Goods of a kind that the laws except; whether the exception holds follows from the shopper's country."""

    form = WholeConstraintsForm
    list_display = ["what", "kind", "valid_text", "source"]
    list_filter = [("kind", ChoicesDropdownFilter), ("category", ChoicesDropdownFilter)]
    list_select_related = ["product"]
    search_fields = ["product__slug", "source"]
    search_help_text = _("Product or source")
    autocomplete_fields = ["product"]
    fieldsets = [(None, {"fields": ["kind", ("category", "product"), "valid", "source"]})]

    @display(description=_("goods"))
    def what(self, row: ExceptedGoods) -> Any:
        return row.product or row.get_category_display()

    @display(description=_("valid"), ordering="valid")
    def valid_text(self, row: ExceptedGoods) -> str:
        return days(row.valid)
