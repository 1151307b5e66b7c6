"""Who waits for what, as merchandisers see it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter, RelatedDropdownFilter
from unfold.decorators import display

from config.admin_doors import LongReadOnlyDoor, badge
from shop.alerts.restock.calling import waiting_by_variant
from shop.alerts.restock.models import StockAlert

LABELS = {
    StockAlert.State.ASKED: "info",
    StockAlert.State.WAITING: "warning",
    StockAlert.State.TOLD: "success",
    StockAlert.State.STOPPED: "info",
}


@admin.register(StockAlert)
class StockAlertAdmin(LongReadOnlyDoor):
    """Wishes to be told of a restock, with how many people wait for the same article."""

    list_display = ["asked_at", "variant", "market", "state_label", "people", "email", "told_at"]
    list_filter = [
        ("state", ChoicesDropdownFilter),
        ("market", RelatedDropdownFilter),
        ("asked_at", RangeDateTimeFilter),
    ]
    list_select_related = ["variant", "market"]
    search_fields = ["variant__sku", "email"]
    search_help_text = _("SKU or address")
    fieldsets = [
        (None, {"fields": [("variant", "market", "language"), ("email", "state_label")]}),
        (_("When"), {"fields": [("asked_at", "confirmed_at"), ("told_at", "stopped_at")]}),
    ]
    readonly_fields = ["state_label"]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        people = waiting_by_variant({row.variant_id for row in found.result_list})
        for row in found.result_list:
            row.people_waiting = people.get(row.variant_id, 0)
        return found

    @display(description=_("state"), ordering="state")
    def state_label(self, alert: StockAlert) -> SafeString:
        return badge(LABELS[StockAlert.State(alert.state)], alert.get_state_display())

    @display(description=_("people waiting for it"))
    def people(self, alert: Any) -> int:
        return int(getattr(alert, "people_waiting", 0))
