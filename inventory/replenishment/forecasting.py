"""Forecasts of one item's demand per period (a week or a day). Pure: statistics in floats, no money, no clock.

A series is units demanded per period, oldest first, without gaps: a period without sales is a 0. Every forecaster takes
a series and returns a :class:`Forecast`. Periods before the first sale say nothing and are left out. Reorder advice
calls :func:`choose` with the :class:`Pool` that :func:`learn` read from the demand of all items.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import inf, sqrt
from statistics import median
from typing import Literal

Model = Literal["ses", "tsb"]

# What is compared when learning.
SMOOTHINGS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4)
BULKS = (2.0, 2.5, 3.0, 4.0, 6.0, 8.0, inf)
MODELS: tuple[Model, ...] = ("ses", "tsb")
ORIGINS = 3
# Absolute errors alone favour forecasts that are too low (the median of skewed demand): stock would always be short.
BIAS_WEIGHT = 0.25
# Weight of the pool's relative deviation, in periods, against an item's own errors.
POOLED_PERIODS = 4


@dataclass(frozen=True)
class Forecast:
    """Expected demand of any coming period, and how far one period's demand has strayed from it.

    ``mean`` and ``deviation`` are units per period; ``deviation`` is the root mean square of the errors of one period
    ahead, within the series. ``smoothing`` is the share of an error by which the level moves (0: it stands still).
    """

    mean: float
    deviation: float
    smoothing: float = 0.0

    def over(self, periods: float) -> float:
        """Return the expected demand of so many periods, in units: lead-time demand."""
        return self.mean * periods

    def deviation_over(self, periods: float) -> float:
        """Return the standard deviation of the error over so many periods together, in units, for safety stock.

        Errors of successive periods share the error of the level, hence more than ``deviation * sqrt(periods)``
        (Johnston & Harrison 1986, "The variance of lead-time demand").
        """
        steps, share = max(periods - 1, 0.0), self.smoothing
        growth = 1 + share * steps + share**2 * steps * (2 * periods - 1) / 6
        return self.deviation * sqrt(max(periods, 0.0) * growth)


@dataclass(frozen=True)
class Pool:
    """What the demand of all items taught: which model, and how far items usually stray.

    ``smoothing`` is the share (0 to 1) that the newest period gets; a period counts for at most ``bulk`` times the mean
    of the item's other periods; ``variation`` is the typical deviation divided by the mean, for items with few periods.
    """

    model: Model = "ses"
    smoothing: float = 0.2
    bulk: float = 3.0
    variation: float = 1.0


Forecaster = Callable[[Sequence[float]], Forecast]
UNTAUGHT = Pool()


def naive(series: Sequence[float]) -> Forecast:
    """Expect the last period again."""
    demand = _since_first_sale(series)
    return _forecast(demand, [0.0, *demand], smoothing=1.0)


def moving_average(series: Sequence[float], periods: int) -> Forecast:
    """Expect the mean of the last ``periods``, or of all where there are fewer.

    An average of n periods is as old as smoothing with 2 / (n + 1) (Brown 1963).
    """
    demand = _since_first_sale(series)
    windows = (demand[max(end - periods, 0) : end] for end in range(1, len(demand) + 1))
    return _forecast(demand, [0.0, *(sum(window) / len(window) for window in windows)], smoothing=2 / (periods + 1))


def exponential_smoothing(series: Sequence[float], smoothing: float) -> Forecast:
    """Move the level by the share ``smoothing`` of each error (Brown 1959).

    The n-th period moves it by at least 1/n: a plain mean while the item is new, whatever the first period was.
    """
    demand = _since_first_sale(series)
    return _forecast(demand, _smoothed(demand, smoothing), smoothing=smoothing)


def croston(series: Sequence[float], smoothing: float) -> Forecast:
    """Smooth the size of demands and the interval between them, both only when there is demand (Croston 1972)."""
    demand = _since_first_sale(series)
    return _forecast(demand, _croston(demand, smoothing), smoothing=smoothing)


def sba(series: Sequence[float], smoothing: float) -> Forecast:
    """Croston's ratio times (1 - smoothing / 2), which takes off its bias (Syntetos & Boylan 2005)."""
    demand = _since_first_sale(series)
    unbiased = 1 - smoothing / 2
    return _forecast(demand, [level * unbiased for level in _croston(demand, smoothing)], smoothing=smoothing)


def tsb(series: Sequence[float], smoothing: float, chance_smoothing: float | None = None) -> Forecast:
    """Smooth the size of demands, and in every period the chance of one (Teunter, Syntetos & Babai 2011).

    Unlike Croston's the forecast falls while nothing sells, so an item that died is not ordered again.
    """
    demand = _since_first_sale(series)
    return _forecast(demand, _tsb(demand, smoothing, chance_smoothing or smoothing), smoothing=smoothing)


def choose(series: Sequence[float], pool: Pool = UNTAUGHT) -> Forecast:
    """Return the forecast that reorder advice uses: the pool's model on demand without one-off bulk orders.

    The deviation is measured against demand as it was, bulk orders included, and drawn to the pool's where the item has
    few periods.
    """
    demand = _since_first_sale(series)
    if not demand:
        return Forecast(mean=0.0, deviation=0.0, smoothing=pool.smoothing)
    levels = _levels(without_bulk(demand, pool.bulk), pool.model, pool.smoothing)
    mean, errors = levels[-1], len(demand) - 1
    squares = errors * _deviation(demand, levels) ** 2 + POOLED_PERIODS * (pool.variation * mean) ** 2
    deviation = sqrt(squares / (errors + POOLED_PERIODS))
    return Forecast(mean=mean, deviation=deviation, smoothing=pool.smoothing)


