"""The verbs of payment. Stripe is called outside transactions; what it says is applied inside one, once."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import stripe
import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from shop.crossborder.money import to_minor
from shop.orders import actions as orders
from shop.orders.models import Order, OrderLine
from shop.payments import gateway, methods
from shop.payments.models import Payment, StripeEvent

log = structlog.get_logger("vitrine.payments")
# Stripe's shortest session is 30 minutes from its making; this leaves four to try again, and ends before the hold does.
SESSION_LIFE = timedelta(minutes=34)
STRIPE_LOCALES = {"en": "en-GB", "fr": "fr", "zh-hans": "zh", "ja": "ja"}


def prepare(*, order: Order) -> Payment:
    """Write the payment row that a session will be made for (inside the order's transaction)."""
    return Payment.objects.create(order=order, amount=order.total, currency=order.currency)


def payment_of(order: Order) -> Payment:
    """Return the order's latest payment attempt."""
    return order.payments.order_by("-attempt")[0]


def _session_params(payment: Payment) -> dict[str, Any]:
    order = payment.order
    currency = order.currency.lower()
    items: list[dict[str, Any]] = [_item(line, currency) for line in order.lines.all()]
    extras = [
        ("Delivery", order.shipping),
        ("Duty", order.duty),
        ("Fees", order.fees),
        ("Tax", order.tax - order.tax_in_prices),
    ]
    items += [
        {
            "quantity": 1,
            "price_data": {
                "currency": currency,
                "unit_amount": to_minor(amount, order.currency),
                "product_data": {"name": name},
            },
        }
        for name, amount in extras
        if amount
    ]
    page = f"{settings.SITE_URL}/orders/{order.token}/"
    params: dict[str, Any] = {
        "mode": "payment",
        "line_items": items,
        "client_reference_id": order.number,
        "metadata": {"order": order.number, "payment": str(payment.id)},
        "payment_intent_data": {"metadata": {"order": order.number, "payment": str(payment.id)}},
        "success_url": f"{page}?{urlencode({'from': 'payment'})}&session={{CHECKOUT_SESSION_ID}}",
        "cancel_url": page,
        "locale": STRIPE_LOCALES.get(order.language, "auto"),
        # From the attempt's own time: a request repeated later must be the same request, or Stripe refuses its key.
        "expires_at": int((payment.created_at + SESSION_LIFE).timestamp()),
    }
    if order.market:
        params |= methods.session_params(order.market.payment_methods, order.currency)
    if order.email:
        params["customer_email"] = order.email
    return params


def _item(line: OrderLine, currency: str) -> dict[str, Any]:
    """Return a line as Stripe shows it: by unit, or as one sum where something was taken off."""
    name = ", ".join(filter(None, (line.name, line.option)))
    whole = bool(line.discount)
    return {
        "quantity": 1 if whole else line.quantity,
        "price_data": {
            "currency": currency,
            "unit_amount": to_minor(line.amount if whole else line.unit_price, currency.upper()),
            "product_data": {
                "name": f"{line.quantity} × {name}" if whole and line.quantity > 1 else name,
                "metadata": {"sku": line.sku},
            },
        },
    }


def open_session(*, payment: Payment) -> Payment:
    """Create the Checkout Session for a payment that has none; on a network failure it stays pending for the sweep.

    The idempotency key is the payment's id, so a lost answer never makes a second session.
    """
    if payment.state != Payment.State.PENDING:
        return payment
    try:
        session = gateway.client().v1.checkout.sessions.create(
            params=_session_params(payment),  # type: ignore[arg-type]
            options={"idempotency_key": f"session:{payment.id}"},
        )
    except (stripe.StripeError, gateway.NotConfigured) as error:
        log.warning("no payment session yet", order=payment.order.number, error=str(error))
        return payment
    Payment.objects.filter(id=payment.id, state=Payment.State.PENDING).update(
        state=Payment.State.OPEN, session_id=session.id, url=session.url or "", updated_at=timezone.now()
    )
    payment.refresh_from_db()
    return payment


def apply_session(session: stripe.checkout.Session, *, cause: str) -> str:
    """Apply what a Checkout Session says now to its payment and order; return the outcome in words. Repeatable."""
    with transaction.atomic():
        payment = Payment.objects.select_for_update().filter(session_id=session.id).first()
        if payment is None:
            payment = _adopt(session)
        if payment is None:
            return "not ours"
        if session.payment_status == "paid":
            return _apply_paid(payment, session, cause=cause)
        if session.status == "expired" and payment.state in {Payment.State.PENDING, Payment.State.OPEN}:
            _set_state(payment, Payment.State.EXPIRED)
            return "session expired"
        return "nothing to do"


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


def _set_state(payment: Payment, state: str, **fields: Any) -> None:
    payment.state = state
    for name, value in fields.items():
        setattr(payment, name, value)
    payment.save(update_fields=["state", "updated_at", *fields])


def _apply_paid(payment: Payment, session: stripe.checkout.Session, *, cause: str) -> str:
    if payment.state in {Payment.State.SUCCEEDED, Payment.State.REFUNDED, Payment.State.MISMATCH}:
        return "applied before"
    intent = session.payment_intent
    intent_id = intent if isinstance(intent, str) else intent.id if intent else ""
    expected = (to_minor(payment.amount, payment.currency), payment.currency.lower())
    if (session.amount_total, session.currency) != expected:
        _set_state(payment, Payment.State.MISMATCH, payment_intent=intent_id)
        log.error(
            "amount mismatch",
            order=payment.order.number,
            expected=expected,
            paid=(session.amount_total, session.currency),
        )
        return "amount mismatch: needs a person"
    _set_state(payment, Payment.State.SUCCEEDED, payment_intent=intent_id)
    order = orders.mark_paid(order_id=payment.order_id, actor="stripe", cause=cause)
    return f"order {order.state}"


def receive_event(event: stripe.Event, *, account: str = "default") -> StripeEvent:
    """Write a verified event into the inbox once; personal data is left out, for processing fetches the object anew."""
    data = event.data.object.to_dict()
    row, created = StripeEvent.objects.get_or_create(
        account=account,
        event_id=event.id,
        defaults={
            "type": event.type,
            "object_id": str(data.get("id") or ""),
            "payload": {
                "id": event.id,
                "type": event.type,
                "created": event.created,
                "api_version": event.api_version,
                "livemode": event.livemode,
                "object": {"id": data.get("id"), "object": data.get("object")},
            },
            "due_at": timezone.now(),
        },
    )
    if not created:
        log.info("event seen before", stripe_event=event.id)
    return row


def process_event(*, event_row_id: int) -> str:
    """Process one inbox row: fetch the object from Stripe, apply it, mark the row. Repeating changes nothing.

    :raises stripe.StripeError: Stripe could not be asked; the row stays and the sweep tries again.
    """
    row = StripeEvent.objects.get(id=event_row_id)
    if row.processed_at:
        return row.outcome
    StripeEvent.objects.filter(id=row.id).update(
        attempts=F("attempts") + 1, due_at=timezone.now() + timedelta(seconds=min(2**row.attempts * 5, 3600))
    )
    if row.type.startswith("checkout.session."):
        try:
            session = gateway.client().v1.checkout.sessions.retrieve(row.object_id)
        except stripe.StripeError as error:
            StripeEvent.objects.filter(id=row.id).update(last_error=str(error)[:2000])
            raise
        outcome = apply_session(session, cause=f"stripe:{row.event_id}")
    else:
        outcome = "no action for this type"
    StripeEvent.objects.filter(id=row.id, processed_at=None).update(
        processed_at=timezone.now(), outcome=outcome[:120], last_error="", due_at=None
    )
    log.info("event processed", stripe_event=row.event_id, type=row.type, outcome=outcome)
    return outcome


def reconcile(*, payment_id: UUID) -> str:
    """Ask Stripe about an open session whose event never came, and apply the answer.

    :raises stripe.StripeError: Stripe could not be asked.
    """
    payment = Payment.objects.get(id=payment_id)
    if payment.state != Payment.State.OPEN or not payment.session_id:
        return "nothing to do"
    session = gateway.client().v1.checkout.sessions.retrieve(payment.session_id)
    return apply_session(session, cause="reconciliation")
