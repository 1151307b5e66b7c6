"""Who gets what of a royalty (the waterfall), interest on what came late, and how a report compares."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from licensing.royalties.engine.amounts import ZERO, rounded


class TakenOf(StrEnum):
    """What a share is a fraction of."""

    GROSS = "gross"
    NET_OF_TAX = "net_of_tax"
    REMAINDER = "remainder"  # what those before have left


@dataclass(frozen=True)
class Share:
    """One party's fraction; the last party of a waterfall gets what is left and has none."""

    party: str
    fraction: Decimal
    of: TakenOf


def waterfall(
    amount: Decimal, shares: Sequence[Share], *, rest_to: str, tax: Decimal = ZERO, currency: str
) -> dict[str, Decimal]:
    """Return party → amount, in order; the parts sum to the amount less tax.

    :raises ValueError: the shares come to more than there is.
    """
    left = amount - tax
    parts: dict[str, Decimal] = {}
    for share in shares:
        whole = {TakenOf.GROSS: amount, TakenOf.NET_OF_TAX: amount - tax, TakenOf.REMAINDER: left}[share.of]
        parts[share.party] = rounded(whole * share.fraction, currency)
        left -= parts[share.party]
    if left * amount < 0:
        raise ValueError("The shares come to more than there is.")
    parts[rest_to] = parts.get(rest_to, ZERO) + left
    return parts


class Compounding(StrEnum):
    """Whether interest bears interest."""

    SIMPLE = "simple"
    COMPOUND = "compound"


@dataclass(frozen=True)
class Interest:
    """A clause on late payment: a yearly rate by days of 365, or one for each so many days, compounding."""

    rate: Decimal
    kind: Compounding
    every_days: int = 365


def late_interest(clause: Interest, amount: Decimal, *, due: date, paid: date, currency: str) -> Decimal:
    """Return the interest from the day after ``due`` to ``paid``, both included; nothing when paid in time."""
    days = max((paid - due).days, 0)
    if clause.kind == Compounding.SIMPLE:
        return rounded(amount * clause.rate * days / clause.every_days, currency)
    periods, rest = divmod(days, clause.every_days)
    grown = amount * (1 + clause.rate) ** periods
    return rounded(grown * (1 + clause.rate * rest / clause.every_days) - amount, currency)


@dataclass(frozen=True)
class Variance:
    """How a licensee's own figure differs from ours; ``within`` the tolerance of the agreement or not."""

    amount: Decimal
    percent: Decimal
    within: bool


def variance(*, reported: Decimal, calculated: Decimal, least: Decimal, fraction: Decimal) -> Variance:
    """Compare; the tolerance is ``max(least, fraction × calculated)``, the percentage is of what we calculated."""
    difference = calculated - reported
    percent = (difference * 100 / calculated).quantize(Decimal("0.01")) if calculated else ZERO
    return Variance(difference, percent, abs(difference) <= max(least, abs(calculated) * fraction))
