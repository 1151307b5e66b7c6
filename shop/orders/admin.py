"""The pages of orders: read-only, moved by actions. The room of payments adds the money and registers them."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    FieldTextFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

from config.admin_doors import ReadOnlyDoor, ReadOnlyRows, actor, attempt, badge, done, question
from inventory.stock.errors import StockError
from shop.crossborder.money import display as money
from shop.orders import actions, wording
from shop.orders.customs_pages import MENU, CustomsPapers
from shop.orders.documents.pages import DOCUMENTS_MENU, OrderDocuments
from shop.orders.fulfilment import queries as fulfilment
from shop.orders.fulfilment.errors import FulfilmentError
from shop.orders.models import Order, OrderEvent, OrderLine, OrderState
from shop.orders.transitions import TO_SHIP, IllegalTransition

STATE_LABELS = {
    OrderState.AWAITING_PAYMENT: "info",
    OrderState.PAYMENT_FAILED: "warning",
    OrderState.PAID: "success",
    OrderState.PICKING: "info",
    OrderState.PARTLY_SHIPPED: "primary",
    OrderState.DELIVERED: "primary",
    OrderState.COMPLETED: "",
    OrderState.RETURNED: "warning",
    OrderState.PAID_WITHOUT_STOCK: "danger",
    OrderState.REFUNDED: "warning",
    OrderState.EXPIRED: "",
    OrderState.CANCELLED: "",
    OrderState.SHIPPED: "primary",
}
SHIP = question(
    _("Ship all that is left"),
    _("One parcel from each warehouse, with the weights of the variants: for orders that nobody packs at a desk."),
    submit=_("Ship all"),
)
CANCEL = question(
    _("Cancel unpaid order"),
    _("Nobody has paid: the order ends and its units go back on sale."),
    submit=_("Cancel order"),
)
CAUSE = "by hand in the admin"
UNPAID = (OrderState.AWAITING_PAYMENT, OrderState.PAYMENT_FAILED)


def lines_of(texts: Iterable[Any]) -> SafeString:
    """Return texts under each other, escaped."""
    return format_html_join("", "<div>{}</div>", ((text,) for text in texts)) or SafeString("–")


def order_link(order: Order) -> SafeString:
    """Return a link to an order's page."""
    page = reverse("admin:shop_order_change", args=[order.pk])
    return format_html('<a class="text-link" href="{}">{}</a>', page, order.number)


class LineRows(ReadOnlyRows):
    """What was sold."""

    model = OrderLine
    fields = readonly_fields = ["sku", "name", "quantity", "each", "sum", "tax_share", "royalty"]
    verbose_name_plural = _("Lines")

    @display(description=_("Unit price"))
    def each(self, line: OrderLine) -> str:
        return money(line.unit_price, line.order.currency, "en")

    @display(description=_("Amount"))
    def sum(self, line: OrderLine) -> str:
        return money(line.amount, line.order.currency, "en")

    @display(description=_("Tax"))
    def tax_share(self, line: OrderLine) -> str:
        rate = "" if line.tax_rate is None else f" ({wording.percent(line.tax_rate)})"
        return money(line.tax, line.order.currency, "en") + rate

    @display(description=_("Royalty"))
    def royalty(self, line: OrderLine) -> str:
        return wording.royalty(line.royalty_terms)


class EventRows(ReadOnlyRows):
    """The order's life so far."""

    model = OrderEvent
    fields = readonly_fields = ["created_at", "move", "actor", "cause"]
    verbose_name_plural = _("Timeline")

    @display(description=_("Move"))
    def move(self, event: OrderEvent) -> str:
        names = dict(OrderState.choices)
        to_state = names.get(event.to_state, event.to_state)
        return f"{names.get(event.from_state, event.from_state)} → {to_state}" if event.from_state else str(to_state)


