"""Finding the payment that an intent belongs to, also where its session's event has not been processed yet."""

from shop.payments import gateway
from shop.payments.actions.outcomes import apply_session, fetch_session
from shop.payments.models import Payment


def apply_sessions_of(intent_id: str, *, cause: str) -> str:
    """Ask Stripe for the session of an intent and apply it; return the outcome in words.

    :raises stripe.StripeError: Stripe could not be asked.
    """
    found = gateway.client().v1.checkout.sessions.list(params={"payment_intent": intent_id, "limit": 1})
    for session in found.data:
        return apply_session(fetch_session(session.id), cause=cause)
    return "not ours"


def payment_of_intent(intent_id: str, *, cause: str) -> Payment | None:
    """Return the payment that was charged by an intent, or None: it is not ours.

    :raises stripe.StripeError: Stripe could not be asked.
    """
    charged = Payment.objects.filter(payment_intent=intent_id, charged__isnull=False)
    payment = charged.first()
    if payment is None and intent_id:
        apply_sessions_of(intent_id, cause=cause)
        payment = charged.first()
    return payment
