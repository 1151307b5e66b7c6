"""Rounding and sharing out."""

from collections.abc import Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision

ZERO = Decimal(0)
ONE = Decimal(1)


def minor_unit(currency: str) -> Decimal:
    """Return the smallest amount of a currency (ISO 4217, as CLDR lists it): 0.01, for JPY 1."""
    return ONE.scaleb(-get_currency_precision(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round half up, away from zero, so that a reversal is the exact negative."""
    return amount.quantize(minor_unit(currency), rounding=ROUND_HALF_UP)


def shared_out(total: Decimal, weights: Mapping[str, Decimal], *, unit: Decimal) -> dict[str, Decimal]:
    """Share ``total`` (a multiple of ``unit``) by weights: largest remainder, ties by the key's order.

    The parts sum to the total and each is within one unit of its exact share. Weights of zero in all are equal shares.

    :raises ValueError: there is nothing to share to, or the total is no multiple of the unit.
    """
    if not weights:
        raise ValueError("There is nothing to share to.")
    if total % unit:
        raise ValueError(f"{total} is no multiple of {unit}.")
    whole = sum(weights.values(), ZERO)
    if not whole:
        weights, whole = dict.fromkeys(weights, ONE), Decimal(len(weights))
    sign = -1 if total < 0 else 1
    units = int(abs(total) / unit)
    exact = {key: units * weight / whole for key, weight in weights.items()}
    floors = {key: int(value.to_integral_value(rounding=ROUND_FLOOR)) for key, value in exact.items()}
    left = units - sum(floors.values())
    by_remainder = sorted(weights, key=lambda key: (floors[key] - exact[key], key))
    for key in by_remainder[:left]:
        floors[key] += 1
    return {key: sign * floors[key] * unit for key in weights}


def rounded_parts(exact: Mapping[str, Decimal], *, unit: Decimal) -> dict[str, Decimal]:
    """Round exact amounts so that they sum to their rounded sum: largest remainder, ties by the key's order.

    Each part is within one unit of its exact amount; the parts of negated amounts are the negated parts.
    """
    total = sum(exact.values(), ZERO).quantize(unit, rounding=ROUND_HALF_UP)
    sign = -1 if total < 0 else 1
    units = {key: sign * amount / unit for key, amount in exact.items()}
    floors = {key: int(value.to_integral_value(rounding=ROUND_FLOOR)) for key, value in units.items()}
    left = int(sign * total / unit) - sum(floors.values())
    by_remainder = sorted(exact, key=lambda key: (floors[key] - units[key], key))
    for key in by_remainder[:left]:
        floors[key] += 1
    return {key: sign * floors[key] * unit for key in exact}
