"""Rounding and sharing out, quick enough for the engine's inner loop. Pure."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel.numbers import get_currency_precision

ZERO = Decimal(0)
ONE = Decimal(1)


@cache
def minor_unit(currency: str) -> Decimal:
    """Return the currency's smallest amount, e.g. ``Decimal("0.01")``; one for JPY and KRW (ISO 4217)."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def rounded(amount: Decimal, unit: Decimal) -> Decimal:
    """Round half up to the minor unit."""
    return amount.quantize(unit, ROUND_HALF_UP)


def apportion(amount: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """Split an amount by weight, evenly where all weights are zero.

    Each part is the difference of running sums rounded half up: none is negative, and they add up to the amount.
    """
    if len(weights) == 1:
        return [amount]
    if not amount:
        return [ZERO] * len(weights)
    total = sum(weights, ZERO)
    if not total:
        weights, total = [ONE] * len(weights), Decimal(len(weights))
    parts, running, before = [], ZERO, ZERO
    for weight in weights[:-1]:
        running += weight
        until = (amount * running / total).quantize(unit, ROUND_HALF_UP)
        parts.append(until - before)
        before = until
    return [*parts, amount - before]
