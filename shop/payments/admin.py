"""The pages of payments and Stripe's events; and of orders, which are shown with their payments."""

from django.contrib import admin
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, FieldTextFilter, RangeDateTimeFilter
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm

from config.admin_doors import ReadOnlyDoor, ReadOnlyRows, actor, attempt, badge, done, question
from shop.crossborder.money import display as money
from shop.orders.admin import CAUSE, EventRows, LineRows, OrderPages, order_link
from shop.orders.customs_pages import MENU
from shop.orders.documents.pages import DOCUMENTS_MENU
from shop.orders.models import Order
from shop.orders.transitions import IllegalTransition
from shop.payments import case_admin, dispute_admin, event_admin, refunding
from shop.payments.dispute_admin import DisputeRows
from shop.payments.gateway import NotConfigured
from shop.payments.models import Payment, Refund
from shop.payments.refund_admin import RefundByLine, RefundRows

__all__ = ["OrderAdmin", "PaymentAdmin", "case_admin", "dispute_admin", "event_admin"]

STATE_LABELS = {
    Payment.State.PENDING: "",
    Payment.State.OPEN: "info",
    Payment.State.PROCESSING: "info",
    Payment.State.SUCCEEDED: "success",
    Payment.State.FAILED: "warning",
    Payment.State.EXPIRED: "",
    Payment.State.SECOND: "danger",
    Payment.State.MISMATCH: "danger",
    Payment.State.REFUNDED: "warning",
}
REFUND = question(
    _("Refund in full"),
    _("The whole payment goes back to the buyer, the units go back on sale and royalties are reversed."),
    submit=_("Refund"),
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
class OrderAdmin(RefundByLine, OrderPages):
    """Orders with their payments."""

    inlines = [LineRows, PaymentRows, RefundRows, EventRows]
    actions_detail = ["ship", "refund_lines", "refund", "cancel", DOCUMENTS_MENU, MENU]
    actions_row = ["ship", "refund", "cancel"]

    @action(
        description=_("Refund in full"),
        url_path="refund-in-full",
        icon="currency_exchange",
        permissions=["refund"],
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

    list_display = ["created_at", "order_number", "attempt", "state_label", "sum", "sent_back", "kept"]
    list_filter = [("state", ChoicesDropdownFilter), ("currency", FieldTextFilter), ("created_at", RangeDateTimeFilter)]
    list_select_related = ["order"]
    inlines = [RefundRows, DisputeRows]
    search_fields = ["order__number", "session_id", "payment_intent"]
    search_help_text = _("Order number, session or payment intent")
    fieldsets = [
        (None, {"fields": [("order_page", "attempt", "state_label"), ("sum", "taken", "sent_back", "gone", "kept")]}),
        ("Stripe", {"fields": [("session_id", "payment_intent"), "last_error"]}),
        (_("Dates"), {"fields": [("created_at", "updated_at")]}),
    ]
    readonly_fields = ["order_page", "state_label", "sum", "taken", "sent_back", "gone", "kept"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Add what banks have taken back."""
        rows: QuerySet = super().get_queryset(request)
        summed: QuerySet = rows.annotate(withdrawn=Sum("disputes__withdrawn"))
        return summed

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

    @display(description=_("charged"))
    def taken(self, payment: Payment) -> str:
        return "–" if payment.charged is None else money(payment.charged, payment.charged_currency, "en")

    @display(description=_("taken back by a bank"))
    def gone(self, payment: Payment) -> str:
        withdrawn = payment.withdrawn  # type: ignore[attr-defined]
        return money(withdrawn, payment.charged_currency, "en") if withdrawn else "–"

    @display(description=_("kept"))
    def kept(self, payment: Payment) -> str:
        """What is here of it: charged, less what went back and what a bank took."""
        if payment.charged is None:
            return "–"
        withdrawn = payment.withdrawn or 0  # type: ignore[attr-defined]
        return money(payment.left - withdrawn, payment.charged_currency, "en")
