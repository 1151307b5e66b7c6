"""Which state may follow which. Pure."""

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


class IllegalTransition(Exception):
    """The order cannot go from the one state to the other."""

    def __init__(self, number: str, from_state: str, to_state: str) -> None:
        super().__init__(f"Order {number} cannot go from {from_state} to {to_state}.")


def check(number: str, from_state: str, to_state: str) -> None:
    """Refuse a move that the table does not have.

    :raises IllegalTransition: naming the order and both states.
    """
    if to_state not in ALLOWED[from_state]:
        raise IllegalTransition(number, from_state, to_state)
