"""What a part of an order is worth when it is paid back. Pure.

Every share is the difference of two rounded running sums, so that any sequence of part refunds adds up to the whole to
the minor unit, in whatever order the parts come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from shop.crossborder.money import round_money

ZERO = Decimal(0)


@dataclass(frozen=True)
class SoldLine:
    """A line as it was charged: ``amount`` for all units (with its tax where prices contain it), and ``tax``."""

    id: int
    quantity: int
    amount: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Charged:
    """An order as it was charged, in its currency: ``total = goods + shipping + duty + fees + tax - tax_in_prices``."""

    currency: str
    lines: tuple[SoldLine, ...]
    goods: Decimal
    shipping: Decimal
    duty: Decimal
    fees: Decimal
    tax: Decimal
    tax_in_prices: Decimal

    @property
    def total(self) -> Decimal:
        """What the buyer paid."""
        return self.goods + self.shipping + self.duty + self.fees + self.tax - self.tax_in_prices


@dataclass(frozen=True)
class Done:
    """What was paid back before: units by line, and of the amount for delivery."""

    units: Mapping[int, int]
    shipping: Decimal = ZERO


@dataclass(frozen=True)
class LinePart:
    """Units of a line that are paid back: the goods' amount, and the tax on them (in it or on top of it)."""

    line_id: int
    quantity: int
    amount: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Part:
    """What is paid back: ``total = goods + shipping + duty + fees + tax_on_top``."""

    lines: tuple[LinePart, ...]
    goods: Decimal
    shipping: Decimal
    duty: Decimal
    fees: Decimal
    tax_on_top: Decimal

    @property
    def total(self) -> Decimal:
        """What goes back to the buyer."""
        return self.goods + self.shipping + self.duty + self.fees + self.tax_on_top


def _running(whole: Decimal, done: Decimal, of: Decimal, currency: str, *, complete: bool) -> Decimal:
    """Return what of ``whole`` belongs to ``done`` out of ``of``, rounded; all of it once everything is done."""
    if complete:
        return whole
    return min(round_money(whole * done / of, currency), whole) if of else ZERO


@dataclass(frozen=True)
class _Progress:
    """How far paying back has come: running sums over the lines, and whether all is done."""

    amounts: Mapping[int, Decimal]
    taxes: Mapping[int, Decimal]
    complete: bool
    shipping: Decimal

    @property
    def value(self) -> Decimal:
        return sum(self.amounts.values(), ZERO)

    @property
    def tax(self) -> Decimal:
        return sum(self.taxes.values(), ZERO)


def _progress(charged: Charged, units: Mapping[int, int], shipping: Decimal) -> _Progress:
    amounts, taxes = {}, {}
    for line in charged.lines:
        done, of = Decimal(units.get(line.id, 0)), Decimal(line.quantity)
        amounts[line.id] = _running(line.amount, done, of, charged.currency, complete=done == of)
        taxes[line.id] = _running(line.tax, done, of, charged.currency, complete=done == of)
    complete = all(units.get(line.id, 0) == line.quantity for line in charged.lines)
    return _Progress(amounts, taxes, complete, shipping)


def _extras(charged: Charged, at: _Progress) -> tuple[Decimal, Decimal, Decimal]:
    """Return duty, fees and tax on top that were paid back by then."""
    currency = charged.currency
    duty = _running(charged.duty, at.value, charged.goods, currency, complete=at.complete)
    fees = _running(charged.fees, at.value, charged.goods, currency, complete=at.complete)
    on_top = charged.tax - charged.tax_in_prices
    of_lines = sum((line.tax for line in charged.lines), ZERO)
    # Without delivery to bear it, all of the tax on top is the goods'.
    of_goods = min(of_lines, on_top) if charged.shipping else on_top
    tax = _running(of_goods, at.tax, of_lines, currency, complete=at.complete)
    if charged.shipping:
        whole = at.shipping == charged.shipping
        tax += _running(on_top - of_goods, at.shipping, charged.shipping, currency, complete=whole)
    return duty, fees, tax


def part_of(charged: Charged, *, done: Done, units: Mapping[int, int], shipping: Decimal) -> Part:
    """Return what is paid back for ``units`` (line id → units) and ``shipping``, after what was ``done``.

    Duty and fees follow the value of the goods. Tax on top of the prices follows the tax of the lines; what is left of
    it belongs to delivery.

    :raises ValueError: an unknown line, or more units or more for delivery than is left.
    """
    known = {line.id: line for line in charged.lines}
    for line_id, asked in units.items():
        left = known[line_id].quantity - done.units.get(line_id, 0) if line_id in known else 0
        if not 0 < asked <= left:
            raise ValueError(f"Line {line_id} has {left} units left to pay back, not {asked}.")
    if not 0 <= shipping <= charged.shipping - done.shipping:
        raise ValueError(f"For delivery {charged.shipping - done.shipping} is left to pay back, not {shipping}.")
    before = _progress(charged, done.units, done.shipping)
    sums = {line_id: done.units.get(line_id, 0) + units.get(line_id, 0) for line_id in known}
    after = _progress(charged, sums, done.shipping + shipping)
    duty, fees, tax = (
        late - early for late, early in zip(_extras(charged, after), _extras(charged, before), strict=True)
    )
    return Part(
        lines=tuple(
            LinePart(
                line_id,
                units[line_id],
                after.amounts[line_id] - before.amounts[line_id],
                after.taxes[line_id] - before.taxes[line_id],
            )
            for line_id in known
            if line_id in units
        ),
        goods=after.value - before.value,
        shipping=shipping,
        duty=duty,
        fees=fees,
        tax_on_top=tax,
    )
