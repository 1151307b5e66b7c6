"""Landed unit costs and weighted averages: worked by hand, then properties of any numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.replenishment.costing import GRAIN, landed_unit_costs, spread, weighted_average

D = Decimal
HALF = GRAIN / 2

money = st.decimals(min_value=0, max_value=10**7, places=2)
costs = st.decimals(min_value=0, max_value=10**5, places=4)
rates = st.decimals(min_value=D("0.0001"), max_value=1000, places=8)
pieces = st.integers(min_value=1, max_value=1_000_000)
orders = st.lists(st.tuples(pieces, costs), min_size=1, max_size=12)


# --- By hand --------------------------------------------------------------------------------------------------------


def test_charges_are_spread_by_the_value_of_the_goods():
    # 100 × 4.00 EUR × 0.85 = 340.00 GBP, 50 × 12.00 × 0.85 = 510.00; charges 85.00 are a tenth of 850.00.
    landed = landed_unit_costs([(100, D("4.00")), (50, D("12.00"))], rate=D("0.85"), charges=D("85.00"))
    assert landed == [D("3.7400"), D("11.2200")]


def test_yen_are_turned_into_pounds():
    # 24 × 1,800 JPY × 0.0052 = 224.64 GBP; with 36.00 freight 260.64; a piece 10.86.
    assert landed_unit_costs([(24, D(1800))], rate=D("0.0052"), charges=D("36.00")) == [D("10.8600")]


def test_no_charges_leave_the_price():
    assert landed_unit_costs([(7, D("1.2345"))], rate=D(1), charges=D(0)) == [D("1.2345")]


def test_free_goods_share_charges_by_units():
    assert landed_unit_costs([(30, D(0)), (10, D(0))], rate=D(1), charges=D("20")) == [D("0.5000"), D("0.5000")]


def test_free_goods_beside_paid_ones_bear_no_charges():
    assert landed_unit_costs([(10, D(0)), (10, D(5))], rate=D(1), charges=D("10")) == [D(0), D("6.0000")]


def test_thirds_go_to_the_first():
    assert spread(D("1.00"), [D(1), D(1), D(1)]) == [D("0.3334"), D("0.3333"), D("0.3333")]


def test_weights_of_nothing_are_equal_weights():
    assert spread(D("1.00"), [D(0), D(0)]) == [D("0.5"), D("0.5")]
    assert spread(D("1.00"), []) == []


@pytest.mark.parametrize(
    ("units_before", "average", "units_in", "cost", "expected"),
    [
        # (100 × 4.00 + 50 × 5.50) / 150 = 675 / 150
        (100, "4.0000", 50, "5.5000", "4.5000"),
        # (3 × 1.0000 + 4 × 2.0000) / 7 = 11 / 7 = 1.571428…
        (3, "1.0000", 4, "2.0000", "1.5714"),
        # half a grain is rounded up: (1 × 1.0000 + 1 × 1.0001) / 2 = 1.00005
        (1, "1.0000", 1, "1.0001", "1.0001"),
        # free goods thin the average: (10 × 6.00 + 20 × 0) / 30
        (10, "6.0000", 20, "0.0000", "2.0000"),
    ],
)
def test_the_average_by_hand(units_before, average, units_in, cost, expected):
    now = weighted_average(units_before=units_before, average_before=D(average), units_in=units_in, unit_cost=D(cost))
    assert now == D(expected)


@pytest.mark.parametrize(("units_before", "average"), [(0, "9.00"), (-5, "9.00"), (40, None)])
def test_what_was_there_without_units_or_without_cost_does_not_weigh(units_before, average):
    known = None if average is None else D(average)
    assert weighted_average(units_before=units_before, average_before=known, units_in=5, unit_cost=D(3)) == D(3)


def test_three_deliveries_in_a_row_by_hand():
    average = None
    there = 0
    told = [(40, "10.0000"), (60, "12.0000"), (25, "9.0000")]
    # 10; (400 + 720) / 100 = 11.2; (1,120 + 225) / 125 = 10.76
    for (units, cost), expected in zip(told, ["10.0000", "11.2000", "10.7600"], strict=True):
        average = weighted_average(units_before=there, average_before=average, units_in=units, unit_cost=D(cost))
        there += units
        assert average == D(expected)


# --- Of any numbers -------------------------------------------------------------------------------------------------


@given(charges=money, weights=st.lists(st.decimals(min_value=0, max_value=10**12, places=4), min_size=1, max_size=20))
def test_parts_sum_to_the_charges_exactly(charges, weights):
    parts = spread(charges, weights)
    assert sum(parts) == charges
    assert all(part >= 0 for part in parts)
    assert len(parts) == len(weights)


@given(charges=money, weights=st.lists(st.decimals(min_value=1, max_value=10**6, places=2), min_size=1, max_size=20))
def test_no_part_strays_from_its_share_by_more_than_a_grain(charges, weights):
    total = sum(weights)
    for part, weight in zip(spread(charges, weights), weights, strict=True):
        assert abs(part - charges * weight / total) < GRAIN + D("1e-12")


@given(lines=orders, rate=rates, charges=money)
def test_landed_value_is_what_was_paid_within_rounding(lines, rate, charges):
    landed = landed_unit_costs(lines, rate=rate, charges=charges)
    paid = sum(units * cost * rate for units, cost in lines) + charges
    kept = sum(units * cost for (units, _each), cost in zip(lines, landed, strict=True))
    # Half a grain a unit is what four places can lose.
    assert abs(kept - paid) <= HALF * sum(units for units, _cost in lines) + D("1e-8")


@given(lines=orders, rate=rates, charges=money)
def test_charges_never_make_goods_cheaper(lines, rate, charges):
    bare = landed_unit_costs(lines, rate=rate, charges=D(0))
    landed = landed_unit_costs(lines, rate=rate, charges=charges)
    assert all(after >= before for before, after in zip(bare, landed, strict=True))


@given(before=pieces, average=costs, units_in=pieces, cost=costs)
def test_the_average_lies_between_the_old_and_the_new_cost(before, average, units_in, cost):
    now = weighted_average(units_before=before, average_before=average, units_in=units_in, unit_cost=cost)
    assert min(average, cost) <= now <= max(average, cost)


@given(before=pieces, average=costs, units_in=pieces, cost=costs)
def test_value_is_conserved_within_rounding(before, average, units_in, cost):
    now = weighted_average(units_before=before, average_before=average, units_in=units_in, unit_cost=cost)
    value = before * average + units_in * cost
    assert abs(now * (before + units_in) - value) <= HALF * (before + units_in) + D("1e-8")


@given(before=pieces, average=costs, units_in=pieces)
def test_a_delivery_at_the_average_does_not_move_it(before, average, units_in):
    assert (
        weighted_average(units_before=before, average_before=average, units_in=units_in, unit_cost=average) == average
    )
