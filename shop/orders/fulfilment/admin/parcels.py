"""The pages of parcels: their label and customs papers at hand, weighed, shipped, delivered or dropped from here."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    DropdownFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

from config.admin_doors import ReadOnlyDoor, ReadOnlyRows, actor, attempt, badge, done
from inventory.stock.errors import StockError
from shop.orders import actions, wording
from shop.orders.admin import lines_of, order_link
from shop.orders.customs import crosses_border
from shop.orders.customs_pages import pdf
from shop.orders.fulfilment import papers
from shop.orders.fulfilment.admin.forms import BOX, DELIVERED, DROP, SHIP, WEIGH
from shop.orders.fulfilment.admin.packing import PackPage
from shop.orders.fulfilment.admin.pages import CAUSE
from shop.orders.fulfilment.carriers import BadTrackingNumber
from shop.orders.fulfilment.errors import FulfilmentError
from shop.orders.shipment_models import LEFT, OPEN, Shipment, ShipmentEvent, ShipmentLine
from shop.orders.shipment_models import ShipmentState as State

GRADES = {
    State.PACKING: "info",
    State.PACKED: "info",
    State.SHIPPED: "primary",
    State.DELIVERED: "success",
    State.DROPPED: "",
}
CARRIAGE = ("carrier_code", "carrier", "service", "tracking_number")
REFUSALS = (FulfilmentError, BadTrackingNumber, StockError, actions.NotLicensed)
CUSTOMS = (
    ("commercial_invoice", _("Commercial invoice")),
    ("postal_form", _("CN22/CN23")),
    ("customs_data", _("Data")),
)


class PieceRows(ReadOnlyRows):
    """What is in the parcel."""

    model = ShipmentLine
    fields = readonly_fields = ["sku", "name", "quantity", "pieces"]
    verbose_name_plural = _("Contents")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Read the pieces along."""
        return super().get_queryset(request).select_related("order_line").prefetch_related("parts__allotment__item")

    @display(description=_("SKU"))
    def sku(self, line: ShipmentLine) -> str:
        return line.order_line.sku

    @display(description=_("Name"))
    def name(self, line: ShipmentLine) -> str:
        return f"{line.order_line.name} {line.order_line.option}".strip()

    @display(description=_("Pieces"))
    def pieces(self, line: ShipmentLine) -> SafeString:
        return lines_of(
            f"{part.quantity} × {part.allotment.item.sku} · {part.allotment.item.description}"
            for part in line.parts.all()
        )


class ParcelEventRows(ReadOnlyRows):
    """The parcel's life so far."""

    model = ShipmentEvent
    fields = readonly_fields = ["created_at", "move", "actor", "cause"]
    verbose_name_plural = _("Timeline")

    @display(description=_("Move"))
    def move(self, event: ShipmentEvent) -> str:
        names = dict(State.choices)
        to_state = names.get(event.to_state, event.to_state)
        return f"{names.get(event.from_state, event.from_state)} → {to_state}" if event.from_state else str(to_state)


