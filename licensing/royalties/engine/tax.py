"""The payer country's taxes on royalties: value added, and withheld at the source."""

from dataclasses import dataclass
from decimal import Decimal

from licensing.royalties.engine.amounts import ZERO, rounded
from licensing.royalties.engine.terms import Bearing, Tax


@dataclass(frozen=True)
class Taxed:
    """``base`` is what the taxes are taken of; ``cost`` what leaves the payer, ``remitted`` what the payee receives."""

    base: Decimal
    vat: Decimal
    withheld: Decimal
    cost: Decimal
    remitted: Decimal


def taxed(clause: Tax | None, amount: Decimal, *, untaxed: Decimal = ZERO, currency: str) -> Taxed:
    """Return the taxes on a royalty of ``amount``; ``untaxed`` is paid beside it (a fund that is no royalty).

    *Inclusive*: the amount holds both taxes, so that base = amount / (1 + VAT). *Net of tax*: the payee receives the
    amount, so that base = amount / (1 - withholding). *Exclusive*: VAT comes on top, withholding is taken off.
    """
    if clause is None:
        return Taxed(amount, ZERO, ZERO, amount + untaxed, amount + untaxed)
    match clause.bearing:
        case Bearing.INCLUSIVE:
            base = rounded(amount / (1 + clause.vat), currency)
            vat = amount - base
            withheld = rounded(base * clause.withholding, currency)
            cost, remitted = amount, amount - vat - withheld
        case Bearing.NET_OF_TAX:
            base = rounded(amount / (1 - clause.withholding), currency)
            vat = rounded(base * clause.vat, currency)
            withheld = base - amount
            cost, remitted = base + vat, amount
        case Bearing.EXCLUSIVE:
            base = amount
            vat = rounded(base * clause.vat, currency)
            withheld = rounded(base * clause.withholding, currency)
            cost, remitted = amount + vat, amount - withheld
    return Taxed(base, vat, withheld, cost + untaxed, remitted + untaxed)
