"""The pages of holds: who has a claim on stock, and what became of it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.decorators import display

from config.admin_doors import LongReadOnlyDoor, ReadOnlyRows, badge
from inventory.stock.models import Hold, HoldLine

HOLD_GRADES = {
    Hold.State.ACTIVE: "info",
    Hold.State.COMMITTED: "success",
    Hold.State.SHIPPED: "primary",
    Hold.State.RELEASED: "",
    Hold.State.EXPIRED: "warning",
    Hold.State.CANCELLED: "",
}


class HoldLineRows(ReadOnlyRows):
    """What a hold claims, and what became of it."""

    model = HoldLine
    fields = readonly_fields = ["balance", "quantity", "purpose", "shipped", "cancelled", "returned"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("balance__item", "balance__warehouse", "fence")

    @display(description=_("out of the fence for"))
    def purpose(self, line: HoldLine) -> str:
        return line.fence.purpose if line.fence else "–"


@admin.register(Hold)
class HoldAdmin(LongReadOnlyDoor):
    """Claims on stock."""

    list_display = ["cause", "holder", "channel", "state_label", "expires_at", "created_at"]
    list_filter = [("state", ChoicesDropdownFilter), ("created_at", RangeDateTimeFilter)]
    # Sorting by anything but the time would sort the whole table.
    sortable_by = ["created_at"]
    # Counting what every choice would show reads the whole table for each.
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["holder", "cause", "lines__balance__item__sku"]
    search_help_text = _("Holder, cause or SKU")
    fieldsets = [
        (None, {"fields": [("cause", "state"), ("holder", "channel"), ("created_at", "expires_at"), "cause_key"]}),
    ]
    inlines = [HoldLineRows]

    @display(description=_("state"), ordering="state")
    def state_label(self, hold: Hold) -> SafeString:
        return badge(HOLD_GRADES[Hold.State(hold.state)], hold.get_state_display())
