"""Filters of the lists of rules."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Upper
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from shop.crossborder.models import Jurisdiction

NONE = "-"  # stands for an empty column in the address


def in_force(on: date) -> Q:
    """Return the condition of rows that apply on that day."""
    return (Q(valid_from=None) | Q(valid_from__lte=on)) & (Q(valid_to=None) | Q(valid_to__gte=on))


class ConfirmationFilter(DropdownFilter):
    """Whether somebody has vouched for the row."""

    title = _("confirmation")
    parameter_name = "confirmation"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("unconfirmed", _("Unconfirmed")), ("confirmed", _("Confirmed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        if self.value() not in {"unconfirmed", "confirmed"}:
            return queryset
        return queryset.filter(confirmed_on__isnull=self.value() == "unconfirmed")


class DaysFilter(DropdownFilter):
    """Rows by their first and last day, seen from today."""

    title = _("dates")
    parameter_name = "dates"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("now", _("In force today")), ("later", _("In future")), ("over", _("Over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        today = timezone.localdate()
        conditions = {"now": in_force(today), "later": Q(valid_from__gt=today), "over": Q(valid_to__lt=today)}
        return queryset.filter(conditions.get(self.value() or "", Q()))


class ColumnFilter(DropdownFilter):
    """Rows by a column's values, as far as there are any. One statement."""

    empty = _("None")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        column = self.parameter_name or ""
        found = model_admin.model.objects.order_by(column).values_list(column, flat=True).distinct()
        return [(value or NONE, value or self.empty) for value in found]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        if not self.value():
            return queryset
        return queryset.filter(**{self.parameter_name or "": "" if self.value() == NONE else self.value()})


class RouteFilter(ColumnFilter):
    title = _("route")
    parameter_name = "route"
    empty = _("Every route")


class ActFilter(ColumnFilter):
    title = _("act")
    parameter_name = "act"


class JurisdictionFilter(ColumnFilter):
    """Rows by jurisdiction, with its name. Two statements."""

    title = _("jurisdiction")
    parameter_name = "jurisdiction"
    empty = _("Everywhere")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        names = dict(Jurisdiction.objects.annotate(code=Upper("key")).values_list("code", "name"))
        return [
            (code, f"{code} · {names[code]}" if code in names else label)
            for code, label in super().lookups(request, model_admin)
        ]
