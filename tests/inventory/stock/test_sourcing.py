"""Which warehouse serves which line: hand-made cases, and what must be so of any plan."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.stock.sourcing import Offer, Parcels, Pick, Place, propose, rank

LONDON = Place(1, "GB", "own")
LILLE = Place(2, "FR", "own")
BERLIN = Place(3, "DE", "own")
NINGBO = Place(4, "CN", "bonded", ("CN",))
AGENT = Place(5, "GB", "third_party")
SHOP = Place(6, "GB", "shop")
EVERYWHERE = [SHOP, AGENT, NINGBO, BERLIN, LILLE, LONDON]


def offers(stock: dict[int, dict[int, int]]) -> list[Offer]:
    """Warehouse → item → units, as offers."""
    return [Offer(at * 100 + item, item, at, n) for at, items in stock.items() for item, n in items.items()]


@pytest.mark.parametrize(
    ("destination", "expected"),
    [
        pytest.param("GB", [1, 5, 6, 3, 2], id="home first, by kind, then the given order"),
        pytest.param("FR", [2, 3, 1, 5, 6], id="home, then the customs union, then elsewhere"),
        pytest.param("IT", [3, 2, 1, 5, 6], id="the union is nearer than London"),
        pytest.param("US", [3, 2, 1, 5, 6], id="all are far: by kind, then the given order"),
        pytest.param("CN", [4, 3, 2, 1, 5, 6], id="bonded for its market"),
    ],
)
def test_warehouses_are_ranked_by_nearness_then_kind_then_given_order(destination, expected):
    assert rank(EVERYWHERE, destination=destination) == expected


@pytest.mark.parametrize("destination", ["GB", "FR", "JP", "TW", "HK"])
def test_a_bonded_warehouse_serves_nobody_outside_its_market(destination):
    assert rank([NINGBO], destination=destination) == []


def test_a_bonded_warehouse_counts_as_being_in_its_market_wherever_it_lies():
    bonded = Place(7, "HK", "bonded", ("CN",))
    assert rank([LONDON, bonded], destination="CN") == [7, 1]


def test_a_foreign_warehouse_that_names_the_destination_is_still_farther_than_one_at_home():
    exporter = Place(8, "US", "own", ("US", "GB"))
    assert rank([exporter, LONDON], destination="GB") == [1, 8]


def test_no_warehouse_ranks_as_no_warehouse():
    assert rank([], destination="GB") == []


def test_the_preferred_warehouse_serves_alone_when_it_has_everything():
    assert propose(demand={10: 2, 11: 1}, offers=offers({1: {10: 2, 11: 1}, 2: {10: 9, 11: 9}}), warehouses=[1, 2]) == (
        [Pick(10, 1, 2), Pick(11, 1, 1)],
        set(),
    )


# Item 10: 3 in the first place, 1 in the second, 5 in the third. Item 11: nothing, 4, 1.
SPREAD = {1: {10: 3}, 2: {10: 1, 11: 4}, 3: {10: 5, 11: 1}}


@pytest.mark.parametrize(
    ("parcels", "demand", "expected"),
    [
        # 6 and 1: the third covers 5+1, the first 3, the second 1+1; then one unit is open, which the first has.
        (Parcels.FEWEST, {10: 6, 11: 1}, {(10, 3): 5, (11, 3): 1, (10, 1): 1}),
        (Parcels.NEAREST, {10: 6, 11: 1}, {(10, 1): 3, (10, 2): 1, (11, 2): 1, (10, 3): 2}),
        # 4 and 5: the second covers 1+4, the third 4+1, a tie that preference settles; then 3 and 1: the third has both.
        (Parcels.FEWEST, {10: 4, 11: 5}, {(10, 2): 1, (11, 2): 4, (10, 3): 3, (11, 3): 1}),
        (Parcels.NEAREST, {10: 4, 11: 5}, {(10, 1): 3, (10, 2): 1, (11, 2): 4, (11, 3): 1}),
        # One place has everything: it serves whatever is preferred.
        (Parcels.FEWEST, {10: 5, 11: 1}, {(10, 3): 5, (11, 3): 1}),
        (Parcels.NEAREST, {10: 5, 11: 1}, {(10, 3): 5, (11, 3): 1}),
        (Parcels.ONE, {10: 5, 11: 1}, {(10, 3): 5, (11, 3): 1}),
    ],
)
def test_parcels_decide_how_a_demand_is_split(parcels, demand, expected):
    picks, short = propose(demand=demand, offers=offers(SPREAD), warehouses=[1, 2, 3], parcels=parcels)
    assert ({(pick.item_id, pick.warehouse_id): pick.quantity for pick in picks}, short) == (expected, set())


@pytest.mark.parametrize(
    ("parcels", "demand", "short"),
    [
        (Parcels.FEWEST, {10: 10}, {10}),
        (Parcels.FEWEST, {10: 9, 11: 6}, {11}),
        (Parcels.NEAREST, {10: 10, 11: 6}, {10, 11}),
        (Parcels.NEAREST, {10: 1, 12: 1}, {12}),
        # Together there is enough, but not in one place: the third place covers most, and lacks this.
        (Parcels.ONE, {10: 6}, {10}),
        (Parcels.ONE, {10: 5, 11: 2}, {11}),
    ],
)
def test_what_cannot_be_served_is_named_and_nothing_is_picked(parcels, demand, short):
    assert propose(demand=demand, offers=offers(SPREAD), warehouses=[1, 2, 3], parcels=parcels) == ([], short)


@pytest.mark.parametrize("parcels", list(Parcels))
def test_without_a_warehouse_everything_is_short(parcels):
    assert propose(demand={10: 1, 11: 1}, offers=offers(SPREAD), warehouses=[], parcels=parcels) == ([], {10, 11})


@pytest.mark.parametrize("available", [0, -3])
def test_an_offer_of_nothing_or_less_takes_nothing_from_the_others(available):
    picks, short = propose(demand={10: 3}, offers=offers({1: {10: available}, 2: {10: 3}}), warehouses=[1, 2])
    assert (picks, short) == ([Pick(10, 2, 3)], set())


stocks = st.dictionaries(
    st.integers(1, 5), st.dictionaries(st.integers(10, 13), st.integers(-2, 8), max_size=4), max_size=5
)
wishes = st.dictionaries(st.integers(10, 13), st.integers(1, 9), min_size=1, max_size=4)
askable = st.lists(st.integers(1, 5), unique=True, max_size=5)


def held_there(stock: dict[int, dict[int, int]], at: int, item: int) -> int:
    return max(stock.get(at, {}).get(item, 0), 0)


@given(stocks, wishes, askable, st.sampled_from(Parcels))
def test_any_plan_covers_the_demand_exactly_out_of_what_is_offered(stock, wish, asked, parcels):
    picks, short = propose(demand=wish, offers=offers(stock), warehouses=asked, parcels=parcels)
    alone = [at for at in asked if all(held_there(stock, at, item) >= n for item, n in wish.items())]
    taken = Counter()
    for pick in picks:
        assert pick.quantity > 0
        assert pick.warehouse_id in asked
        taken[pick.item_id, pick.warehouse_id] += pick.quantity
    assert len(taken) == len(picks)
    for (item, at), units in taken.items():
        assert units <= held_there(stock, at, item)
    used = {pick.warehouse_id for pick in picks}
    if alone:
        assert used == {alone[0]}
    if parcels == Parcels.ONE:
        assert len(used) <= 1
    if short:
        assert picks == []
        assert short <= wish.keys()
    else:
        assert {item: sum(n for (one, _at), n in taken.items() if one == item) for item in wish} == wish


@given(stocks, wishes, askable, st.sampled_from(Parcels))
def test_a_demand_is_short_exactly_when_the_asked_warehouses_cannot_serve_it(stock, wish, asked, parcels):
    _picks, short = propose(demand=wish, offers=offers(stock), warehouses=asked, parcels=parcels)
    lacking = {item for item, n in wish.items() if sum(held_there(stock, at, item) for at in asked) < n}
    whole = any(all(held_there(stock, at, item) >= n for item, n in wish.items()) for at in asked)
    if lacking or parcels != Parcels.ONE:
        assert short == lacking
    else:
        assert bool(short) is not whole


@given(stocks, wishes, askable)
def test_nearest_takes_all_of_a_nearer_place_before_a_farther_one(stock, wish, asked):
    picks, _short = propose(demand=wish, offers=offers(stock), warehouses=asked, parcels=Parcels.NEAREST)
    if len({pick.warehouse_id for pick in picks}) < 2:
        return
    for pick in picks:
        for nearer in asked[: asked.index(pick.warehouse_id)]:
            from_there = [one.quantity for one in picks if (one.item_id, one.warehouse_id) == (pick.item_id, nearer)]
            assert sum(from_there) == held_there(stock, nearer, pick.item_id)
