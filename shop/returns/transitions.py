"""Which state of a return may follow which. Pure."""

from shop.returns.models import ReturnState as State

ALLOWED: dict[str, frozenset[str]] = {
    # Closed: the shopper thought better of it, or nothing ever came.
    State.REQUESTED: frozenset({State.AUTHORISED, State.REFUSED, State.CLOSED}),
    State.AUTHORISED: frozenset({State.IN_TRANSIT, State.RECEIVED, State.CLOSED}),
    State.IN_TRANSIT: frozenset({State.RECEIVED, State.CLOSED}),
    # A person may think better of a refusal.
    State.REFUSED: frozenset({State.AUTHORISED}),
    State.RECEIVED: frozenset({State.INSPECTED}),
    State.INSPECTED: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
}
# Goods may still come for it.
EXPECTED = frozenset({State.AUTHORISED, State.IN_TRANSIT, State.RECEIVED})


class IllegalReturnMove(Exception):
    """The return cannot go from the one state to the other."""

    def __init__(self, number: str, from_state: str, to_state: str) -> None:
        super().__init__(f"Return {number} cannot go from {from_state} to {to_state}.")


def check(number: str, from_state: str, to_state: str) -> None:
    """Refuse a move that the table does not have.

    :raises IllegalReturnMove: naming the return and both states.
    """
    if to_state not in ALLOWED[from_state]:
        raise IllegalReturnMove(number, from_state, to_state)
