"""The pages of markets."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from config.admin_doors import Door, Rows
from shop.crossborder.admin.shipping import ShippingRows
from shop.crossborder.models import Market, MarketWarehouse


class WarehouseRows(Rows):
    """The warehouses that serve a market, the lowest rank first."""

    model = MarketWarehouse
    fields = ["warehouse", "rank"]
    verbose_name = _("warehouse")
    verbose_name_plural = _("Warehouses")


@admin.register(Market)
class MarketAdmin(Door):
    """Where we sell."""

    list_display = ["code", "currency", "where", "spoken", "prices_include_tax", "position"]
    search_fields = ["code", "currency"]
    inlines = [WarehouseRows, ShippingRows]
    fieldsets = [
        (None, {"fields": [("code", "currency", "position"), ("countries", "languages"), "prices_include_tax"]}),
    ]

    @display(description=_("countries"))
    def where(self, market: Market) -> str:
        return ", ".join(market.countries)

    @display(description=_("languages"))
    def spoken(self, market: Market) -> str:
        return ", ".join(market.languages)
