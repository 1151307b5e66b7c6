"""The page of who used which code."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateTimeFilter
from unfold.decorators import display

from config.admin_doors import LongReadOnlyDoor, badge
from shop.checkout.promotions.models import PromotionUse
from shop.crossborder.money import display as money
from shop.orders.admin import order_link


@admin.register(PromotionUse)
class PromotionUseAdmin(LongReadOnlyDoor):
    """Orders that used a code, with what it took off."""

    list_display = ["used_at", "code", "promotion", "order_number", "who", "taken_off", "standing"]
    list_filter = [("promotion", AutocompleteSelectFilter), ("used_at", RangeDateTimeFilter)]
    search_fields = ["code__code", "order__number", "order__email"]
    search_help_text = _("Code, order or e-mail")
    fields = readonly_fields = ["order_number", "promotion", "code", "who", "taken_off", "standing", "given_back_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("promotion", "code", "order", "user")

    @display(description=_("order"))
    def order_number(self, use: PromotionUse) -> SafeString:
        return order_link(use.order)

    @display(description=_("who"))
    def who(self, use: PromotionUse) -> str:
        return use.order.email or str(use.user or "–")

    @display(description=_("taken off"), ordering="discount")
    def taken_off(self, use: PromotionUse) -> str:
        return money(use.discount + use.delivery_discount, use.currency, "en")

    @display(description=_("counted"))
    def standing(self, use: PromotionUse) -> SafeString:
        return badge("success", _("counted")) if use.counted else badge("", _("given back"))
