"""What a Checkout Session has come to: paid, with the bank, failed or expired; applied once, whatever comes twice."""

from datetime import datetime
from uuid import UUID

import stripe
import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shop.orders import actions as orders
from shop.orders.actions.moving import lock
from shop.orders.models import Order, OrderState
from shop.payments import cases, gateway
from shop.payments.case_models import PaymentCase
from shop.payments.models import Payment, Refund
from shop.payments.refunding import claim_whole
from shop.payments.stripe_amounts import from_stripe, to_stripe

log = structlog.get_logger("vitrine.payments")
State = Payment.State
# The states of an attempt whose money came: nothing a session says afterwards changes them.
TAKEN = frozenset({State.SUCCEEDED, State.REFUNDED, State.MISMATCH, State.SECOND})
CHARGED = [State.SUCCEEDED, State.REFUNDED]
WAITING = frozenset({OrderState.AWAITING_PAYMENT, OrderState.PAYMENT_FAILED})
UNPAID = frozenset({State.PENDING, State.OPEN, State.EXPIRED})


def fetch_session(session_id: str) -> stripe.checkout.Session:
    """Ask Stripe for a session as it is now, with its intent.

    :raises stripe.StripeError: Stripe could not be asked.
    """
    return gateway.client().v1.checkout.sessions.retrieve(session_id, params={"expand": ["payment_intent"]})


def reconcile(*, payment_id: UUID) -> str:
    """Ask Stripe about a session whose event never came, and apply the answer.

    :raises stripe.StripeError: Stripe could not be asked.
    """
    payment = Payment.objects.get(id=payment_id)
    if payment.state not in {State.OPEN, State.PROCESSING} or not payment.session_id:
        return "nothing to do"
    if payment.state == State.OPEN and payment.order.state not in {
        OrderState.AWAITING_PAYMENT,
        OrderState.PAYMENT_FAILED,
    }:
        end_session(payment.session_id)
    return apply_session(fetch_session(payment.session_id), cause="reconciliation")


def end_session(session_id: str) -> None:
    """End a session that is open at Stripe, so that nobody can pay it any more.

    :raises stripe.StripeError: Stripe could not be asked.
    """
    try:
        gateway.client().v1.checkout.sessions.expire(session_id)
    except stripe.InvalidRequestError as error:
        # It is complete or expired already: what it is now is asked next.
        log.info("session is not open", session=session_id, error=str(error))


def apply_session(session: stripe.checkout.Session, *, cause: str) -> str:
    """Apply what a Checkout Session says now to its payment and order; return the outcome in words. Repeatable."""
    intent = session.payment_intent if isinstance(session.payment_intent, stripe.PaymentIntent) else None
    with transaction.atomic():
        payment = Payment.objects.select_for_update().filter(session_id=session.id).first() or _adopt(session)
        if payment is None:
            return "not ours"
        order = lock(payment.order_id)
        if payment.state in TAKEN:
            return "applied before"
        if intent and payment.payment_intent != intent.id:
            payment.payment_intent = intent.id
            payment.save(update_fields=["payment_intent", "updated_at"])
        return _apply(payment, order, session, intent, cause=cause)


def _apply(
    payment: Payment,
    order: Order,
    session: stripe.checkout.Session,
    intent: stripe.PaymentIntent | None,
    *,
    cause: str,
) -> str:
    said = _said(intent)
    if session.payment_status == "paid":
        return _paid(payment, order, session, cause=cause)
    if session.status == "complete":
        refused = intent is not None and intent.status in {"requires_payment_method", "canceled"}
        return _failed(payment, order, said, cause=cause) if refused else _with_the_bank(payment, order)
    if session.status == "expired" and payment.state in {State.PENDING, State.OPEN}:
        _set_state(payment, State.EXPIRED)
        return "session expired"
    if said and payment.last_error != said:
        payment.last_error = said
        payment.save(update_fields=["last_error", "updated_at"])
        return "declined; the session is still open"
    return "nothing to do"


def _said(intent: stripe.PaymentIntent | None) -> str:
    error = intent.last_payment_error if intent else None
    return (error.message or error.code or "")[:300] if error else ""


def _adopt(session: stripe.checkout.Session) -> Payment | None:
    """Find the payment of a session whose creation we never heard back from."""
    metadata = session.metadata.to_dict() if session.metadata else {}
    reference = metadata.get("payment")
    if not reference:
        return None
    try:
        wanted = UUID(reference)
    except ValueError:
        return None
    payment = Payment.objects.select_for_update().filter(id=wanted, session_id=None).first()
    if payment:
        payment.session_id = session.id
        payment.url = session.url or ""
        payment.save(update_fields=["session_id", "url", "updated_at"])
    return payment


