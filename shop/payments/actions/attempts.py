"""Attempts to be paid: one row and one Checkout Session each, and never two that could be paid at once."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

import stripe
import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shop.orders import actions as orders
from shop.orders.models import Order, OrderState
from shop.payments import cases, gateway
from shop.payments.actions.outcomes import apply_session, end_session, fetch_session
from shop.payments.case_models import PaymentCase
from shop.payments.models import Payment
from shop.payments.session_params import SESSION_LIFE, session_params

log = structlog.get_logger("vitrine.payments")
State = Payment.State
UNPAID = (OrderState.AWAITING_PAYMENT, OrderState.PAYMENT_FAILED)
# The attempts that may still bring money: while there is one, there is no other.
WAITING = (State.PENDING, State.OPEN, State.PROCESSING)


def prepare(*, order: Order) -> Payment:
    """Write the payment row that a session will be made for (inside the order's transaction)."""
    return Payment.objects.create(order=order, amount=order.total, currency=order.currency)


def payment_of(order: Order) -> Payment:
    """Return the order's latest payment attempt."""
    return order.payments.order_by("-attempt")[0]


def open_session(*, payment: Payment) -> Payment:
    """Create the Checkout Session for a payment that has none; on a network failure it stays pending for the sweep.

    The idempotency key is the payment's id, so a lost answer never makes a second session. Where so much time was lost
    that the session would end too soon for Stripe, a new attempt takes over and is returned.
    """
    if payment.state != State.PENDING:
        return payment
    try:
        session = gateway.client().v1.checkout.sessions.create(
            params=session_params(payment), options={"idempotency_key": f"session:{payment.id}"}
        )
    except (stripe.InvalidRequestError, stripe.IdempotencyError) as error:
        return _refused(payment, error)
    except (stripe.StripeError, gateway.NotConfigured) as error:
        log.warning("no payment session yet", order=payment.order.number, error=str(error))
        return payment
    Payment.objects.filter(id=payment.id, state=State.PENDING).update(
        state=State.OPEN, session_id=session.id, url=session.url or "", updated_at=timezone.now()
    )
    payment.refresh_from_db()
    return payment


def _refused(payment: Payment, error: stripe.InvalidRequestError | stripe.IdempotencyError) -> Payment:
    """Stripe will never make this session: one that came too late is tried anew, any other is a person's case."""
    if error.http_status == HTTPStatus.CONFLICT:
        log.info("another request opens the session", order=payment.order.number)
        return payment
    said = (error.user_message or str(error))[:300]
    # A key used with other parameters: the market has changed meanwhile, and what was made with it is adopted if paid.
    late = not isinstance(error, stripe.InvalidRequestError) or error.param == "expires_at"
    with transaction.atomic():
        locked = Payment.objects.select_for_update().get(id=payment.id)
        if locked.state != State.PENDING:
            return locked
        locked.state, locked.last_error = (State.EXPIRED if late else State.FAILED), said
        locked.save(update_fields=["state", "last_error", "updated_at"])
        log.error("session refused", order=payment.order.number, error=said, late=late)
        if not late:
            cases.open_case(
                kind=PaymentCase.Kind.SESSION_REFUSED, cause_key=f"session:{payment.id}", payment=locked, facts=said
            )
            return locked
    following = try_again(order_id=payment.order_id, cause="the session was too late")
    return following or locked


def try_again(*, order_id: UUID, cause: str = "the buyer tries again") -> Payment | None:
    """Return the attempt that can be paid now, a new one where the last has failed or expired.

    None: the order is paid or over, waits for a bank, or its units have gone back. The units stay set aside until after
    the new session ends, as far as the last call allows. Stripe is asked about an open session before another is made.
    """
    latest = Payment.objects.filter(order_id=order_id).order_by("-attempt").first()
    if latest is None:
        return None
    if latest.state == State.OPEN and latest.session_id and _ends(latest) <= timezone.now():
        apply_session(fetch_session(latest.session_id), cause="the buyer tries again")
    renewed = _renew(order_id, cause)
    return open_session(payment=renewed) if renewed else None


def _ends(payment: Payment) -> datetime:
    return payment.created_at + SESSION_LIFE


@transaction.atomic
def _renew(order_id: UUID, cause: str) -> Payment | None:
    list(Payment.objects.select_for_update().filter(order_id=order_id).order_by("attempt"))
    order = Order.objects.select_for_update().get(id=order_id)
    # Read after the lock: somebody else may have begun an attempt meanwhile.
    attempts = list(order.payments.order_by("-attempt"))
    waiting = next((one for one in attempts if one.state in WAITING), None)
    if waiting:
        return None if waiting.state == State.PROCESSING or order.state not in UNPAID else waiting
    if order.state not in UNPAID or any(one.charged is not None for one in attempts):
        return None  # Money that is here is looked into by a person: the buyer is not asked for more.
    until = _extension(order)
    if until is None or not orders.await_payment_again(order_id=order_id, until=until, actor="shopper", cause=cause):
        return None
    return Payment.objects.create(
        order=order, attempt=attempts[0].attempt + 1, amount=order.total, currency=order.currency
    )


def _extension(order: Order) -> datetime | None:
    """Return until when the units stay for one more attempt; None: its time is over, or there were enough."""
    now = timezone.now()
    if order.expires_at is None or order.expires_at <= now:
        return None
    until = now + settings.PAYMENT_WINDOW
    if until > max(order.expires_at, order.placed_at + settings.PAYMENT_TRIES_LIMIT):
        return None
    return max(until, order.expires_at)


def replace_session(*, payment: Payment, cause: str) -> Payment | None:
    """End a session that is open at Stripe and begin another attempt; None as :func:`try_again`, or it was paid.

    :raises stripe.StripeError: Stripe could not be asked; nothing changed.
    """
    if payment.state == State.OPEN and payment.session_id:
        end_session(payment.session_id)
        apply_session(fetch_session(payment.session_id), cause=cause)
    return try_again(order_id=payment.order_id, cause=cause)
