"""The verbs of payment. Stripe is called outside transactions; what it says is applied inside one, once.

Locks are taken payment first, then order, as everywhere in this room.
"""

from shop.payments.actions.attempts import open_session, payment_of, prepare, try_again
from shop.payments.actions.disputes import apply_dispute
from shop.payments.actions.inbox import process_event, receive_event
from shop.payments.actions.outcomes import apply_session, reconcile
from shop.payments.actions.refunds_seen import apply_refund

__all__ = [
    "apply_dispute",
    "apply_refund",
    "apply_session",
    "open_session",
    "payment_of",
    "prepare",
    "process_event",
    "receive_event",
    "reconcile",
    "try_again",
]
