"""Which state may follow which. Pure."""

from shop.orders.models import OrderState

ALLOWED: dict[str, frozenset[str]] = {
    OrderState.AWAITING_PAYMENT: frozenset(
        {OrderState.PAID, OrderState.PAID_WITHOUT_STOCK, OrderState.EXPIRED, OrderState.CANCELLED}
    ),
    # Money can still arrive for an order that has expired: it is sold if the stock allows, refunded if not.
    OrderState.EXPIRED: frozenset({OrderState.PAID, OrderState.PAID_WITHOUT_STOCK}),
    OrderState.CANCELLED: frozenset({OrderState.PAID_WITHOUT_STOCK}),
    OrderState.PAID: frozenset({OrderState.SHIPPED, OrderState.REFUNDED}),
    OrderState.PAID_WITHOUT_STOCK: frozenset({OrderState.REFUNDED}),
    OrderState.SHIPPED: frozenset(),
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