def _set_state(payment: Payment, state: str, **fields: object) -> None:
    payment.state = state
    for name, value in fields.items():
        setattr(payment, name, value)
    payment.save(update_fields=["state", "updated_at", *fields])


def last_call(order: Order) -> datetime:
    """Return until when an order may wait for money in all."""
    return order.placed_at + settings.PAYMENT_LAST_CALL


def _with_the_bank(payment: Payment, order: Order) -> str:
    """The buyer has done his part and the bank answers in days: the units stay set aside, up to a limit."""
    if payment.state not in UNPAID:
        return "nothing to do"
    if order.payments.filter(state__in=[State.PENDING, State.OPEN, State.PROCESSING]).exclude(id=payment.id).exists():
        # Another attempt is open beside this one: what the bank says is seen when it is paid, as a second charge.
        log.error("two attempts wait", order=order.number)
        return "another attempt waits"
    _set_state(payment, State.PROCESSING, last_error="")
    until = min(timezone.now() + settings.PAYMENT_PROCESSING_LIMIT, last_call(order))
    kept = orders.keep_waiting(order_id=order.id, until=until)
    log.info("payment is with the bank", order=order.number, until=until.isoformat(), kept=kept)
    return "with the bank" if kept else "with the bank; the units have gone back"


def _failed(payment: Payment, order: Order, said: str, *, cause: str) -> str:
    if payment.state not in {*UNPAID, State.PROCESSING}:
        return "nothing to do"
    _set_state(payment, State.FAILED, last_error=said)
    until = min(timezone.now() + settings.PAYMENT_RETRY_WINDOW, last_call(order))
    after = orders.mark_payment_failed(order_id=order.id, until=until, actor="stripe", cause=cause)
    log.warning("payment failed", order=order.number, error=said)
    return f"payment failed; order {after.state}"


def _paid(payment: Payment, order: Order, session: stripe.checkout.Session, *, cause: str) -> str:
    currency = (session.currency or "").upper()
    charged = from_stripe(session.amount_total or 0, currency)
    fields = {"charged": charged, "charged_currency": currency, "last_error": ""}
    if order.payments.filter(state__in=CHARGED).exclude(id=payment.id).exists():
        _set_state(payment, State.SECOND, **fields)
        return _second_charge(payment, order)
    if (session.amount_total, currency) != (to_stripe(payment.amount, payment.currency), payment.currency):
        _set_state(payment, State.MISMATCH, **fields)
        return _mismatch(payment, order)
    _set_state(payment, State.SUCCEEDED, **fields)
    late = order.state in {OrderState.EXPIRED, OrderState.CANCELLED}
    after = orders.mark_paid(order_id=order.id, actor="stripe", cause=cause)
    return f"order {after.state}" + (" after its time" if late else "")


def _second_charge(payment: Payment, order: Order) -> str:
    """The order was paid before: the second charge goes back by itself, and a person hears of it."""
    row = claim_whole(
        payment=payment,
        order=order,
        reason=Refund.Reason.SECOND_CHARGE,
        cause_key=f"second:{payment.id}",
        actor="stripe",
        note="The order was paid before.",
    )
    cases.open_case(
        kind=PaymentCase.Kind.SECOND_CHARGE,
        cause_key=f"second:{payment.id}",
        payment=payment,
        refund=row,
        facts=f"Attempt {payment.attempt} was charged {payment.charged} {payment.charged_currency} although the order "
        "is paid. It is being sent back.",
    )
    log.error("charged a second time", order=order.number, payment=str(payment.id))
    return "second charge: sent back"


def _mismatch(payment: Payment, order: Order) -> str:
    same = payment.charged_currency == payment.currency
    cases.open_case(
        kind=PaymentCase.Kind.AMOUNT if same else PaymentCase.Kind.CURRENCY,
        cause_key=f"mismatch:{payment.id}",
        payment=payment,
        facts=f"Asked for {payment.amount.normalize():f} {payment.currency}, paid "
        f"{(payment.charged or 0):f} {payment.charged_currency}.",
    )
    # Somebody has to look: the units wait for as long as they do for a buyer who tries again.
    orders.keep_waiting(order_id=order.id, until=min(timezone.now() + settings.PAYMENT_RETRY_WINDOW, last_call(order)))
    log.error("amount mismatch", order=order.number, payment=str(payment.id))
    return "amount mismatch: needs a person"
