"""The page of what shoppers agreed to."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import FieldTextFilter, RangeDateTimeFilter
from unfold.decorators import display

from config.admin_doors import LongReadOnlyDoor
from shop.checkout.consents.models import OrderConsent
from shop.orders.admin import order_link


@admin.register(OrderConsent)
class OrderConsentAdmin(LongReadOnlyDoor):
    """Evidence: which words, in which version and language, for which order, when."""

    list_display = ["agreed_at", "order_number", "kind", "version", "language"]
    list_filter = [("agreed_at", RangeDateTimeFilter), ("version", FieldTextFilter)]
    search_fields = ["order__number", "order__email"]
    search_help_text = _("Order or e-mail")
    fields = readonly_fields = ["order_number", "kind", "version", "language", "text", "legal_pages", "agreed_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("order")

    @display(description=_("order"))
    def order_number(self, row: OrderConsent) -> SafeString:
        return order_link(row.order)

    @display(description=_("legal pages"))
    def legal_pages(self, row: OrderConsent) -> str:
        return ", ".join(f"{one['kind']} {one['language']} v{one['version']}" for one in row.pages) or "–"
