"""Scores of forecasts against demand that came later. Pure: series in, a table of rows out.

Each method sees an item's training periods only and forecasts the test periods; what was learned from all items was
learned from their training periods as well.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from inventory.replenishment import forecasting
from inventory.replenishment.forecasting import Forecast, Forecaster, Pool

CHOSEN = "chosen"
WINDOWS = (4, 6, 8, 13)
SMOOTHINGS = (0.1, 0.2, 0.3)
SMOOTHED: Mapping[str, Callable[..., Forecast]] = {
    "SES": forecasting.exponential_smoothing,
    "Croston": forecasting.croston,
    "SBA": forecasting.sba,
    "TSB": forecasting.tsb,
}


@dataclass(frozen=True)
class History:
    """Units of one item per period, oldest first: those a method may see, and those it has to forecast."""

    item: str
    train: Sequence[float]
    test: Sequence[float]


@dataclass(frozen=True)
class Row:
    """One method's scores, all as shares of the units demanded in the test periods.

    ``wape`` is of each item's demand over all test periods together (lead-time demand, what a reorder point needs);
    ``wape_period`` of each item in each single period; ``bias`` is above 0 where too much was forecast.
    """

    method: str
    wape: float
    wape_period: float
    bias: float
    fill_rate: float


def wape(forecast: Sequence[float], actual: Sequence[float]) -> float:
    """Weighted absolute percentage error: Σ|f - a| / Σa."""
    return sum(abs(f - a) for f, a in zip(forecast, actual, strict=True)) / _units(actual)


def bias(forecast: Sequence[float], actual: Sequence[float]) -> float:
    """Σ(f - a) / Σa."""
    return (sum(forecast) - sum(actual)) / _units(actual)


def fill_rate(forecast: Sequence[float], actual: Sequence[float]) -> float:
    """Share of demand met from stock when every method has the same number of units to place.

    As many units as were demanded in all are spread over the items in proportion to their forecasts, so that a method
    gains by placing them well and not by asking for more: Σ min(stock, a) / Σa.
    """
    units, forecast_units = _units(actual), sum(forecast)
    if not forecast_units:
        return 0.0
    return sum(min(f * units / forecast_units, a) for f, a in zip(forecast, actual, strict=True)) / units


def score(method: str, means: Sequence[float], histories: Sequence[History]) -> Row:
    """Score ``means`` (units per period, one for each history)."""
    totals = [sum(history.test) for history in histories]
    forecast = [mean * len(history.test) for mean, history in zip(means, histories, strict=True)]
    return Row(
        method=method,
        wape=wape(forecast, totals),
        wape_period=wape(
            [mean for mean, history in zip(means, histories, strict=True) for _period in history.test],
            [units for history in histories for units in history.test],
        ),
        bias=bias(forecast, totals),
        fill_rate=fill_rate(forecast, totals),
    )


def methods(pool: Pool) -> Mapping[str, Forecaster]:
    """Return the forecasters to compare, by name; ``pool`` is for the chosen one."""
    named: dict[str, Forecaster] = {"naive": forecasting.naive}
    for periods in WINDOWS:
        named[f"moving average {periods}"] = partial(forecasting.moving_average, periods=periods)
    for name, smoothed in SMOOTHED.items():
        for smoothing in SMOOTHINGS:
            named[f"{name} {smoothing}"] = partial(smoothed, smoothing=smoothing)
    return named | {CHOSEN: partial(forecasting.choose, pool=pool)}


def run(histories: Sequence[History], pool: Pool) -> list[Row]:
    """Run every method on every history and return its scores, in the order of :func:`methods`.

    ``pool`` comes from :func:`forecasting.learn` on the training periods.
    """
    return [
        score(name, [forecaster(history.train).mean for history in histories], histories)
        for name, forecaster in methods(pool).items()
    ]


def _units(actual: Sequence[float]) -> float:
    units = sum(actual)
    if units <= 0:
        raise ValueError("Nothing was demanded in the test periods, so there is nothing to score against.")
    return units
