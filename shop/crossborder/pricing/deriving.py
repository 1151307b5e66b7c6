"""A price from the base price: base × rate × margin, with tax taken off or put on, at a price point."""

from dataclasses import dataclass
from decimal import Decimal

from shop.crossborder.pricing.points import PricePoints, to_point


@dataclass(frozen=True)
class TaxShift:
    """Rates (fractions) that turn a base price with or without tax into the other kind; zero does nothing."""

    taken_off: Decimal = Decimal(0)
    put_on: Decimal = Decimal(0)


AS_IT_STANDS = TaxShift()


def tax_shift(
    *, base_includes_tax: bool, target_includes_tax: bool, base_rate: Decimal, target_rate: Decimal
) -> TaxShift:
    """Return the shift between two markets.

    A price with tax becomes one without at the base market's rate, one without becomes one with at the target's.
    Two markets that both show tax keep the shown price: the shopper compares what she pays, and the margin factor of
    the target covers what its tax takes more.
    """
    if base_includes_tax and not target_includes_tax:
        return TaxShift(taken_off=base_rate)
    if target_includes_tax and not base_includes_tax:
        return TaxShift(put_on=target_rate)
    return AS_IT_STANDS


def derive(
    *, base: Decimal, rate: Decimal, margin: Decimal, points: PricePoints, tax: TaxShift = AS_IT_STANDS
) -> Decimal:
    """Return the price at a point; ``base`` in the base currency, ``rate`` target units for one of it.

    Nothing is rounded before the price point.

    :raises ValueError: base, rate or margin is not above zero, or a tax rate is not a fraction.
    """
    for name, value in (("base price", base), ("rate", rate), ("margin factor", margin)):
        if not value.is_finite() or value <= 0:
            raise ValueError(f"The {name} must be above zero, not {value}.")
    for value in (tax.taken_off, tax.put_on):
        if not 0 <= value < 1:
            raise ValueError(f"A tax rate is a fraction from 0 to below 1, not {value}.")
    return to_point(base / (1 + tax.taken_off) * (1 + tax.put_on) * rate * margin, points)


def worth_suggesting(*, old: Decimal | None, new: Decimal, minimum: Decimal) -> bool:
    """Whether ``new`` differs from ``old`` by at least the fraction ``minimum`` of it; without an old price, always."""
    if old is None:
        return True
    return new != old and abs(new - old) >= minimum * old
