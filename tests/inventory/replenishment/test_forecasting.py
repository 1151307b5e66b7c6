"""Forecasters: recursions worked by hand, and what holds for any series."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.replenishment import forecasting
from inventory.replenishment.forecasting import Forecast, Pool

# First sale, two weeks of none, 4, 0, 3: sizes 6 4 3; intervals 1 3 2.
INTERMITTENT = [6, 0, 0, 4, 0, 3]

FORECASTERS = {
    "naive": forecasting.naive,
    "moving average": lambda series: forecasting.moving_average(series, 4),
    "ses": lambda series: forecasting.exponential_smoothing(series, 0.3),
    "croston": lambda series: forecasting.croston(series, 0.2),
    "sba": lambda series: forecasting.sba(series, 0.2),
    "tsb": lambda series: forecasting.tsb(series, 0.2, 0.1),
    "chosen": forecasting.choose,
    "chosen tsb": lambda series: forecasting.choose(series, Pool(model="tsb", smoothing=0.2, bulk=4, variation=1.5)),
}

every_forecaster = pytest.mark.parametrize("forecaster", FORECASTERS.values(), ids=FORECASTERS)
demand = st.lists(st.integers(0, 5_000), max_size=40)


def test_naive():
    # Errors: 0-6, 0-0, 4-0, 0-4, 3-0.
    assert forecasting.naive(INTERMITTENT) == Forecast(mean=3, deviation=pytest.approx(math.sqrt(77 / 5)), smoothing=1)


def test_moving_average():
    # Levels 6, 3, 0, 2, 2, 1.5; errors -6, -3, 4, -2, 1.
    found = forecasting.moving_average(INTERMITTENT, 2)
    assert (found.mean, found.deviation) == (1.5, pytest.approx(math.sqrt(66 / 5)))


def test_moving_average_of_fewer_periods_than_asked():
    assert forecasting.moving_average([2, 4], 13).mean == 3


def test_exponential_smoothing_starts_as_a_plain_mean():
    # Shares 1, 1/2, 1/3, then 0.3: 6, 3, 2, 2.6, 1.82, 2.174.
    found = forecasting.exponential_smoothing(INTERMITTENT, 0.3)
    assert found.mean == pytest.approx(2.174)
    errors = [-6, -3, 2, -2.6, 1.18]
    assert found.deviation == pytest.approx(math.sqrt(sum(error**2 for error in errors) / 5))


def test_croston():
    # Size 6, 5.6, 5.08; interval 1, 1.4, 1.52.
    found = forecasting.croston(INTERMITTENT, 0.2)
    assert found.mean == pytest.approx(5.08 / 1.52)
    # Forecasts 6, 6, 6, 4, 4 for 0, 0, 4, 0, 3.
    assert found.deviation == pytest.approx(math.sqrt((36 + 36 + 4 + 16 + 1) / 5))


def test_sba_is_croston_less_its_bias():
    assert forecasting.sba(INTERMITTENT, 0.2).mean == pytest.approx(5.08 / 1.52 * 0.9)
    assert forecasting.sba([7] * 9, 0.2).mean == pytest.approx(6.3)


def test_tsb():
    # Chance 1, 0.9, 0.81, 0.829, 0.7461, 0.77149; size 6, 5.6, 5.08.
    assert forecasting.tsb(INTERMITTENT, 0.2, 0.1).mean == pytest.approx(0.77149 * 5.08)


def test_tsb_forgets_what_no_longer_sells_and_croston_does_not():
    dead = [*INTERMITTENT, *[0] * 20]
    assert forecasting.tsb(dead, 0.2, 0.1).mean == pytest.approx(0.77149 * 5.08 * 0.9**20)
    assert forecasting.croston(dead, 0.2).mean == forecasting.croston(INTERMITTENT, 0.2).mean


def test_periods_before_the_first_sale_do_not_count():
    for forecaster in FORECASTERS.values():
        assert forecaster([0, 0, 0, *INTERMITTENT]) == forecaster(INTERMITTENT)


def test_bulk_order_counts_for_a_multiple_of_the_other_periods():
    # The other four average 10.
    assert forecasting.without_bulk([8, 12, 9, 2_000, 11], 3) == [8, 12, 9, 30, 11]


def test_usual_size_of_a_slow_item_is_no_bulk_order():
    slow = [5, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0]
    assert forecasting.without_bulk(slow, 2) == slow


@pytest.mark.parametrize("series", [[], [500], [1, 500]])
def test_two_periods_cannot_tell_what_is_bulk(series):
    assert forecasting.without_bulk(series, 2) == series


def test_chosen_leaves_the_bulk_order_out_of_the_mean_and_in_the_deviation():
    found = forecasting.choose([10] * 9 + [1_000] + [10] * 9, Pool(smoothing=0.2, bulk=3))
    assert 10 < found.mean < 15
    assert found.deviation > 200


def test_item_with_one_period_varies_as_the_pool_does():
    assert forecasting.choose([8], Pool(variation=1.5)) == Forecast(mean=8, deviation=12, smoothing=0.2)


def test_deviation_over_a_lead_time():
    still, moving = Forecast(mean=5, deviation=2), Forecast(mean=5, deviation=2, smoothing=0.5)
    assert (still.over(9), still.deviation_over(9)) == (45, 6)
    # Level errors add up: 1 + (1 + 0.5)² + (1 + 0.5 * 2)² times the variance of one period.
    assert moving.deviation_over(3) == pytest.approx(2 * math.sqrt(1 + 1.5**2 + 2**2))
    assert moving.deviation_over(1) == 2
    assert moving.deviation_over(0) == 0


def test_learning_from_nothing_gives_the_untaught_pool():
    assert forecasting.learn([]) == forecasting.UNTAUGHT
    assert forecasting.learn([[0, 0, 0], [3, 1]]) == forecasting.UNTAUGHT


def test_learning_limits_bulk_orders_where_they_mislead():
    steady = [
        [10, 12, 8, 10, 11, 9, 400 if week == item else 10, 9, 12, 10, 8, 10] for item in range(8) for week in (6, 0)
    ]
    misled = [[10, 12, 8, 900, 11, 9, 10, 9, 12, 10, 8, 10] for _item in range(8)]
    assert forecasting.learn(steady + misled, horizon=3).bulk < math.inf


def test_learning_follows_a_shift_of_level_fast():
    shifting = [[level] * 8 + [3 * level] * 12 for level in (4, 9, 20)]
    still = [[level + (week % 2) * level for week in range(20)] for level in (4, 9, 20)]
    assert forecasting.learn(shifting, horizon=3).smoothing > forecasting.learn(still, horizon=3).smoothing


def test_learning_reads_the_last_periods_of_each_series_together():
    # The young item is known at no origin; the old ones decide as they would alone.
    old = [[5, 0, 7, 2, 9, 4, 0, 3, 6, 1, 8, 2], [1, 2, 0, 0, 4, 1, 3, 0, 2, 2, 0, 5]]
    assert forecasting.learn([*old, [900, 1]], horizon=3) == forecasting.learn(old, horizon=3)


@every_forecaster
@settings(deadline=None)
@given(units=st.integers(1, 10_000), periods=st.integers(1, 40))
def test_constant_demand_is_forecast_as_it_is(forecaster, units, periods):
    unbiased = 0.9 if forecaster is FORECASTERS["sba"] else 1
    assert forecaster([units] * periods).mean == pytest.approx(units * unbiased)


@every_forecaster
@settings(deadline=None)
@given(periods=st.integers(0, 40))
def test_no_demand_is_forecast_as_none(forecaster, periods):
    found = forecaster([0] * periods)
    assert (found.mean, found.deviation) == (0, 0)


@every_forecaster
@settings(deadline=None)
@given(series=demand, times=st.floats(0.01, 1_000))
def test_scaling_equivariance(forecaster, series, times):
    found, scaled = forecaster(series), forecaster([units * times for units in series])
    assert scaled.mean == pytest.approx(found.mean * times, rel=1e-9, abs=1e-6)
    assert scaled.deviation == pytest.approx(found.deviation * times, rel=1e-6, abs=1e-4)


@every_forecaster
@settings(deadline=None)
@given(series=demand)
def test_never_negative_and_never_above_the_greatest_demand(forecaster, series):
    found = forecaster(series)
    assert 0 <= found.mean <= max(series, default=0) * (1 + 1e-9)
    assert found.deviation >= 0


@settings(deadline=None)
@given(series=demand, bulk=st.floats(1, 10))
def test_limiting_bulk_orders_adds_nothing(series, bulk):
    limited = forecasting.without_bulk(series, bulk)
    assert len(limited) == len(series)
    assert all(0 <= ours <= theirs for ours, theirs in zip(limited, series, strict=True))
