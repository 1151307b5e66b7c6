"""The table of moves and its guards, without a database; and when an order is over."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.orders import transitions
from shop.orders.fulfilment.completing import Sent, arrived_on, completes_at
from shop.orders.models import OrderState
from shop.orders.transitions import ALLOWED, Facts, IllegalTransition, check, guards

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
# Nothing stands in the way of any move from a paid state; unpaid ones are below.
FREE = Facts(
    now=NOW, paid_at=NOW, expires_at=NOW, left=0, gone=1, open=0, undelivered=0, completes_at=NOW
)  # fmt: skip


def refused(from_state: str, to_state: str, facts: Facts) -> str:
    try:
        check("VT-1", from_state, to_state, lambda: facts)
    except IllegalTransition as error:
        return str(error)
    return ""


def test_every_state_is_in_the_table():
    assert set(ALLOWED) == set(OrderState)
    assert set().union(*ALLOWED.values()) <= set(OrderState)


def test_every_guard_belongs_to_a_move_of_the_table():
    moves = {(start, end) for start, ends in ALLOWED.items() for end in ends}
    guarded = {move for move in moves if guards(*move)}
    assert {end for _start, end in guarded} >= set(transitions._GUARDS)
    assert guarded >= set(transitions._GUARDS_OF_MOVES)


@given(st.sampled_from(OrderState), st.sampled_from(OrderState))
def test_what_the_table_lacks_is_refused_whatever_the_facts(start, end):
    said = refused(start, end, FREE)
    if end not in ALLOWED[start]:
        assert said == f"Order VT-1 cannot go from {start} to {end}."


@pytest.mark.parametrize(
    ("start", "end", "fine", "wrong", "reason"),
    [
        ("awaiting_payment", "payment_failed", {"paid_at": None}, {"paid_at": NOW}, "it is paid"),
        ("payment_failed", "awaiting_payment", {"paid_at": None, "expires_at": NOW + TICK}, {"expires_at": NOW}, "is over"),
        ("awaiting_payment", "expired", {"paid_at": None}, {"expires_at": NOW + TICK}, "is not over"),
        ("awaiting_payment", "expired", {"paid_at": None}, {"expires_at": None}, "is not over"),
        ("awaiting_payment", "cancelled", {"paid_at": None}, {"paid_at": NOW}, "it is paid"),
        ("picking", "partly_shipped", {"left": 1}, {"left": 0}, "nothing is left to ship"),
        ("paid", "partly_shipped", {"left": 1}, {"gone": 0}, "no parcel has left"),
        ("paid", "shipped", {}, {"left": 1}, "some of it is still to leave"),
        ("paid", "shipped", {}, {"gone": 0}, "no parcel has left"),
        ("picking", "paid", {}, {"open": 1}, "a parcel stands packed"),
        ("paid", "refunded", {"gone": 0}, {"gone": 1}, "a parcel has left"),
        ("picking", "refunded", {"gone": 0}, {"open": 1}, "a parcel stands packed"),
        ("shipped", "delivered", {}, {"undelivered": 1}, "a parcel has not arrived yet"),
        ("delivered", "completed", {}, {"completes_at": NOW + TICK}, "the period to withdraw is not over"),
        ("shipped", "completed", {}, {"completes_at": None}, "the period to withdraw is not over"),
    ],
)  # fmt: skip
def test_each_guard_holds_and_says_why_not(start, end, fine, wrong, reason):
    assert refused(start, end, replace(FREE, **fine)) == ""
    assert reason in refused(start, end, replace(FREE, **(fine | wrong)))


def test_facts_are_read_only_where_a_guard_asks():
    def never() -> Facts:
        raise AssertionError

    check("VT-1", "awaiting_payment", "paid", never)
    check("VT-1", "paid", "picking", never)
    check("VT-1", "paid", "shipped")  # without facts the table alone is asked


# --- When an order is over ------------------------------------------------------------------------------------------

DAY = date(2026, 11, 2)


def test_the_last_parcel_counts_and_one_under_way_is_waited_for():
    first, last = Sent(DAY, DAY + timedelta(2), True), Sent(DAY, DAY + timedelta(5), False)
    assert arrived_on([first, last], untracked_days=30) == date(2026, 11, 7)
    assert arrived_on([first, Sent(DAY, None, True)], untracked_days=30) is None
    assert arrived_on([first, Sent(DAY, None, False)], untracked_days=30) == date(2026, 12, 2)
    assert arrived_on([], untracked_days=30) is None


@pytest.mark.parametrize(
    ("country", "arrived", "over"),
    [
        ("FR", date(2026, 11, 2), datetime(2026, 11, 24, tzinfo=UTC)),  # 14 days to Monday the 16th, 7 of margin
        ("US", date(2026, 11, 2), datetime(2026, 11, 10, tzinfo=UTC)),  # no right that we know
    ],
)
def test_an_order_is_over_after_the_last_day_and_the_margin(country, arrived, over):
    assert completes_at(country, arrived, margin_days=7, zone=UTC) == over


@given(
    st.lists(
        st.builds(
            Sent,
            st.dates(date(2026, 1, 1), date(2026, 6, 1)),
            st.none() | st.dates(date(2026, 6, 2), date(2026, 12, 1)),
            st.booleans(),
        ),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(["GB", "FR", "DE", "CN", "US", "KR"]),
)
def test_nobodys_right_ends_before_the_last_parcel_came(parcels, country):
    arrived = arrived_on(parcels, untracked_days=30)
    if any(one.tracked and one.delivered_on is None for one in parcels):
        assert arrived is None
        return
    assert arrived is not None
    assert all(one.delivered_on is None or one.delivered_on <= arrived for one in parcels)
    assert completes_at(country, arrived, margin_days=0, zone=UTC).date() > arrived
