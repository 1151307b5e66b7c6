"""Landed unit costs and their weighted average. Pure; amounts are Decimal in one currency, units are whole."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

GRAIN = Decimal("0.0001")  # unit costs are kept to four places


def spread(charges: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Split ``charges`` by ``weights`` in steps of 0.0001 so that the parts sum to it exactly (largest remainder).

    Equal weights take the place of weights that sum to zero.
    """
    if not weights:
        return []
    total = sum(weights, Decimal(0))
    if total == 0:
        weights, total = [Decimal(1)] * len(weights), Decimal(len(weights))
    steps = int((charges / GRAIN).to_integral_value(ROUND_HALF_UP))
    exact = [steps * weight / total for weight in weights]
    whole = [int(one) for one in exact]
    by_remainder = sorted(range(len(weights)), key=lambda n: (whole[n] - exact[n], n))
    for n in by_remainder[: steps - sum(whole)]:
        whole[n] += 1
    return [one * GRAIN for one in whole]


def landed_unit_costs(lines: Sequence[tuple[int, Decimal]], *, rate: Decimal, charges: Decimal) -> list[Decimal]:
    """Return the landed cost of one unit per line ``(units, unit cost in the order's currency)``, in our currency.

    ``rate`` is units of our currency for one of the order's. ``charges`` (freight, insurance, duty; our currency) are
    spread by the value of the goods, as customs values are; free goods share by units.
    """
    values = [units * cost * rate for units, cost in lines]
    weights = values if any(values) else [Decimal(units) for units, _cost in lines]
    return [
        ((value + share) / units).quantize(GRAIN, ROUND_HALF_UP)
        for (units, _cost), value, share in zip(lines, values, spread(charges, weights), strict=True)
    ]


def weighted_average(
    *, units_before: int, average_before: Decimal | None, units_in: int, unit_cost: Decimal
) -> Decimal:
    """Return the new average cost of a unit after ``units_in`` arrived (perpetual weighted average, IAS 2.25-27).

    Stock that was there without a known cost, or that was oversold, takes the cost of the delivery.
    """
    if average_before is None or units_before <= 0:
        return unit_cost
    value = units_before * average_before + units_in * unit_cost
    return (value / (units_before + units_in)).quantize(GRAIN, ROUND_HALF_UP)
