"""The desk's view of exports, erasures and what the law still keeps: read-only, without contents."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter, RangeDateTimeFilter
from unfold.decorators import display

from config.admin_doors import ReadOnlyDoor
from shop.accounts.privacy.models import DataExport, Erasure, RetainedOrder


@admin.register(DataExport)
class DataExportAdmin(ReadOnlyDoor):
    """Exports that were asked for; the file opens to the person alone."""

    list_display = ["id", "shown_state", "asked_by", "requested_at", "ready_at", "expires_at", "size"]
    list_filter = [("state", ChoicesDropdownFilter), ("requested_at", RangeDateTimeFilter)]
    search_fields = ["id", "email"]
    fields = ["id", "state", "email", "language", "asked_by", "requested_at", "ready_at", "expires_at", "size"]

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).defer("content")

    @display(
        description=_("State"),
        ordering="state",
        label={"requested": "info", "running": "info", "ready": "success", "expired": ""},
    )
    def shown_state(self, row: DataExport) -> tuple[str, str]:
        return row.state, row.get_state_display()


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyDoor):
    """Erasures, with their receipts."""

    list_display = ["id", "shown_state", "asked_by", "requested_at", "due_at", "ended_at", "waits_for"]
    list_filter = [("state", ChoicesDropdownFilter), ("requested_at", RangeDateTimeFilter)]
    search_fields = ["id", "email"]
    fields = [
        "id",
        "state",
        "email",
        "language",
        "asked_by",
        "requested_at",
        "due_at",
        "ended_at",
        "waits_for",
        "removed_and_kept",
    ]
    readonly_fields = ["waits_for", "removed_and_kept"]

    @display(
        description=_("State"),
        ordering="state",
        label={"cooling": "info", "blocked": "warning", "revoked": "", "done": "success"},
    )
    def shown_state(self, row: Erasure) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @display(description=_("Waits for"))
    def waits_for(self, row: Erasure) -> str:
        return ", ".join(row.blocked_by) or "–"

    @display(description=_("Removed and kept"))
    def removed_and_kept(self, row: Erasure) -> SafeString:
        return format_html_join(
            "",
            "<div><b>{}</b>: {} ({}){}{}</div>",
            (
                (
                    one["about"],
                    one["what"],
                    one["rows"],
                    f" until {one['until']}" if one.get("until") else "",
                    f". {one['why']}" if one.get("why") else "",
                )
                for one in row.receipt
            ),
        ) or SafeString("–")


@admin.register(RetainedOrder)
class RetainedOrderAdmin(ReadOnlyDoor):
    """Orders of people who were erased, until the law lets the rest go."""

    list_display = ["order", "until", "law", "reduced_at"]
    list_filter = [("until", RangeDateFilter)]
    list_select_related = ["order"]
    search_fields = ["order__number"]
    fields = ["order", "erasure", "until", "law", "reduced_at"]