class OrderPages(CustomsPapers, OrderDocuments, ReadOnlyDoor):
    """Orders of every channel."""

    list_display = ["number", "state_label", "channel", "country", "amount", "placed_at"]
    list_filter = [
        ("state", ChoicesDropdownFilter),
        ("channel", FieldTextFilter),
        ("market", RelatedDropdownFilter),
        ("placed_at", RangeDateTimeFilter),
        ("paid_at", RangeDateTimeFilter),
    ]
    search_fields = ["number", "email", "lines__sku"]
    search_help_text = _("Number, e-mail or SKU")
    inlines = [LineRows, EventRows]
    actions_detail = ["ship", "cancel", DOCUMENTS_MENU, MENU]
    actions_row = ["ship", "cancel"]
    fieldsets = [
        (None, {"fields": [("number", "state_label", "channel", "channel_order_link")]}),
        (_("Dates"), {"fields": [("placed_at", "paid_at", "expires_at", "completes_at")]}),
        (_("Parcels"), {"fields": [("parcels", "to_pack")]}),
        (
            _("Buyer"),
            {"fields": [("email", "language", "market"), ("delivery", "shipping_option"), "customs_identity"]},
        ),
        (_("Gift and note"), {"fields": [("gift_wrap", "gift_message"), "note"]}),
        (_("Money"), {"fields": [("goods_text", "shipping_text", "tax_text", "amount"), "documents", "explanation"]}),
    ]
    readonly_fields = [
        "state_label",
        "channel_order_link",
        "parcels",
        "to_pack",
        "delivery",
        "customs_identity",
        "goods_text",
        "shipping_text",
        "tax_text",
        "amount",
        "documents",
        "explanation",
    ]

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Leave out what the order's state allows no more."""
        offered: list[Any] = super().get_actions_detail(request, object_id)
        order = self.get_object(request, str(object_id))
        state = order.state if order else ""
        fits = {"ship": state in TO_SHIP, "cancel": state in UNPAID}
        return [one for one in offered if fits.get(getattr(one, "action_name", "").rpartition("_")[2], True)]

    @display(description=_("state"), ordering="state")
    def state_label(self, order: Order) -> SafeString:
        return badge(STATE_LABELS[OrderState(order.state)], order.get_state_display())

    @display(description=_("total"), ordering="total")
    def amount(self, order: Order) -> str:
        return money(order.total, order.currency, "en")

    @display(description=_("goods"))
    def goods_text(self, order: Order) -> str:
        return money(order.goods, order.currency, "en")

    @display(description=_("delivery"))
    def shipping_text(self, order: Order) -> str:
        return money(order.shipping, order.currency, "en")

    @display(description=_("tax"))
    def tax_text(self, order: Order) -> str:
        return money(order.tax, order.currency, "en")

    @display(description=_("ship to"))
    def delivery(self, order: Order) -> SafeString:
        return lines_of(wording.address(order.ship_to))

    @display(description=_("parcels"))
    def parcels(self, order: Order) -> SafeString:
        rows = (
            (reverse("admin:shop_shipment_change", args=[one.pk]), one.number, one.get_state_display().lower())
            for one in order.shipments.order_by("serial")
        )
        return format_html_join("", '<div><a class="text-link" href="{}">{}</a> {}</div>', rows) or SafeString("–")

    @display(description=_("left to pack"))
    def to_pack(self, order: Order) -> SafeString:
        if order.state not in TO_SHIP:
            return SafeString("–")
        rows = (
            (reverse("admin:shop_shipment_pack", args=[order.pk, place.code]), f"{place.units} in {place.code}")
            for place in fulfilment.by_place(fulfilment.pieces([order]).get(order.pk, []))
        )
        return format_html_join("", '<div><a class="text-link" href="{}">{}</a></div>', rows) or SafeString("–")

    @display(description=_("identity for customs"))
    def customs_identity(self, order: Order) -> str:
        if order.identity is None:
            return "–"
        page = reverse("admin:shop_buyeridentity_change", args=[order.identity.pk])
        return format_html('<a class="text-link" href="{}">{}</a>', page, order.identity)

    @display(description=_("how the price was reached"))
    def explanation(self, order: Order) -> SafeString:
        return lines_of(wording.quote(order.quote))

    @display(description=_("channel order"))
    def channel_order_link(self, order: Order) -> str:
        try:
            row = order.channel_order
        except ObjectDoesNotExist:
            return "–"
        page = reverse("admin:shop_channelorder_change", args=[row.pk])
        return format_html('<a class="text-link" href="{}">{}</a>', page, row.external_id)

    @action(
        description=_("Ship all that is left"),
        url_path="mark-shipped",
        icon="local_shipping",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=SHIP,
    )
    def ship(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:  # noqa: ARG002
        """The parcel has left."""

        def verb() -> str:
            order = actions.mark_shipped(
                order_id=self.row_or_404(request, object_id).pk, actor=actor(request), cause=CAUSE
            )
            return str(_("Order %(number)s is shipped.") % {"number": order.number})

        attempt(request, verb, refusals=(IllegalTransition, FulfilmentError, StockError, actions.NotLicensed))
        return done(request, Order, object_id)

    @action(
        description=_("Cancel unpaid"),
        url_path="cancel-unpaid",
        icon="cancel",
        permissions=["act"],
        dialog=CANCEL,
    )
    def cancel(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:  # noqa: ARG002
        """Nobody has paid."""

        def verb() -> str:
            order = actions.cancel_unpaid(
                order_id=self.row_or_404(request, object_id).pk, actor=actor(request), cause=CAUSE
            )
            return str(_("Order %(number)s is cancelled.") % {"number": order.number})

        attempt(request, verb, refusals=(IllegalTransition, StockError))
        return done(request, Order, object_id)
