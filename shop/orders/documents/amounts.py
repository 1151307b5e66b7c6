"""What an order charged, taken apart by line and rate of tax so that the parts add up to its total. Pure.

Money is ``Decimal`` in the order's currency, exact to its minor unit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from shop.crossborder.landed_cost.money import apportion, minor_unit

ZERO = Decimal(0)


class What(StrEnum):
    """What a charge is for."""

    GOODS = "goods"
    DELIVERY = "delivery"
    DUTY = "duty"
    FEES = "fees"


class DoesNotAddUp(ValueError):
    """The order's amounts contradict each other."""


@dataclass(frozen=True)
class Group:
    """What is taxed alike: the treatment's name, the tax's name, and its rate (None: no tax is charged)."""

    treatment: str
    tax_name: str
    rate: Decimal | None


@dataclass(frozen=True)
class Sold:
    """An order line. ``amount`` contains ``tax`` where the order's prices do; ``shipping`` and ``duty`` are its share.

    ``charged``: the seller takes tax on it; what is due at the door is not the seller's to take.
    """

    position: int
    quantity: int
    amount: Decimal
    tax: Decimal
    group: Group
    charged: bool
    shipping: Decimal = ZERO
    duty: Decimal = ZERO
    fees: Decimal = ZERO
    duty_due: Decimal = ZERO  # duty of which only the tax was taken: it is itself paid at the door

    @property
    def rate(self) -> Decimal:
        """The rate that is charged."""
        return self.group.rate or ZERO if self.charged else ZERO


@dataclass(frozen=True)
class Sums:
    """The order's amounts: ``total`` = ``goods + shipping + duty + fees + tax - tax_in_prices``.

    ``untaxed_fees`` is the part of ``fees`` on which no tax is due.
    """

    currency: str
    tax_included: bool
    goods: Decimal
    shipping: Decimal
    duty: Decimal
    fees: Decimal
    tax: Decimal
    tax_in_prices: Decimal
    total: Decimal
    untaxed_fees: Decimal = ZERO


@dataclass(frozen=True)
class Charge:
    """One amount on the invoice. ``position`` is the order line's, 0 for what belongs to the whole order."""

    what: What
    net: Decimal
    tax: Decimal
    group: Group
    position: int = 0
    quantity: int = 1

    @property
    def gross(self) -> Decimal:
        """What is paid for it."""
        return self.net + self.tax


@dataclass(frozen=True)
class RateRow:
    """The sums of what is taxed alike."""

    group: Group
    net: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        """Net and tax."""
        return self.net + self.tax


def charges(sums: Sums, lines: Sequence[Sold]) -> list[Charge]:
    """Return the goods line by line, then delivery, duty and fees by rate; gross amounts add up to the total.

    The order keeps the tax on goods line by line and the rest as a sum, which is shared over delivery, duty and fees in
    proportion to the tax that each bears.

    :raises DoesNotAddUp: naming the amounts that contradict each other.
    """
    _check(sums, lines)
    unit = minor_unit(sums.currency)
    lines = _shared(sums, lines, unit)
    goods = _goods(sums, lines, unit)
    goods_tax = sum((one.tax for one in goods), ZERO)
    delivery = [(What.DELIVERY, line, line.shipping) for line in lines]
    others = [(What.DUTY, line, line.duty) for line in lines] + [(What.FEES, line, line.fees) for line in lines]
    if sums.tax_included:
        found = _taxed(delivery, sums.tax_in_prices - goods_tax, unit, contained=True)
        on_top = sums.tax - sums.tax_in_prices
        borne = any(amount for _what, _line, amount in others)
        found += _taxed(others, on_top, unit, contained=False) if borne else _on_duty_due(lines, on_top, unit)
    else:
        found = _taxed(delivery + others, sums.tax - goods_tax, unit, contained=False)
    rest = [Charge(What.FEES, sums.untaxed_fees, ZERO, Group("untaxed", "", None))] if sums.untaxed_fees else []
    whole = [*goods, *_merged(found), *rest]
    if sum((one.gross for one in whole), ZERO) != sums.total:
        raise DoesNotAddUp(f"The parts add up to {sum(one.gross for one in whole)}, not to {sums.total}.")
    return whole


