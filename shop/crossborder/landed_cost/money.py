"""Rounding and sharing out, quick enough for the engine's inner loop. Pure."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel.numbers import get_currency_precision

ZERO = Decimal(0)


@cache
def minor_unit(currency: str) -> Decimal:
    """Return the currency's smallest amount, e.g. ``Decimal("0.01")``; one for JPY and KRW (ISO 4217)."""
    return Decimal(1).scaleb(-get_currency_precision(currency))


def rounded(amount: Decimal, unit: Decimal) -> Decimal:
    """Round half up to the minor unit."""
    return amount.quantize(unit, ROUND_HALF_UP)


def apportion(amount: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """Split an amount by weight, each part rounded half up, the last part taking the remainder."""
    if len(weights) == 1:
        return [amount]
    total = sum(weights, ZERO)
    if not total or not amount:
        return [ZERO] * (len(weights) - 1) + [amount]
    parts = [(amount * weight / total).quantize(unit, ROUND_HALF_UP) for weight in weights[:-1]]
    return [*parts, amount - sum(parts, ZERO)]