class NewsFilter(DropdownFilter):
    """Parcels that a person should ask the carrier about."""

    title = _("news")
    parameter_name = "news"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("none", _("None for too long"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        if self.value() == "none":
            return queryset.filter(pk__in=actions.without_news().values("pk"))
        return queryset


@admin.register(Shipment)
class ShipmentAdmin(PackPage, ReadOnlyDoor):
    """Parcels of every order."""

    list_display = ["number", "order_number", "state_label", "warehouse", "carried_by", "weight", "shipped_at"]
    list_select_related = ["order", "warehouse"]
    list_filter = [
        ("state", ChoicesDropdownFilter),
        NewsFilter,
        ("warehouse", RelatedDropdownFilter),
        ("shipped_at", RangeDateTimeFilter),
    ]
    search_fields = ["number", "tracking_number", "order__number"]
    search_help_text = _("Parcel, order or tracking number")
    ordering = ["-created_at"]
    inlines = [PieceRows, ParcelEventRows]
    actions = ["deliver_chosen"]
    actions_detail = ["ship", "label", "weigh", "deliver", "drop"]
    fieldsets = [
        (None, {"fields": [("number", "state_label"), ("order_page", "warehouse"), "left_to_pack"]}),
        (_("Carrier"), {"fields": [("carrier", "service"), ("tracking",)]}),
        (_("Weight and measures"), {"fields": [("weight", "box")]}),
        (_("Where it goes"), {"fields": ["address", "customs_papers"]}),
        (_("Dates"), {"fields": [("created_at", "packed_at"), ("shipped_at", "delivered_at")]}),
    ]
    readonly_fields = [
        "state_label", "order_page", "left_to_pack", "tracking", "weight", "box", "address", "customs_papers",
    ]  # fmt: skip

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Show what can be done with the parcel as it stands."""
        allowed: list[Any] = super().get_actions_detail(request, object_id)
        parcel = self.get_object(request, str(object_id))
        state = parcel.state if parcel else ""
        fitting = {
            "ship": state == State.PACKED,
            "weigh": state in OPEN,
            "drop": state in OPEN,
            "deliver": state == State.SHIPPED,
            "label": state != State.DROPPED,
        }
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [one for one in allowed if fitting.get(one.action_name.removeprefix(prefix), True)]

    @display(description=_("state"), ordering="state")
    def state_label(self, parcel: Shipment) -> SafeString:
        return badge(GRADES[State(parcel.state)], parcel.get_state_display())

    @display(description=_("order"), ordering="order__number")
    def order_number(self, parcel: Shipment) -> str:
        return parcel.order.number

    @display(description=_("order"))
    def order_page(self, parcel: Shipment) -> SafeString:
        return order_link(parcel.order)

    @display(description=_("carrier"), ordering="carrier")
    def carried_by(self, parcel: Shipment) -> str:
        return " · ".join(part for part in (parcel.carrier, parcel.tracking_number) if part) or "–"

    @display(description=_("weight"), ordering="weight_g")
    def weight(self, parcel: Shipment) -> str:
        return f"{parcel.weight_g:,} g" if parcel.weight_g else "–"

    @display(description=_("box"))
    def box(self, parcel: Shipment) -> str:
        sides = [getattr(parcel, side) for side in BOX]
        return f"{' × '.join(map(str, sides))} cm" if all(sides) else "–"

    @display(description=_("tracking"))
    def tracking(self, parcel: Shipment) -> str:
        if not parcel.tracking_url:
            return parcel.tracking_number or "–"
        return format_html(
            '<a class="text-link" href="{}" rel="noopener noreferrer">{}</a>',
            parcel.tracking_url,
            parcel.tracking_number,
        )

    @display(description=_("address"))
    def address(self, parcel: Shipment) -> SafeString:
        return lines_of(wording.address(parcel.order.ship_to))

    @display(description=_("customs papers"))
    def customs_papers(self, parcel: Shipment) -> SafeString:
        if parcel.state == State.DROPPED or not crosses_border(parcel.order):
            return SafeString("–")
        return format_html_join(
            " · ",
            '<a class="text-link" href="{}?parcel={}">{}</a>',
            (
                (reverse(f"admin:shop_order_{name}", args=[parcel.order_id]), parcel.number, title)
                for name, title in CUSTOMS
            ),
        )

    @display(description=_("left to pack"))
    def left_to_pack(self, parcel: Shipment) -> SafeString:
        places = parcel.order.lines.filter(allotments__isnull=False).values_list(
            "allotments__warehouse__code", "allotments__quantity", "allotments__packed", "allotments__cancelled"
        )
        left: dict[str, int] = {}
        for code, quantity, packed, cancelled in places:
            left[code] = left.get(code, 0) + quantity - packed - cancelled
        return format_html_join(
            " · ",
            '<a class="text-link" href="{}">{}</a>',
            (
                (reverse("admin:shop_shipment_pack", args=[parcel.order_id, code]), f"{units} in {code}")
                for code, units in sorted(left.items())
                if units
            ),
        ) or SafeString("–")

    # --- Actions ----------------------------------------------------------------------------------------------------

    @action(description=_("Label (PDF)"), url_path="label", icon="label", permissions=["view"])
    def label(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The address label, to be printed and stuck on."""
        parcel = self.row_or_404(request, object_id)
        try:
            content = papers.label(parcel, on=timezone.localdate(parcel.packed_at or parcel.created_at))
        except papers.NoLabel as refused:
            messages.error(request, str(refused))
            return redirect("admin:shop_shipment_change", parcel.pk)
        return pdf(content, name=f"label-{parcel.number}")

    @action(description=_("Weight and measures"), url_path="weigh", icon="scale", permissions=["act"], dialog=WEIGH)
    def weigh(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        """Close the box, or weigh again."""

        def verb(parcel: Shipment) -> str:
            told = form.cleaned_data
            actions.weigh(
                shipment_id=parcel.pk,
                weight_g=told["weight_g"],
                box_cm=form.box_cm,
                actor=actor(request),
                cause=CAUSE,
            )
            return str(
                _("Parcel %(number)s weighs %(weight)d g.") % {"number": parcel.number, "weight": told["weight_g"]}
            )

        return self._do(request, object_id, verb)

    @action(
        description=_("Ship"),
        url_path="ship",
        icon="local_shipping",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=SHIP,
    )
    def ship(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        """The carrier has it."""

        def verb(parcel: Shipment) -> str:
            told = {name: form.cleaned_data[name] for name in CARRIAGE}
            actions.ship(shipment_id=parcel.pk, actor=actor(request), cause=CAUSE, **told)
            return str(_("Parcel %(number)s has left.") % {"number": parcel.number})

        return self._do(request, object_id, verb)

    @action(
        description=_("Mark delivered"),
        url_path="mark-delivered",
        icon="task_alt",
        permissions=["act"],
        dialog=DELIVERED,
    )
    def deliver(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:  # noqa: ARG002
        """The buyer has it."""

        def verb(parcel: Shipment) -> str:
            actions.mark_delivered(shipment_id=parcel.pk, actor=actor(request), cause=CAUSE)
            return str(_("Parcel %(number)s is delivered.") % {"number": parcel.number})

        return self._do(request, object_id, verb)

    @action(description=_("Drop"), url_path="drop", icon="unarchive", permissions=["act"], dialog=DROP)
    def drop(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:  # noqa: ARG002
        """Take it apart."""

        def verb(parcel: Shipment) -> str:
            actions.drop_parcel(shipment_id=parcel.pk, actor=actor(request), cause=CAUSE)
            return str(_("Parcel %(number)s is taken apart.") % {"number": parcel.number})

        return self._do(request, object_id, verb)

    @admin.action(description=_("Mark delivered"), permissions=["act"])
    def deliver_chosen(self, request: HttpRequest, parcels: QuerySet) -> None:
        """The buyers have them."""
        for parcel in parcels.filter(state__in=LEFT):
            attempt(request, partial(self._delivered, request, parcel), refusals=REFUSALS)

    @staticmethod
    def _delivered(request: HttpRequest, parcel: Shipment) -> str:
        actions.mark_delivered(shipment_id=parcel.pk, actor=actor(request), cause=CAUSE)
        return str(_("Parcel %(number)s is delivered.") % {"number": parcel.number})

    def _do(self, request: HttpRequest, object_id: str, verb: Callable[[Shipment], str]) -> HttpResponse:
        parcel = self.row_or_404(request, object_id)
        attempt(request, lambda: verb(parcel), refusals=REFUSALS)
        return done(request, Shipment, object_id)
