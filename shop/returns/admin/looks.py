"""How returns look in lists: coloured states, and days that are near or over."""

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from config.admin_doors import badge
from shop.returns.models import ReturnRequest, ReturnState

SOON = timedelta(days=3)
STATE_LABELS = {
    ReturnState.REQUESTED: "warning",
    ReturnState.AUTHORISED: "info",
    ReturnState.REFUSED: "",
    ReturnState.IN_TRANSIT: "info",
    ReturnState.RECEIVED: "primary",
    ReturnState.INSPECTED: "primary",
    ReturnState.CLOSED: "success",
}


def state(request: ReturnRequest) -> SafeString:
    """Return the state as a coloured label."""
    return badge(STATE_LABELS[ReturnState(request.state)], request.get_state_display())


def due(on: date | None, what: Any) -> SafeString | str:
    """Return a deadline with what is due, coloured where it is near or over."""
    if on is None:
        return f"– {what}" if what else "–"
    today = timezone.localdate()
    if on < today:
        days = (today - on).days
        return badge("danger", _("%(on)s, %(days)s days over: %(what)s") % {"on": on, "days": days, "what": what})
    return badge("warning" if on - today <= SOON else "", f"{on}: {what}")


def return_link(request: ReturnRequest) -> SafeString:
    """Return a link to a return's page."""
    page = reverse("admin:shop_returnrequest_change", args=[request.pk])
    return format_html('<a class="text-link" href="{}">{}</a>', page, request.number)


class DueFilter(DropdownFilter):
    """Which deadlines are over or near."""

    title = _("deadline")
    parameter_name = "deadline"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [
            ("overdue", _("Overdue")),
            ("soon", _("Within three days")),
            ("open", _("Open, any deadline")),
            ("refund", _("Money is due")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        today = timezone.localdate()
        match self.value():
            case "overdue":
                return queryset.filter(due_on__lt=today)
            case "soon":
                return queryset.filter(due_on__range=(today, today + SOON))
            case "open":
                return queryset.exclude(state__in=[ReturnState.CLOSED, ReturnState.REFUSED])
            case "refund":
                return queryset.exclude(state=ReturnState.CLOSED).filter(refund_by__isnull=False)
        return queryset