def by_rate(found: Iterable[Charge]) -> list[RateRow]:
    """Return the sums of what is taxed alike, the highest rate first and what is not taxed last."""
    rows: dict[Group, RateRow] = {}
    for one in found:
        row = rows.get(one.group, RateRow(one.group, ZERO, ZERO))
        rows[one.group] = replace(row, net=row.net + one.net, tax=row.tax + one.tax)
    return sorted(rows.values(), key=lambda row: (row.group.rate is None, -(row.group.rate or ZERO)))


def _check(sums: Sums, lines: Sequence[Sold]) -> None:
    goods = sum((line.amount for line in lines), ZERO)
    if not lines or goods != sums.goods:
        raise DoesNotAddUp(f"The lines add up to {goods}, not to the {sums.goods} of the goods.")
    if sums.untaxed_fees > sums.fees:
        raise DoesNotAddUp(f"Of fees of {sums.fees}, {sums.untaxed_fees} cannot be without tax.")
    contained = sum((line.tax for line in lines), ZERO) if sums.tax_included else ZERO
    if contained > sums.tax_in_prices or sums.tax_in_prices > sums.tax:
        raise DoesNotAddUp(f"The lines contain {contained} of tax, all prices {sums.tax_in_prices} of {sums.tax}.")


def _shared(sums: Sums, lines: Sequence[Sold], unit: Decimal) -> list[Sold]:
    """Return the lines with shares that add up: those of the quote where they do, else shares by amount."""
    weights = [line.amount for line in lines]
    found = list(lines)
    if sum((line.shipping for line in found), ZERO) != sums.shipping:
        shares = apportion(sums.shipping, weights, unit)
        found = [replace(line, shipping=share) for line, share in zip(found, shares, strict=True)]
    if sum((line.duty for line in found), ZERO) != sums.duty:
        shares = apportion(sums.duty, weights, unit)
        found = [replace(line, duty=share) for line, share in zip(found, shares, strict=True)]
    if sum((line.fees for line in found), ZERO) != sums.fees - sums.untaxed_fees:
        shares = apportion(sums.fees - sums.untaxed_fees, weights, unit)
        found = [replace(line, fees=share) for line, share in zip(found, shares, strict=True)]
    return found


def _goods(sums: Sums, lines: Sequence[Sold], unit: Decimal) -> list[Charge]:
    taxes = [line.tax if line.charged else ZERO for line in lines]
    if not sums.tax_included and sum(taxes, ZERO) > sums.tax:
        # The lines say what would be due; the order what was taken.
        taxes = apportion(sums.tax, taxes, unit)
    return [
        Charge(
            What.GOODS,
            line.amount - tax if sums.tax_included else line.amount,
            tax,
            line.group,
            position=line.position,
            quantity=line.quantity,
        )
        for line, tax in zip(lines, taxes, strict=True)
    ]


def _taxed(
    parts: Sequence[tuple[What, Sold, Decimal]], tax: Decimal, unit: Decimal, *, contained: bool
) -> list[Charge]:
    """Share a tax over amounts by what each bears. ``contained``: the amounts contain it."""
    if not parts:
        return []
    bearing = [
        amount * line.rate / (1 + line.rate) if contained else amount * line.rate for _what, line, amount in parts
    ]
    weights = bearing if any(bearing) else [amount for _what, _line, amount in parts]
    shares = apportion(tax, weights, unit)
    return [
        Charge(what, amount - share if contained else amount, share, line.group)
        for (what, line, amount), share in zip(parts, shares, strict=True)
    ]


def _on_duty_due(lines: Sequence[Sold], tax: Decimal, unit: Decimal) -> list[Charge]:
    """Return the tax on duty that is paid at the door, where the tax was taken at the sale: nothing net."""
    weights = [line.duty_due * line.rate for line in lines]
    shares = apportion(tax, weights if any(weights) else [line.amount * line.rate for line in lines], unit)
    return [Charge(What.DUTY, ZERO, share, line.group) for line, share in zip(lines, shares, strict=True)]


def _merged(found: Iterable[Charge]) -> list[Charge]:
    """Return one charge for each kind and rate; what comes to nothing is left out."""
    sums: dict[tuple[What, Group], Charge] = {}
    for one in found:
        key = (one.what, one.group)
        before = sums.get(key)
        sums[key] = replace(before, net=before.net + one.net, tax=before.tax + one.tax) if before else one
    order = list(What)
    return [one for key, one in sorted(sums.items(), key=lambda it: order.index(it[0][0])) if one.net or one.tax]
