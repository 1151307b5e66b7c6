"""The inbox of Stripe's events: what waits comes first; every row can be processed again."""

from typing import Any

import stripe
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, FieldTextFilter, RangeDateTimeFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

from config.admin_doors import LongReadOnlyDoor, attempt, badge, done, question
from shop.payments import actions
from shop.payments.gateway import NotConfigured
from shop.payments.models import StripeEvent
from shop.payments.refunding import NotRefundable

PROCESS = question(
    _("Process again"), _("Stripe is asked for the object anew and its state is applied."), submit=_("Process")
)


class ProcessedFilter(DropdownFilter):
    """Whether an event's consequences have been drawn."""

    title = _("processing")
    parameter_name = "processing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("unprocessed", _("Unprocessed")), ("processed", _("Processed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        if self.value() in {"unprocessed", "processed"}:
            return queryset.filter(processed_at__isnull=self.value() == "unprocessed")
        return queryset


@admin.register(StripeEvent)
class StripeEventAdmin(LongReadOnlyDoor):
    """The inbox of Stripe's events."""

    # What waits comes first, then the newest.
    ordering = [F("processed_at").desc(nulls_first=True), "-id"]
    list_display = ["received_at", "type", "about", "progress", "outcome", "attempts", "trouble"]
    list_display_links = ["received_at", "type"]
    list_filter = [ProcessedFilter, ("type", FieldTextFilter), ("received_at", RangeDateTimeFilter)]
    search_fields = ["event_id", "object_id", "type"]
    search_help_text = _("Event, object or type")
    fieldsets = [
        (None, {"fields": [("event_id", "type", "object_id"), ("received_at", "account")]}),
        (_("Processing"), {"fields": [("progress", "processed_at", "outcome"), ("attempts", "due_at"), "last_error"]}),
        (_("Payload"), {"fields": ["payload"]}),
    ]
    readonly_fields = ["progress"]
    actions_detail = actions_row = ["process"]

    @display(description=_("object"))
    def about(self, event: StripeEvent) -> SafeString:
        return format_html('<span class="admin-id" title="{}">{}</span>', event.object_id, event.object_id)

    @display(description=_("progress"), ordering="processed_at")
    def progress(self, event: StripeEvent) -> SafeString:
        return badge("success", _("Processed")) if event.processed_at else badge("warning", _("Unprocessed"))

    @display(description=_("last error"))
    def trouble(self, event: StripeEvent) -> str:
        return f"{event.last_error[:80]}…" if len(event.last_error) > 80 else event.last_error or "–"

    @action(
        description=_("Process again"),
        url_path="process-again",
        icon="replay",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=PROCESS,
    )
    def process(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:  # noqa: ARG002
        """Ask Stripe now instead of waiting for the sweep."""
        event = self.row_or_404(request, object_id)

        def verb() -> str:
            return str(
                _("Outcome: %(outcome)s.") % {"outcome": actions.process_event(event_row_id=event.pk, again=True)}
            )

        attempt(request, verb, refusals=(stripe.StripeError, NotConfigured, NotRefundable))
        return done(request, StripeEvent, object_id)