def learn(histories: Iterable[Sequence[float]], horizon: int = 6) -> Pool:
    """Choose model, smoothing and bulk limit that would have served all ``histories`` (series of items) best.

    The series end with the same period. From each of three origins, the last one ``horizon`` periods before that end,
    every combination forecasts the units of the next ``horizon`` periods (rolling origins, Tashman 2000). The least sum
    of mean WAPE and a quarter of the mean bias wins: what seasons add to bias here and take off there cancels out.
    Give it the past alone: nothing that is to be forecast.
    """
    known = [demand for series in histories if (demand := _since_first_sale(series))]
    step = max(horizon // ORIGINS, 1)
    windows = [window for n in range(ORIGINS) if (window := _window(known, horizon, earlier=n * step)).actual_units]
    best, least = UNTAUGHT, inf
    for bulk in BULKS if windows else ():
        pasts = [[without_bulk(past, bulk) for past in window.pasts] for window in windows]
        for model, smoothing in product(MODELS, SMOOTHINGS):
            pool = Pool(model=model, smoothing=smoothing, bulk=bulk)
            loss = _loss(windows, pasts, pool)
            if loss < least:
                best, least = pool, loss
    return replace(best, variation=_variation(known, best))


def without_bulk(demand: Sequence[float], bulk: float) -> list[float]:
    """Limit each period to ``bulk`` times the mean of the other periods: what one customer bought once comes not again.

    A period of the usual size (the median of periods with demand) always counts in full, so slow items keep theirs.
    Winsorising by the rest of the sample; at least three periods are needed to tell what is usual.
    """
    sizes = [units for units in demand if units > 0]
    if len(demand) < 3 or not sizes or bulk == inf:
        return list(demand)
    usual = median(sizes) if len(sizes) > 2 else min(sizes)
    total, others = sum(demand), len(demand) - 1
    return [min(units, max(usual, bulk * (total - units) / others)) for units in demand]


def _since_first_sale(series: Sequence[float]) -> list[float]:
    first = next((n for n, units in enumerate(series) if units > 0), len(series))
    return [max(float(units), 0.0) for units in series[first:]]


def _forecast(demand: Sequence[float], levels: Sequence[float], *, smoothing: float) -> Forecast:
    return Forecast(mean=levels[-1], deviation=_deviation(demand, levels), smoothing=smoothing)


def _deviation(demand: Sequence[float], levels: Sequence[float]) -> float:
    """Root mean square of the one-period-ahead errors; the first period has no forecast and does not count."""
    errors = [units - level for units, level in zip(demand[1:], levels[1:], strict=False)]
    return sqrt(sum(error**2 for error in errors) / len(errors)) if errors else 0.0


@dataclass(frozen=True)
class _Window:
    """What was known of each item at one origin, and the units that each sold over the horizon that followed."""

    horizon: int
    pasts: list[Sequence[float]]
    actuals: list[float]

    @property
    def actual_units(self) -> float:
        return sum(self.actuals)


def _window(histories: Iterable[Sequence[float]], horizon: int, *, earlier: int) -> _Window:
    window = _Window(horizon=horizon, pasts=[], actuals=[])
    for demand in histories:
        origin = len(demand) - earlier - horizon
        if origin > 0:
            window.pasts.append(demand[:origin])
            window.actuals.append(sum(demand[origin : origin + horizon]))
    return window


def _loss(windows: Sequence[_Window], pasts: Sequence[Sequence[Sequence[float]]], pool: Pool) -> float:
    absolute = signed = 0.0
    for window, known in zip(windows, pasts, strict=True):
        forecasts = [_levels(past, pool.model, pool.smoothing)[-1] * window.horizon for past in known]
        errors = [forecast - actual for forecast, actual in zip(forecasts, window.actuals, strict=True)]
        absolute += sum(map(abs, errors)) / window.actual_units
        signed += sum(errors) / window.actual_units
    return (absolute + BIAS_WEIGHT * abs(signed)) / len(windows)


def _variation(histories: Iterable[Sequence[float]], pool: Pool) -> float:
    """Return the median of deviation / mean over items with enough periods to tell."""
    ratios = []
    for demand in histories:
        if len(demand) > POOLED_PERIODS:
            levels = _levels(without_bulk(demand, pool.bulk), pool.model, pool.smoothing)
            if levels[-1] > 0:
                ratios.append(_deviation(demand, levels) / levels[-1])
    return median(ratios) if ratios else UNTAUGHT.variation


def _levels(demand: Sequence[float], model: Model, smoothing: float) -> list[float]:
    return _smoothed(demand, smoothing) if model == "ses" else _tsb(demand, smoothing, smoothing)


# The recursions return the level before the first period (0) and after each one: forecasts, shifted by one period.


def _smoothed(demand: Sequence[float], smoothing: float) -> list[float]:
    level, levels = 0.0, [0.0]
    for period, units in enumerate(demand, start=1):
        level += max(smoothing, 1 / period) * (units - level)
        levels.append(level)
    return levels


def _croston(demand: Sequence[float], smoothing: float) -> list[float]:
    size = interval = 0.0
    waited, levels = 0, [0.0]
    for units in demand:
        waited += 1
        if units > 0:
            size += (smoothing if size else 1.0) * (units - size)
            interval += (smoothing if interval else 1.0) * (waited - interval)
            waited = 0
        levels.append(size / interval if interval else 0.0)
    return levels


def _tsb(demand: Sequence[float], smoothing: float, chance_smoothing: float) -> list[float]:
    size = chance = 0.0
    levels = [0.0]
    for units in demand:
        sold = units > 0
        chance += (chance_smoothing if size else 1.0) * (sold - chance)
        if sold:
            size += (smoothing if size else 1.0) * (units - size)
        levels.append(size * chance)
    return levels
