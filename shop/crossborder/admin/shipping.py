"""The pages of delivery options."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from config.admin_doors import Door, Rows
from shop.crossborder.models import ShippingOption
from shop.crossborder.money import display as money


class ShippingRows(Rows):
    """A market's delivery options."""

    model = ShippingOption
    fields = ["code", "names", "amount", "free_above", "days_from", "days_to", "position"]
    verbose_name_plural = _("Delivery options")


@admin.register(ShippingOption)
class ShippingOptionAdmin(Door):
    """Delivery options of all markets."""

    list_display = ["code", "market", "name", "price", "free_from", "working_days"]
    list_filter = [("market", RelatedDropdownFilter)]
    list_select_related = ["market"]
    search_fields = ["code"]
    fields = [("market", "code"), "names", ("amount", "free_above"), ("days_from", "days_to"), "position"]

    @display(description=_("name"))
    def name(self, option: ShippingOption) -> str:
        return str(option.names.get("en", "")) if isinstance(option.names, dict) else ""

    @display(description=_("price"), ordering="amount")
    def price(self, option: ShippingOption) -> str:
        return money(option.amount, option.market.currency, "en")

    @display(description=_("free above"), ordering="free_above")
    def free_from(self, option: ShippingOption) -> str:
        return "–" if option.free_above is None else money(option.free_above, option.market.currency, "en")

    @display(description=_("working days"))
    def working_days(self, option: ShippingOption) -> str:
        return f"{option.days_from}–{option.days_to}"
