"""A shelf that is changed row by row is the shelf that would be laid out anew, and finds what a plain search finds."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.offering.narrowing import AVAILABILITY, FACETS
from shop.crossborder.offering.shelf import LANGUAGE, ORDERS, Row, Shelf

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@st.composite
def rows(draw: st.DrawFn, ids: st.SearchStrategy[int]) -> list[Row]:
    some = st.lists(st.sampled_from(["a", "b", "c"]), max_size=2, unique=True).map(tuple)
    return [
        Row(
            id=one,
            amount=Decimal(draw(st.integers(1, 30_000))) / 100,
            state=draw(st.integers(0, 3)),
            languages=draw(st.lists(st.sampled_from(["en", "fr"]), unique=True).map(tuple)),
            category=draw(st.sampled_from(["mugs", "prints"])),
            museum=draw(st.sampled_from(["1", "2"])),
            sort_order=draw(st.integers(0, 3)),
            slug=f"thing-{one}",
            created_at=NOW - timedelta(days=draw(st.integers(0, 100))),
            popularity=draw(st.integers(0, 2_000)),
            themes=draw(some),
            materials=draw(some),
            cultures=draw(some),
            periods=draw(some),
            version=1,
        )
        for one in draw(st.lists(ids, unique=True, max_size=20))
    ]


def by_id(shelf: Shelf, places: int) -> set[int]:
    return {row.id for place, row in enumerate(shelf.rows) if places >> place & 1}


@given(rows(st.integers(1, 30)), rows(st.integers(1, 40)))
def test_a_changed_shelf_is_the_shelf_of_its_rows(old, changed):
    shelf = Shelf.of(old, currency="GBP").with_rows(changed)
    anew = Shelf.of({row.id: row for row in [*old, *changed]}.values(), currency="GBP")
    assert {row.id: row for row in shelf.rows} == {row.id: row for row in anew.rows}
    for code in (*FACETS, LANGUAGE):
        sets = {value: by_id(anew, places) for value, places in anew.sets[code].items()}
        assert {value: by_id(shelf, places) for value, places in shelf.sets[code].items()} == sets
    for name in ORDERS:
        assert [shelf.rows[one].id for one in shelf.orders[name]] == [anew.rows[one].id for one in anew.orders[name]]


@given(rows(st.integers(1, 30)), st.sampled_from([*ORDERS]), st.integers(0, 99), st.integers(100, 300))
def test_sets_and_orders_are_those_of_a_plain_search(held, order, low, high):
    shelf = Shelf.of(held, currency="GBP")
    wanted = {row.id for row in held if low <= row.amount < high or row.amount >= 250}
    assert by_id(shelf, shelf.having("price", [f"{low}-{high}", "250-", "dear"])) == wanted
    in_stock = {row.id for row in held if row.state in AVAILABILITY["in_stock"]}
    assert by_id(shelf, shelf.having("availability", ["in_stock", "nowhere"])) == in_stock
    themed = {row.id for row in held if {"a", "c"} & set(row.themes)}
    assert by_id(shelf, shelf.having("theme", ["a", "c"])) == themed
    both = shelf.set_of(themed) & shelf.set_of(in_stock) & shelf.shown("fr")
    plain = sorted((row for row in held if row.id in themed & in_stock and "fr" in row.languages), key=ORDERS[order])
    assert [shelf.rows[place].id for place in shelf.ordered(both, order)] == [row.id for row in plain]


@given(rows(st.integers(1, 30)))
def test_a_find_weighs_stock_newness_and_sales(held):
    shelf = Shelf.of(held, currency="GBP")
    scores = {row.id: 1.0 for row in held} | {999: 5.0}
    found = [shelf.rows[place] for place in shelf.found(shelf.set_of(scores), scores, NOW)]
    weights = [row.boost + (0.1 if row.created_at > NOW - timedelta(days=60) else 0) for row in found]
    assert weights == sorted(weights, reverse=True)
    assert len(found) == len(held)
    assert all(1 <= row.boost <= 1.8 + 1e-9 for row in held)
