"""What is said of stock, and of a product's variants together."""

from decimal import Decimal

import pytest

from shop.crossborder.models import StockState
from shop.crossborder.offering.standing import FEW, Standing, refused, stock_state, together


@pytest.mark.parametrize(
    ("units", "at_hand", "state", "left"),
    [
        (0, 0, StockState.SOLD_OUT, None),
        (-3, -3, StockState.SOLD_OUT, None),
        (4, 0, StockState.BACKORDER, None),
        (1, 1, StockState.FEW, 1),
        (9, 1, StockState.FEW, 1),
        (FEW, FEW, StockState.FEW, FEW),
        (FEW + 1, FEW + 1, StockState.IN_STOCK, None),
    ],
)
def test_state_of_stock(units: int, at_hand: int, state: StockState, left: int | None) -> None:
    assert stock_state(units=units, at_hand=at_hand) == (state, left)


def row(amount: str, state: StockState = StockState.IN_STOCK, left: int | None = None) -> Standing:
    return Standing(1, state > StockState.SOLD_OUT, "", Decimal(amount), None, 0, None, int(state), left)


def test_the_price_is_the_lowest_of_what_can_be_bought() -> None:
    whole = together(
        [(1, row("5.00", StockState.SOLD_OUT)), (2, row("9.00")), (3, row("7.00", StockState.FEW, 2))],
        languages=["en"],
        revision=4,
    )
    assert whole is not None
    assert (whole.variant_id, whole.amount, whole.several_prices) == (3, Decimal("7.00"), True)
    assert (whole.state, whole.left) == (StockState.IN_STOCK, None)


def test_of_few_the_units_of_all_count() -> None:
    whole = together(
        [(1, row("5.00", StockState.FEW, 2)), (2, row("5.00", StockState.FEW, 1))], languages=["en"], revision=1
    )
    assert whole is not None
    assert (whole.state, whole.left, whole.several_prices) == (StockState.FEW, 3, False)


def test_all_sold_out_still_has_a_price() -> None:
    whole = together([(1, row("5.00", StockState.SOLD_OUT))], languages=["en"], revision=1)
    assert whole is not None
    assert (whole.amount, whole.state) == (Decimal("5.00"), StockState.SOLD_OUT)


def test_nothing_offered_is_no_row() -> None:
    assert together([(1, refused(product_id=1, refusal="no_price"))], languages=["en"], revision=1) is None
    assert together([], languages=["en"], revision=1) is None
