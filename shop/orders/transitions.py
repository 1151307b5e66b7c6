"""Which state may follow which, and under which condition. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shop.orders.models import OrderState

# Money can still arrive for an order that nobody awaits any more: it is sold if the stock allows, sent back if not.
LATE_MONEY = frozenset({OrderState.PAID, OrderState.PAID_WITHOUT_STOCK})
ALLOWED: dict[str, frozenset[str]] = {
    OrderState.AWAITING_PAYMENT: LATE_MONEY | {OrderState.PAYMENT_FAILED, OrderState.EXPIRED, OrderState.CANCELLED},
    # A buyer whose payment failed may try again while the order's window lasts.
    OrderState.PAYMENT_FAILED: LATE_MONEY | {OrderState.AWAITING_PAYMENT, OrderState.EXPIRED, OrderState.CANCELLED},
    OrderState.EXPIRED: LATE_MONEY,
    OrderState.CANCELLED: frozenset({OrderState.PAID_WITHOUT_STOCK}),
    OrderState.PAID: frozenset(
        {OrderState.PICKING, OrderState.PARTLY_SHIPPED, OrderState.SHIPPED, OrderState.REFUNDED}
    ),
    # Back to paid: the pick list was dropped.
    OrderState.PICKING: frozenset(
        {OrderState.PAID, OrderState.PARTLY_SHIPPED, OrderState.SHIPPED, OrderState.REFUNDED}
    ),
    # Refunding what has not left makes an order whole that was shipped in part.
    OrderState.PARTLY_SHIPPED: frozenset({OrderState.SHIPPED}),
    OrderState.SHIPPED: frozenset({OrderState.DELIVERED, OrderState.COMPLETED, OrderState.RETURNED}),
    OrderState.DELIVERED: frozenset({OrderState.COMPLETED, OrderState.RETURNED}),
    # A guarantee outlives the period of withdrawal.
    OrderState.COMPLETED: frozenset({OrderState.RETURNED}),
    OrderState.PAID_WITHOUT_STOCK: frozenset({OrderState.REFUNDED}),
    OrderState.RETURNED: frozenset(),
    OrderState.REFUNDED: frozenset(),
}
# Paid for, and something of it may still leave.
TO_SHIP = (OrderState.PAID, OrderState.PICKING, OrderState.PARTLY_SHIPPED)
# Paid for and not sent back before it left.
SENT = (*TO_SHIP, OrderState.SHIPPED, OrderState.DELIVERED, OrderState.COMPLETED)


@dataclass(frozen=True)
class Facts:
    """What guards look at, as it stands while the order is locked. Counts of units and of parcels."""

    now: datetime
    paid_at: datetime | None
    expires_at: datetime | None
    left: int  # units that are neither cancelled nor gone
    gone: int  # parcels that have left
    open: int  # parcels that stand in the warehouse
    undelivered: int  # parcels that have left and are not known to have arrived
    completes_at: datetime | None  # None: nobody can tell yet


@dataclass(frozen=True)
class Guard:
    """A condition on a move, with what to say where it does not hold."""

    reason: str
    holds: Callable[[Facts], bool]


def _over(when: datetime | None, now: datetime) -> bool:
    return when is not None and when <= now


UNPAID = Guard("it is paid", lambda facts: facts.paid_at is None)
IN_TIME = Guard("its payment window is over", lambda facts: not _over(facts.expires_at, facts.now))
LAPSED = Guard("its payment window is not over", lambda facts: _over(facts.expires_at, facts.now))
NOTHING_LEFT = Guard("some of it is still to leave", lambda facts: facts.left == 0)
SOMETHING_LEFT = Guard("nothing is left to ship", lambda facts: facts.left > 0)
SOMETHING_GONE = Guard("no parcel has left", lambda facts: facts.gone > 0)
NOTHING_OPEN = Guard("a parcel stands packed; drop it first", lambda facts: facts.open == 0)
NOTHING_GONE = Guard("a parcel has left", lambda facts: facts.gone == 0)
ARRIVED = Guard("a parcel has not arrived yet", lambda facts: facts.undelivered == 0)
PERIOD_OVER = Guard("the period to withdraw is not over", lambda facts: _over(facts.completes_at, facts.now))

_GUARDS: Mapping[str, tuple[Guard, ...]] = {
    OrderState.PAYMENT_FAILED: (UNPAID,),
    OrderState.AWAITING_PAYMENT: (UNPAID, IN_TIME),
    OrderState.CANCELLED: (UNPAID,),
    OrderState.EXPIRED: (UNPAID, LAPSED),
    OrderState.PARTLY_SHIPPED: (SOMETHING_GONE, SOMETHING_LEFT),
    OrderState.SHIPPED: (SOMETHING_GONE, NOTHING_LEFT),
    OrderState.DELIVERED: (ARRIVED,),
    OrderState.COMPLETED: (PERIOD_OVER,),
    OrderState.REFUNDED: (NOTHING_OPEN, NOTHING_GONE),
}
_GUARDS_OF_MOVES: Mapping[tuple[str, str], tuple[Guard, ...]] = {
    (OrderState.PICKING, OrderState.PAID): (NOTHING_OPEN,),
}


class IllegalTransition(Exception):
    """The order cannot go from the one state to the other."""

    def __init__(self, number: str, from_state: str, to_state: str, reason: str = "") -> None:
        because = f": {reason}" if reason else ""
        super().__init__(f"Order {number} cannot go from {from_state} to {to_state}{because}.")


def guards(from_state: str, to_state: str) -> tuple[Guard, ...]:
    """Return the conditions of a move that the table has."""
    return (*_GUARDS.get(to_state, ()), *_GUARDS_OF_MOVES.get((from_state, to_state), ()))


def check(number: str, from_state: str, to_state: str, facts: Callable[[], Facts] | None = None) -> None:
    """Refuse a move that the table does not have, or whose guard does not hold; without ``facts`` guards are not asked.

    :raises IllegalTransition: naming the order, both states, and the guard's reason.
    """
    if to_state not in ALLOWED[from_state]:
        raise IllegalTransition(number, from_state, to_state)
    conditions = guards(from_state, to_state)
    if facts is None or not conditions:
        return
    known = facts()
    for guard in conditions:
        if not guard.holds(known):
            raise IllegalTransition(number, from_state, to_state, guard.reason)
