"""Production batches: where their units lie, who got them, and their recall."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, RangeDateFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from config.admin_doors import ReadOnlyDoor, ReadOnlyRows, actor, ask_again, badge, done, question
from inventory.stock import actions, forms
from inventory.stock.actions.lots import Recalled
from inventory.stock.admin import looks
from inventory.stock.admin.rights import StockRights
from inventory.stock.errors import StockError
from inventory.stock.models import Lot, LotBalance, LotMovement, Movement

RECALL = question(
    _("Recall lot"),
    _("Its unclaimed units are quarantined everywhere, and no more of it can be received."),
    submit=_("Recall"),
    form=forms.RecallForm,
)


class RecalledFilter(DropdownFilter):
    """Recalled lots, or those still sold."""

    title = _("recall")
    parameter_name = "recalled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("yes", _("Recalled")), ("no", _("Not recalled"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:  # noqa: ARG002
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(recalled_at__isnull=self.value() == "no")


class PlaceRows(ReadOnlyRows):
    """Where a lot's units lie."""

    model = LotBalance
    fields = readonly_fields = ["warehouse", "units", "claims"]
    verbose_name_plural = _("Where its units lie")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).select_related("balance__item", "balance__warehouse", "lot")
        return rows.filter(units__gt=0).order_by("balance__warehouse__code")

    @display(description=_("warehouse"))
    def warehouse(self, place: LotBalance) -> SafeString:
        return looks.link(_balance_page(place), place.balance.warehouse)

    @display(description=_("claimed there (of all lots)"))
    def claims(self, place: LotBalance) -> int | SafeString:
        return looks.quiet(place.balance.held + place.balance.allocated + place.balance.fenced)


class TakerRows(ReadOnlyRows):
    """Which orders took units of a lot, the latest first."""

    model = LotMovement
    fields = readonly_fields = ["when", "cause", "channel", "warehouse", "units"]
    per_page = 50
    verbose_name_plural = _("Orders that took units")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).select_related("movement__balance__warehouse", "lot__item")
        return rows.filter(movement__kind=Movement.Kind.SHIP).order_by("-id")

    @display(description=_("shipped"))
    def when(self, part: LotMovement) -> Any:
        return part.movement.occurred_at

    @display(description=_("cause"))
    def cause(self, part: LotMovement) -> str:
        return part.movement.cause

    @display(description=_("channel"))
    def channel(self, part: LotMovement) -> str:
        return part.movement.channel or "–"

    @display(description=_("warehouse"))
    def warehouse(self, part: LotMovement) -> str:
        return part.movement.balance.warehouse.code

    @display(description=_("units"))
    def units(self, part: LotMovement) -> int:
        return -part.delta


@admin.register(Lot)
class LotAdmin(StockRights, ReadOnlyDoor):
    """Production batches."""

    list_display = ["number", "sku", "what", "produced_on", "left", "state"]
    list_filter = [RecalledFilter, ("produced_on", RangeDateFilter)]
    list_select_related = ["item"]
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["number", "item__sku", "item__description"]
    search_help_text = _("Lot number, SKU or description")
    ordering = ["-produced_on", "-id"]
    readonly_fields = ["state"]
    inlines = [PlaceRows, TakerRows]
    actions_row = actions_detail = ["recall_lot"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("item")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:  # noqa: ARG002
        return looks.FiguresList

    def add_figures(self, lots: list[Any]) -> None:
        """Read what is left of the lots of one page. One statement."""
        places = LotBalance.objects.filter(lot__in=[lot.pk for lot in lots]).order_by()
        left = dict(places.values_list("lot").annotate(units=Sum("units")))
        for lot in lots:
            lot.units_left = left.get(lot.pk, 0)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        rows = [("item", "number"), ("produced_on", "state")]
        return [(None, {"fields": [*rows, ("recalled_at", "recall_reason")] if obj and obj.recalled_at else rows})]

    @display(description="SKU", ordering="item__sku")
    def sku(self, lot: Lot) -> str:
        return lot.item.sku

    @display(description=_("description"))
    def what(self, lot: Lot) -> str:
        return lot.item.description

    @display(description=_("units left"))
    def left(self, lot: Any) -> int | SafeString:
        return looks.quiet(lot.units_left)

    @display(description=_("state"), ordering="recalled_at")
    def state(self, lot: Lot) -> SafeString:
        return badge("danger", _("Recalled")) if lot.recalled_at else badge("success", _("On sale"))

    @action(
        description=_("Recall lot"),
        url_path="recall",
        icon="warning",
        permissions=["act", "manage"],
        variant=ActionVariant.DANGER,
        dialog=RECALL,
    )
    def recall_lot(self, request: HttpRequest, form: forms.RecallForm, object_id: str) -> HttpResponse:
        """Recall the lot and say what was taken off sale and what could not be."""
        lot = self.row_or_404(request, object_id)
        reason = form.cleaned_data["reason"]
        try:
            taken = actions.recall(lot=lot, reason=reason, actor=actor(request))
        except StockError as error:
            form.add_error("reason", str(error))
            return ask_again(request, form, RECALL)
        self.log_change(request, lot, _("Recalled: %(why)s") % {"why": reason})
        level = messages.WARNING if any(place.claimed for place in taken) else messages.SUCCESS
        messages.add_message(request, level, _outcome(lot, taken))
        return done(request, Lot, object_id)


def _balance_page(place: LotBalance) -> str:
    return reverse("admin:inventory_balance_change", args=[place.balance_id])


def _outcome(lot: Lot, taken: list[Recalled]) -> str:
    """Return what a recall did, place by place."""
    if not taken:
        return _now("%(lot)s is recalled; no units of it are left here.") % {"lot": lot}
    places = [
        _now("%(warehouse)s: %(quarantined)d quarantined, %(claimed)d claimed")
        % {"warehouse": place.warehouse, "quarantined": place.quarantined, "claimed": place.claimed}
        for place in taken
    ]
    sentence = _now("%(lot)s is recalled. %(places)s.") % {"lot": lot, "places": "; ".join(places)}
    if any(place.claimed for place in taken):
        sentence += " " + _now("Claimed units stay on the shelf: cancel or repack those orders, then recall again.")
    return sentence
