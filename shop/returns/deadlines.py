"""By which day somebody has to act on a return. Pure.

The law's days count from the shopper's word or from the goods (``protections.withdrawal``). Where they count from her
word, the trader may still wait for the goods or for proof that they were sent (Directive 2011/83/EU, article 13(3)).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from shop.crossborder.protections.withdrawal import refund_deadline
from shop.returns.models import ReturnRequest, ReturnState

ANSWER_DAYS = 3  # our own promise: a question that waits for a person
SHOP_REFUND_DAYS = 14  # our own promise where no law sets a time


def refund_by(country: str, *, asked_on: date, back_on: date | None) -> date | None:
    """Return the last day for the money to go back; None while we may wait.

    :param back_on: the day on which the goods came or were proven to be sent, whichever was first.
    """
    if back_on is None:
        return None
    by_law = refund_deadline(country, withdrawn_on=asked_on, returned_on=back_on)
    return max(by_law, back_on) if by_law else back_on + timedelta(days=SHOP_REFUND_DAYS)


@dataclass(frozen=True)
class Due:
    """The next day that counts, and what is due then."""

    on: date | None
    what: str


def next_due(state: str, *, asked_on: date, send_back_by: date | None, refund_by: date | None) -> Due:
    """Return what is due next of a return in this state."""
    what = ReturnRequest.Due
    match state:
        case ReturnState.REQUESTED:
            return Due(asked_on + timedelta(days=ANSWER_DAYS), what.ANSWER)
        case ReturnState.AUTHORISED | ReturnState.IN_TRANSIT:
            return Due(refund_by, what.REFUND) if refund_by else Due(send_back_by, what.GOODS)
        case ReturnState.RECEIVED:
            return Due(refund_by, what.INSPECT)
        case ReturnState.INSPECTED:
            return Due(refund_by, what.REFUND)
    return Due(None, what.NOTHING)
