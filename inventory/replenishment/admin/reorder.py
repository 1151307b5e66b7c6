"""What to order: the latest advice, row by row."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm

from config.admin_doors import ExportDoor, ReadOnlyDoor, badge, question
from inventory.replenishment import advising
from inventory.replenishment.admin import amounts
from inventory.replenishment.admin.drafting import DraftingPages
from inventory.replenishment.models import ReorderAdvice

Pace = ReorderAdvice.Pace
PACE_GRADES = {Pace.NEW: "info", Pace.MOVING: "success", Pace.SLOW: "warning", Pace.DEAD: "danger"}
LONG_COVER = 180  # days: more than this is too much of a thing
COMPUTE = question(
    _("Compute now"),
    _("Demand is forecast anew from the ledger, and every row is renewed. This may take some seconds."),
    submit=_("Compute"),
)


def _two_lines(first: Any, second: Any) -> SafeString:
    """Return a cell whose first line never breaks."""
    said = '<div><span class="whitespace-nowrap">{}</span><br><span class="text-base-500">{}</span></div>'
    return format_html(said, first, second)


class ToOrderFilter(DropdownFilter):
    """Rows with something to order."""

    title = _("to order")
    parameter_name = "to_order"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [
            ("now", _("To order now")),
            ("unsourced", _("Without supplier")),
            ("no", _("Nothing to order")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        conditions = {
            "now": Q(suggested__gt=0),
            "unsourced": Q(suggested__gt=0, source__isnull=True),
            "no": Q(suggested=0),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


class CoverFilter(DropdownFilter):
    """How long the units there will last."""

    title = _("days of cover")
    parameter_name = "cover"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [
            ("out", _("Sold out")),
            ("short", _("Less than the lead time")),
            ("week", _("Up to 7 days")),
            ("month", _("8 to 30 days")),
            ("quarter", _("31 to 90 days")),
            ("half", _("91 to 180 days")),
            ("long", _("More than 180 days")),
            ("none", _("No demand")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        conditions = {
            "out": Q(days_of_cover__lte=0),
            "short": Q(days_of_cover__lt=F("lead_time_days")),
            "week": Q(days_of_cover__gt=0, days_of_cover__lte=7),
            "month": Q(days_of_cover__gt=7, days_of_cover__lte=30),
            "quarter": Q(days_of_cover__gt=30, days_of_cover__lte=90),
            "half": Q(days_of_cover__gt=90, days_of_cover__lte=LONG_COVER),
            "long": Q(days_of_cover__gt=LONG_COVER),
            "none": Q(days_of_cover__isnull=True),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


@admin.register(ReorderAdvice)
class ReorderAdviceAdmin(DraftingPages, ExportDoor, ReadOnlyDoor):
    """The latest advice, what runs out first at the top."""

    list_display = [
        "thing",
        "at",
        "available",
        "coming",
        "demand",
        "cover",
        "order_at",
        "suggestion",
        "supplier",
        "pace_label",
        "sold",
    ]
    list_filter = [
        ToOrderFilter,
        ("pace", ChoicesDropdownFilter),
        ("source__supplier", RelatedDropdownFilter),
        ("warehouse", RelatedDropdownFilter),
        CoverFilter,
    ]
    list_select_related = ["item", "warehouse", "source__supplier"]
    search_fields = ["item__sku", "item__description", "source__supplier__name", "source__supplier_sku"]
    search_help_text = _("SKU, description or supplier")
    ordering = ["days_of_cover"]
    actions = ["draft_orders"]
    actions_list = ["compute_now"]
    list_before_template = "admin/inventory/reorderadvice/budget.html"
    fieldsets = [
        (None, {"fields": [("item", "warehouse"), ("supplier", "terms"), ("pace_label", "sold")]}),
        (_("Stock"), {"fields": [("available", "on_order", "cover")]}),
        (_("Forecast"), {"fields": [("demand", "deviation", "lead_time_days"), "computed_at"]}),
        (_("Advice"), {"fields": [("reorder_point", "order_up_to"), ("suggested", "cost")]}),
    ]
    readonly_fields = ["supplier", "terms", "pace_label", "sold", "cover", "demand", "deviation", "cost"]

    def has_compute_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Whoever may change advice may have it renewed; nobody types it."""
        return bool(request.user.has_perm("inventory.change_reorderadvice"))

    @display(description=_("item"), ordering="item__sku")
    def thing(self, row: ReorderAdvice) -> SafeString:
        return _two_lines(row.item.sku, row.item.description)

    @display(description=_("at"), ordering="warehouse__code")
    def at(self, row: ReorderAdvice) -> str:
        return row.warehouse.code

    @display(description=_("on order"), ordering="on_order")
    def coming(self, row: ReorderAdvice) -> str:
        return f"{row.on_order:,}" if row.on_order else "–"

    @display(description=_("a day"), ordering="daily_demand")
    def demand(self, row: ReorderAdvice) -> str:
        return f"{row.daily_demand:,.2f}" if row.daily_demand else "–"

    @display(description=_("deviation a day"))
    def deviation(self, row: ReorderAdvice) -> str:
        return f"± {row.daily_deviation:,.2f}"

    @display(description=_("reorder at"), ordering="reorder_point")
    def order_at(self, row: ReorderAdvice) -> str:
        return f"{row.reorder_point:,}"

    @display(description=_("cover (days)"), ordering="days_of_cover")
    def cover(self, row: ReorderAdvice) -> SafeString:
        if row.days_of_cover is None:
            return badge("", _("none sold"))
        if row.days_of_cover < row.lead_time_days:
            grade = "danger"
        elif row.days_of_cover > LONG_COVER:
            grade = "info"
        else:
            grade = "warning" if row.suggested else "success"
        return badge(grade, f"{row.days_of_cover:,.0f}")

    @display(description=_("to order"), ordering="suggested")
    def suggestion(self, row: ReorderAdvice) -> SafeString | str:
        if not row.suggested:
            return "–"
        units = format_html('<strong class="text-important">{}</strong>', f"{row.suggested:,}")
        return _two_lines(units, self.cost(row)) if row.source else units

    @display(description=_("supplier"), ordering="source__supplier__name")
    def supplier(self, row: ReorderAdvice) -> SafeString | str:
        return row.source.supplier.name if row.source else badge("warning", _("none"))

    @display(description=_("supplier's terms"))
    def terms(self, row: ReorderAdvice) -> str:
        if row.source is None:
            return "–"
        said = _("%(cost)s each, at least %(minimum)d, in multiples of %(multiple)d")
        cost = amounts.unit_cost(row.source.unit_cost, row.source.supplier.currency)
        return str(said % {"cost": cost, "minimum": row.source.minimum, "multiple": row.source.multiple})

    @display(description=_("cost"))
    def cost(self, row: ReorderAdvice) -> str:
        if row.source is None or not row.suggested:
            return "–"
        return amounts.money(row.suggested * row.source.unit_cost, row.source.supplier.currency)

    @display(description=_("pace"), ordering="pace")
    def pace_label(self, row: ReorderAdvice) -> SafeString:
        return badge(PACE_GRADES[Pace(row.pace)], row.get_pace_display())

    @display(description=_("last sold"), ordering="last_sold_on")
    def sold(self, row: ReorderAdvice) -> str:
        return amounts.day(row.last_sold_on) if row.last_sold_on else str(_("never"))

    @action(description=_("Compute now"), url_path="compute", icon="refresh", permissions=["compute"], dialog=COMPUTE)
    def compute_now(self, request: HttpRequest, _form: BaseDialogForm) -> HttpResponse:
        """Renew the advice while the page waits."""
        started = timezone.now()
        rows = advising.compute_advice()
        took = (timezone.now() - started).total_seconds()
        said = _("Advice was computed in %(seconds).1f seconds; rows: %(rows)s.")
        messages.success(request, said % {"rows": f"{rows:,}", "seconds": took})
        page = reverse("admin:inventory_reorderadvice_changelist")
        return HttpResponseClientRedirect(page) if getattr(request, "htmx", None) else redirect(page)
