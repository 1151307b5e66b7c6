"""Filters of dated rows."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RelatedDropdownFilter

from shop.crossborder.models import PriceList


class InForceFilter(DropdownFilter):
    """Rows by their dates, seen from today."""

    title = _("dates")
    parameter_name = "dates"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("now", _("In force today")), ("later", _("In future")), ("over", _("Over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        today = timezone.localdate()
        conditions: dict[str, dict[str, Any]] = {
            "now": {"valid__contains": today},
            "later": {"valid__startswith__gt": today},
            "over": {"valid__endswith__lte": today},
        }
        return queryset.filter(**conditions.get(self.value() or "", {}))


class PriceListFilter(RelatedDropdownFilter):
    """Rows by price list; the lists are read with their markets, whose codes are in their names."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:  # noqa: ARG002
        return [(row.pk, str(row)) for row in PriceList.objects.select_related("market")]
