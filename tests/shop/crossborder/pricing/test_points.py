"""Rounding to price points, for any points and amounts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.pricing.points import PricePoints, Rounding, to_point

STEPS = [Decimal(step) for step in ("0.05", "0.5", "1", "10", "100", "1000")]


@st.composite
def some_points(draw) -> PricePoints:
    step = draw(st.sampled_from(STEPS))
    endings = draw(st.lists(st.integers(0, 99), min_size=1, max_size=4))
    return PricePoints(step, tuple(step * one / 100 for one in endings), draw(st.sampled_from(Rounding)))


amounts = st.decimals(min_value="0.0001", max_value="99999999", places=4)


@given(amounts, some_points())
def test_the_result_is_a_point_above_zero_within_a_step_and_stays(amount, points):
    found = to_point(amount, points)
    assert found in points
    assert found > 0
    assert abs(found - amount) <= points.step
    assert to_point(found, points) == found


@given(amounts, amounts, some_points())
def test_more_is_never_rounded_to_less(one, other, points):
    low, high = sorted((one, other))
    assert to_point(low, points) <= to_point(high, points)


@given(amounts, some_points())
def test_up_never_goes_down_and_nearest_is_nearest(amount, points):
    up = to_point(amount, PricePoints(points.step, points.endings, Rounding.UP))
    near = to_point(amount, PricePoints(points.step, points.endings, Rounding.NEAREST))
    assert up >= amount
    assert abs(near - amount) <= up - amount


@pytest.mark.parametrize(
    ("amount", "step", "endings", "rounding", "expected"),
    [
        ("18.47", "1", ("0", "0.95"), "nearest", "18"),
        ("18.475", "1", ("0", "0.95"), "nearest", "18.95"),  # half up
        ("18.96", "1", ("0", "0.95"), "nearest", "18.95"),
        ("18.96", "1", ("0", "0.95"), "up", "19"),
        ("18.95", "1", ("0", "0.95"), "up", "18.95"),
        ("3949.99", "100", ("0",), "nearest", "3900"),
        ("3950", "100", ("0",), "nearest", "4000"),
        ("0.01", "1000", ("0",), "nearest", "1000"),  # never free
        ("23.24", "1", ("0", "0.5"), "nearest", "23"),
        ("23.25", "1", ("0", "0.5"), "nearest", "23.5"),
    ],
)
def test_examples(amount, step, endings, rounding, expected):
    points = PricePoints(Decimal(step), tuple(map(Decimal, endings)), Rounding(rounding))
    assert to_point(Decimal(amount), points) == Decimal(expected)


@pytest.mark.parametrize(
    ("step", "endings"), [("0", ("0",)), ("-1", ("0",)), ("1", ()), ("1", ("1",)), ("1", ("-0.05",)), ("NaN", ("0",))]
)
def test_what_is_no_point_is_refused(step, endings):
    with pytest.raises((ValueError, ArithmeticError)):
        PricePoints(Decimal(step), tuple(map(Decimal, endings)))


@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "Infinity"])
def test_only_amounts_above_zero_are_rounded(amount):
    with pytest.raises(ValueError):
        to_point(Decimal(amount), PricePoints(Decimal(1), (Decimal(0),)))
