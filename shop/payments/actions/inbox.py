"""The inbox of Stripe's events: written once, then processed by asking for the object anew, in whatever order."""

from collections.abc import Callable
from datetime import timedelta

import stripe
import structlog
from django.db.models import F
from django.utils import timezone

from shop.payments import gateway
from shop.payments.actions.disputes import apply_dispute
from shop.payments.actions.intents import apply_sessions_of
from shop.payments.actions.outcomes import apply_session, fetch_session
from shop.payments.actions.refunds_seen import apply_refund, apply_refunds_of_charge
from shop.payments.models import StripeEvent
from shop.payments.refunding import NotRefundable

log = structlog.get_logger("vitrine.payments")


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


def process_event(*, event_row_id: int, again: bool = False) -> str:
    """Process one inbox row: fetch the object from Stripe, apply it, mark the row. Repeating changes nothing.

    ``again`` asks and applies anew although the row was processed.

    :raises stripe.StripeError: Stripe could not be asked; the row stays and the sweep tries again.
    :raises shop.payments.refunding.NotRefundable: a refund of ours claims the same money still; likewise.
    """
    row = StripeEvent.objects.get(id=event_row_id)
    if row.processed_at and not again:
        return row.outcome
    StripeEvent.objects.filter(id=row.id).update(
        attempts=F("attempts") + 1, due_at=timezone.now() + timedelta(seconds=min(2**row.attempts * 5, 3600))
    )
    try:
        outcome = _handler(row.type)(row)
    except (stripe.StripeError, gateway.NotConfigured, NotRefundable) as error:
        StripeEvent.objects.filter(id=row.id).update(last_error=str(error)[:2000])
        raise
    StripeEvent.objects.filter(id=row.id).update(
        processed_at=timezone.now(), outcome=outcome[:120], last_error="", due_at=None
    )
    log.info("event processed", stripe_event=row.event_id, type=row.type, outcome=outcome)
    return outcome


def _handler(kind: str) -> Callable[[StripeEvent], str]:
    for beginning, handler in HANDLERS.items():
        if kind.startswith(beginning):
            return handler
    return _ignore


def _ignore(_row: StripeEvent) -> str:
    return "no action for this type"


def _session(row: StripeEvent) -> str:
    return apply_session(fetch_session(row.object_id), cause=f"stripe:{row.event_id}")


def _intent(row: StripeEvent) -> str:
    """An attempt to pay failed; what that means for the order, its session says."""
    return apply_sessions_of(row.object_id, cause=f"stripe:{row.event_id}")


def _refund(row: StripeEvent) -> str:
    return apply_refund(gateway.client().v1.refunds.retrieve(row.object_id), cause=f"stripe:{row.event_id}")


def _charge(row: StripeEvent) -> str:
    return apply_refunds_of_charge(row.object_id, cause=f"stripe:{row.event_id}")


def _dispute(row: StripeEvent) -> str:
    return apply_dispute(gateway.client().v1.disputes.retrieve(row.object_id), cause=f"stripe:{row.event_id}")


# The first beginning that fits decides.
HANDLERS: dict[str, Callable[[StripeEvent], str]] = {
    "checkout.session.": _session,
    "payment_intent.payment_failed": _intent,
    "charge.dispute.": _dispute,
    "charge.refund.": _refund,
    "charge.refunded": _charge,
    "refund.": _refund,
}
