"""The page of what wrapping a gift costs."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from config.admin_doors import Door, days
from shop.checkout.wrapping_models import WrappingPrice
from shop.crossborder.admin.filters import InForceFilter
from shop.crossborder.money import display as money


@admin.register(WrappingPrice)
class WrappingPriceAdmin(Door):
    """A market without a row in force does not wrap gifts."""

    list_display = ["market", "price", "valid_days"]
    list_filter = [InForceFilter, ("market", RelatedDropdownFilter)]
    fields = ["market", "amount", "valid"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("market")

    @display(description=_("price"), ordering="amount")
    def price(self, row: WrappingPrice) -> str:
        return money(row.amount, row.market.currency, "en")

    @display(description=_("valid"), ordering="valid")
    def valid_days(self, row: WrappingPrice) -> str:
        return days(row.valid)
