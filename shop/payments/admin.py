"""The pages of payments and Stripe's events; and of orders, which are shown with their payments."""

from typing import Any

import stripe
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, FieldTextFilter, RangeDateTimeFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

from config.admin_doors import LongReadOnlyDoor, ReadOnlyDoor, ReadOnlyRows, actor, attempt, badge, done, question
from shop.crossborder.money import display as money
from shop.orders.admin import CAUSE, EventRows, LineRows, OrderPages, order_link
from shop.orders.customs_pages import MENU
from shop.orders.models import Order
from shop.orders.transitions import IllegalTransition
from shop.payments import actions, refunding
from shop.payments.gateway import NotConfigured
from shop.payments.models import Payment, Refund, StripeEvent

STATE_LABELS = {
    Payment.State.PENDING: "",
    Payment.State.OPEN: "info",
    Payment.State.SUCCEEDED: "success",
    Payment.State.EXPIRED: "",
    Payment.State.MISMATCH: "danger",
    Payment.State.REFUNDED: "warning",
}
REFUND = question(
    _("Refund in full"),
    _("The whole payment goes back to the buyer, the units go back on sale and royalties are reversed."),
    submit=_("Refund"),
)
PROCESS = question(
    _("Process again"), _("Stripe is asked for the object anew and its state is applied."), submit=_("Process")
)


class PaymentRows(ReadOnlyRows):
    """An order's attempts to be paid."""

    model = Payment
    fields = readonly_fields = ["attempt", "state", "sum", "sent_back", "payment_intent", "created_at"]
    verbose_name_plural = _("Payments")
    show_change_link = True
    hide_title = False

    @display(description=_("Amount"))
    def sum(self, payment: Payment) -> str:
        return money(payment.amount, payment.currency, "en")

    @display(description=_("Refunded"))
    def sent_back(self, payment: Payment) -> str:
        return money(payment.refunded, payment.currency, "en") if payment.refunded else "–"


@admin.register(Order)
class OrderAdmin(OrderPages):
    """Orders with their payments."""

    inlines = [LineRows, PaymentRows, EventRows]
    actions_detail = ["ship", "refund", "cancel", MENU]
    actions_row = ["ship", "refund", "cancel"]

    @action(
        description=_("Refund in full"),
        url_path="refund-in-full",
        icon="currency_exchange",
        permissions=["act"],
        dialog=REFUND,
    )
    def refund(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:  # noqa: ARG002
        """Send the whole payment back."""
        order = self.row_or_404(request, object_id)

        def verb() -> str:
            if not order.payments.exists():
                raise refunding.NotRefundable(
                    _("Order %(number)s was not paid through Stripe: refund it where it was paid (%(channel)s).")
                    % {"number": order.number, "channel": order.channel}
                )
            sent = refunding.refund_in_full(order_id=order.pk, actor=actor(request), cause=CAUSE)
            if sent.state == Refund.State.FAILED:
                raise refunding.NotRefundable(_("Stripe did not refund: %(said)s") % {"said": sent.last_error})
            if sent.state == Refund.State.PENDING:
                return str(
                    _("Order %(number)s: the refund is on its way; Stripe has not confirmed it yet.")
                    % {"number": order.number}
                )
            return str(_("Order %(number)s is refunded.") % {"number": order.number})

        attempt(request, verb, refusals=(IllegalTransition, refunding.NotRefundable, NotConfigured))
        return done(request, Order, object_id)


@admin.register(Payment)
class PaymentAdmin(ReadOnlyDoor):
    """Attempts to be paid."""

    list_display = ["created_at", "order_number", "attempt", "state_label", "sum", "sent_back"]
    list_filter = [("state", ChoicesDropdownFilter), ("currency", FieldTextFilter), ("created_at", RangeDateTimeFilter)]
    list_select_related = ["order"]
    search_fields = ["order__number", "session_id", "payment_intent"]
    search_help_text = _("Order number, session or payment intent")
    fieldsets = [
        (None, {"fields": [("order_page", "attempt", "state_label"), ("sum", "sent_back")]}),
        ("Stripe", {"fields": [("session_id", "payment_intent")]}),
        (_("Dates"), {"fields": [("created_at", "updated_at")]}),
    ]
    readonly_fields = ["order_page", "state_label", "sum", "sent_back"]

    @display(description=_("order"), ordering="order__number")
    def order_number(self, payment: Payment) -> str:
        return payment.order.number

    @display(description=_("order"))
    def order_page(self, payment: Payment) -> SafeString:
        return order_link(payment.order)

    @display(description=_("state"), ordering="state")
    def state_label(self, payment: Payment) -> SafeString:
        return badge(STATE_LABELS[Payment.State(payment.state)], payment.get_state_display())

    @display(description=_("amount"), ordering="amount")
    def sum(self, payment: Payment) -> str:
        return money(payment.amount, payment.currency, "en")

    @display(description=_("refunded"), ordering="refunded")
    def sent_back(self, payment: Payment) -> str:
        return money(payment.refunded, payment.currency, "en") if payment.refunded else "–"


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

    list_display = ["received_at", "type", "object_id", "progress", "outcome", "attempts"]
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

    @display(description=_("progress"), ordering="processed_at")
    def progress(self, event: StripeEvent) -> SafeString:
        return badge("success", _("Processed")) if event.processed_at else badge("warning", _("Unprocessed"))

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
            return str(_("Outcome: %(outcome)s.") % {"outcome": actions.process_event(event_row_id=event.pk)})

        attempt(request, verb, refusals=(stripe.StripeError, NotConfigured))
        return done(request, StripeEvent, object_id)
