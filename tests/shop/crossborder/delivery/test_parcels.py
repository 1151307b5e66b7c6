"""Parcels: every unit is in one, none is over the limits, and the same goods always pack alike."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.delivery.goods import Goods, Reason, Refusal
from shop.crossborder.delivery.parcels import Limits, length_plus_girth, misfits, split, volumetric_g

LIMITS = Limits(max_weight_g=20_000, max_side_mm=1200, max_girth_mm=3000, divisor=5000)
side = st.integers(1, 600)
lines = st.lists(
    st.builds(
        Goods,
        sku=st.sampled_from("ABCDEFGHIJ"),
        quantity=st.integers(1, 40),
        weight_g=st.integers(1, 20_000),
        sides_mm=st.none() | st.tuples(side, side, side),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one.sku,
)


@given(lines)
def test_every_unit_is_in_a_parcel_and_no_parcel_is_over_the_limits(goods):
    parcels = split(goods, LIMITS)
    packed = Counter()
    for parcel in parcels:
        packed.update(parcel.units)
        assert parcel.weight_g <= LIMITS.max_weight_g
        assert max(parcel.sides) <= LIMITS.max_side_mm
        assert length_plus_girth(parcel.sides) <= LIMITS.max_girth_mm
        assert parcel.chargeable_g == max(parcel.weight_g, parcel.volumetric_g)
    assert packed == {one.sku: one.quantity for one in goods}
    assert sum(one.weight_g for one in parcels) == sum(one.weight_g * one.quantity for one in goods)


@given(lines, st.randoms())
def test_the_order_of_lines_changes_nothing(goods, random):
    shuffled = list(goods)
    random.shuffle(shuffled)
    assert split(shuffled, LIMITS) == split(goods, LIMITS)


@given(lines)
def test_no_more_parcels_than_one_for_each_unit_and_one_where_nothing_limits(goods):
    assert len(split(goods, LIMITS)) <= sum(one.quantity for one in goods)
    assert len(split(goods, Limits())) == 1


@pytest.mark.parametrize(("weight", "parcels"), [(10_000, 1), (10_001, 2)])
def test_both_sides_of_the_weight_limit(weight, parcels):
    assert len(split([Goods("A", 2, weight)], LIMITS)) == parcels


@pytest.mark.parametrize(
    ("goods", "refusal"),
    [
        (Goods("A", 1, 20_000), None),
        (Goods("A", 1, 20_001), Refusal.TOO_HEAVY),
        (Goods("A", 1, 1, (10, 1200, 10)), None),
        (Goods("A", 1, 1, (10, 1201, 10)), Refusal.TOO_LARGE),
        (Goods("A", 1, 1, (1000, 500, 500)), None),
        (Goods("A", 1, 1, (1000, 501, 500)), Refusal.TOO_LARGE),
    ],
)
def test_a_unit_that_is_too_much_is_refused_by_name(goods, refusal):
    assert misfits([goods], LIMITS) == ([Reason(refusal, skus=("A",))] if refusal else [])
    if refusal:
        with pytest.raises(ValueError, match=str(refusal)):
            split([goods], LIMITS)


def test_light_units_go_where_a_heavy_one_left_room():
    found = split([Goods("LIGHT", 3, 4000), Goods("HEAVY", 2, 15_000)], LIMITS)
    assert [one.units for one in found] == [{"HEAVY": 1, "LIGHT": 1}, {"HEAVY": 1, "LIGHT": 1}, {"LIGHT": 1}]


@pytest.mark.parametrize(("mm3", "divisor", "grams"), [(5_000_000, 5000, 1000), (5_000_001, 5000, 1001), (9, 0, 0)])
def test_volume_is_rounded_up(mm3, divisor, grams):
    assert volumetric_g(mm3, divisor) == grams


@pytest.mark.parametrize("facts", [{"quantity": 0}, {"weight_g": 0}, {"sides_mm": (0, 1, 1)}])
def test_goods_without_units_weight_or_sides_are_refused(facts):
    with pytest.raises(ValueError, match="at least one"):
        Goods(**{"sku": "A", "quantity": 1, "weight_g": 1} | facts)
