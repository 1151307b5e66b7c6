"""When to order and how much: hand-computed plans, whole cartons, budgets."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.replenishment.forecasting import Forecast
from inventory.replenishment.policy import Terms, Wish, plan, whole_cartons, within_budget

STEADY = Forecast(mean=7.0, deviation=0.0, smoothing=0.2)


def test_steady_demand_needs_no_safety():
    # One a day: 28 days of lead time need 28 units, and 7 more last until the next review.
    advised = plan(weekly=STEADY, position=28, available=14, terms=Terms(lead_time=28))
    assert (advised.reorder_point, advised.order_up_to, advised.suggested) == (28, 35, 7)
    assert (advised.daily_demand, advised.days_of_cover) == (1.0, 14.0)


def test_above_the_reorder_point_nothing_is_suggested():
    assert plan(weekly=STEADY, position=29, available=29, terms=Terms(lead_time=28)).suggested == 0


def test_uncertain_demand_is_covered_by_the_service_level():
    unsure = Forecast(mean=7.0, deviation=10.0, smoothing=0.0)
    # No smoothing: errors are independent, so four weeks deviate by 10·√4 = 20; z(97.7 %) = 1.995.
    advised = plan(weekly=unsure, position=0, available=0, terms=Terms(lead_time=28, service_level=0.977))
    assert advised.reorder_point == 28 + 40


def test_nothing_sold_means_nothing_suggested_and_no_cover():
    nothing = Forecast(mean=0.0, deviation=0.0, smoothing=0.2)
    advised = plan(weekly=nothing, position=-3, available=-3, terms=Terms(lead_time=28))
    assert (advised.suggested, advised.days_of_cover) == (0, None)


@pytest.mark.parametrize(
    ("units", "minimum", "multiple", "expected"),
    [(0, 24, 12, 0), (-3, 24, 12, 0), (1, 24, 12, 24), (25, 24, 12, 36), (7, 1, 1, 7), (1, 10, 6, 12)],
)
def test_orders_are_whole_cartons(units, minimum, multiple, expected):
    assert whole_cartons(units, minimum=minimum, multiple=multiple) == expected


@given(
    st.floats(0, 1000),
    st.floats(0, 1000),
    st.integers(-500, 5000),
    st.integers(0, 200),
    st.integers(1, 100),
    st.integers(1, 60),
)
def test_a_suggestion_fills_up_and_keeps_the_supplier_s_terms(mean, deviation, position, lead, minimum, multiple):
    terms = Terms(lead_time=lead, minimum=minimum, multiple=multiple)
    advised = plan(
        weekly=Forecast(mean=mean, deviation=deviation, smoothing=0.3),
        position=position,
        available=position,
        terms=terms,
    )
    assert 0 <= advised.reorder_point <= advised.order_up_to
    if advised.suggested:
        assert position <= advised.reorder_point
        assert advised.suggested >= minimum
        assert advised.suggested % multiple == 0
        assert position + advised.suggested >= advised.order_up_to


def wish(key, quantity, cost, cover, *, minimum=1, multiple=1):
    return Wish(key, quantity, minimum, multiple, Decimal(cost), cover)


def test_what_runs_out_first_is_bought_first():
    wishes = [wish(1, 10, 5, 30.0), wish(2, 10, 5, 2.0), wish(3, 4, 5, 40.0)]
    assert within_budget(wishes, Decimal(70)) == {2: 10, 1: 4}
    assert within_budget(wishes, None) == {1: 10, 2: 10, 3: 4}


def test_a_wish_below_its_minimum_is_left_out_and_a_smaller_one_still_fits():
    wishes = [wish(1, 48, 2, 1.0, minimum=48, multiple=12), wish(2, 5, 2, 9.0)]
    assert within_budget(wishes, Decimal(50)) == {2: 5}


wishes_ = st.lists(
    st.builds(
        lambda key, cartons, multiple, cost, cover: wish(key, cartons * multiple, cost, cover, multiple=multiple),
        st.integers(1, 10**6),
        st.integers(1, 50),
        st.integers(1, 24),
        st.decimals(0, 500, places=4),
        st.floats(0, 500),
    ),
    max_size=12,
    unique_by=lambda one: one.key,
)


@given(wishes_, st.decimals(0, 10_000, places=2))
def test_a_budget_is_never_passed_and_cartons_stay_whole(wishes, budget):
    granted = within_budget(wishes, budget)
    by_key = {one.key: one for one in wishes}
    assert sum((by_key[key].unit_cost * units for key, units in granted.items()), Decimal(0)) <= budget
    assert all(
        0 < units <= by_key[key].quantity and units % by_key[key].multiple == 0 for key, units in granted.items()
    )
