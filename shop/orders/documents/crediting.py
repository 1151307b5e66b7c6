"""The content of a credit note: what a refund gives back, taken off the invoice that it corrects. Pure arithmetic.

Amounts of a refund are what goes back to the buyer, tax included, above zero; on the credit note they are negative.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from shop.crossborder.landed_cost.money import apportion, minor_unit
from shop.crossborder.money import round_money
from shop.orders.documents import writing
from shop.orders.documents.amounts import ZERO, Charge, What
from shop.orders.documents.content import Frozen, Item, Paper, compose, dates, frozen_charges
from shop.orders.documents.models import Invoice
from shop.orders.documents.rules import labels


class TooMuch(ValueError):
    """More would be credited than was invoiced."""


@dataclass(frozen=True)
class CreditedLine:
    """Units of an order line that are given back. ``amount`` contains ``tax`` (None: in proportion to the invoice's).

    ``order_line``: the row's id.
    """

    order_line: int
    units: int
    amount: Decimal
    tax: Decimal | None = None


@dataclass(frozen=True)
class Credit:
    """The facts of a refund that succeeded, each amount with its tax, in the order's currency.

    ``taxes`` says how much tax a part contains, by its name (``shipping``, ``duty``, ``fees``); a part that it leaves
    out contains tax in proportion to the invoice's. ``reduction`` is given back on the whole without naming anything
    (goodwill). ``reason`` is a code of ``Refund.Reason``; one that the labels do not know is not printed.
    """

    refund_id: UUID
    order_id: UUID
    lines: tuple[CreditedLine, ...] = ()
    shipping: Decimal = ZERO
    duty: Decimal = ZERO
    fees: Decimal = ZERO
    reduction: Decimal = ZERO
    taxes: tuple[tuple[str, Decimal], ...] = ()
    reason: str = ""

    @property
    def total(self) -> Decimal:
        """What goes back in all."""
        parts = self.shipping + self.duty + self.fees + self.reduction
        return parts + sum((line.amount for line in self.lines), ZERO)


PARTS = {"shipping": What.DELIVERY, "duty": What.DUTY, "fees": What.FEES}


def credited(credit: Credit, invoiced: Sequence[Frozen], currency: str) -> list[Frozen]:
    """Return the credit note's charges, negative, each taxed as the invoice's was.

    :raises TooMuch: a part is not on the invoice, or less of it.
    :raises ValueError: an amount is below zero, has too many decimals, or nothing is credited.
    """
    _check(credit, currency)
    taxes = dict(credit.taxes)
    found = [_line(line, invoiced, currency) for line in credit.lines]
    for name, what in PARTS.items():
        amount: Decimal = getattr(credit, name)
        if amount:
            of_kind = [one for one in invoiced if one.charge.what is what]
            found += _shared(amount, taxes.get(name), of_kind, currency, what)
    if credit.reduction:
        found += _shared(credit.reduction, taxes.get("reduction"), list(invoiced), currency, None)
    return [replace(one, charge=_negative(one.charge)) for one in found]


def _check(credit: Credit, currency: str) -> None:
    amounts = [line.amount for line in credit.lines] + [line.tax for line in credit.lines if line.tax is not None]
    amounts += [credit.shipping, credit.duty, credit.fees, credit.reduction, *(tax for _name, tax in credit.taxes)]
    for amount in amounts:
        if amount < 0 or amount != round_money(amount, currency):
            raise ValueError(f"{amount} {currency} is no amount that can be credited.")
    if not credit.total:
        raise ValueError("Nothing is credited.")


def _negative(charge: Charge) -> Charge:
    return replace(charge, net=-charge.net, tax=-charge.tax)


def _line(line: CreditedLine, invoiced: Sequence[Frozen], currency: str) -> Frozen:
    of_line = next((one for one in invoiced if one.order_line == line.order_line), None)
    if of_line is None or line.units > of_line.charge.quantity or line.amount > of_line.charge.gross:
        raise TooMuch(
            f"{line.units} units for {line.amount} {currency} of order line {line.order_line} were not invoiced."
        )
    if line.units < 1:
        raise ValueError("A credited line has at least one unit.")
    tax = line.tax
    if tax is None:
        gross = of_line.charge.gross
        tax = round_money(of_line.charge.tax * line.amount / gross, currency) if gross else ZERO
    charge = replace(of_line.charge, net=line.amount - tax, tax=tax, quantity=line.units)
    return replace(of_line, charge=charge)


def _shared(
    amount: Decimal, tax: Decimal | None, invoiced: Sequence[Frozen], currency: str, what: What | None
) -> list[Frozen]:
    """Share an amount over the invoice's charges, and its tax over what they bear."""
    gross = [one.charge.gross for one in invoiced]
    if amount > sum(gross, ZERO):
        raise TooMuch(f"{amount} {currency} for {what or 'the whole'} is more than the {sum(gross, ZERO)} invoiced.")
    unit = minor_unit(currency)
    shares = apportion(amount, gross, unit)
    whole = sum(gross, ZERO)
    if tax is None:
        tax = round_money(sum((one.charge.tax for one in invoiced), ZERO) * amount / whole, currency)
    taxes = apportion(tax, [one.charge.tax for one in invoiced], unit)
    found = []
    for one, share, its_tax in zip(invoiced, shares, taxes, strict=True):
        charge = replace(one.charge, what=what or What.REDUCTION, net=share - its_tax, tax=its_tax, quantity=1)
        found.append(replace(one, charge=charge, order_line=None))
    return _merged(found)


def _merged(found: Iterable[Frozen]) -> list[Frozen]:
    """Return one charge for each kind and rate; what comes to nothing is left out."""
    sums: dict[Any, Frozen] = {}
    for one in found:
        key = (one.charge.what, one.charge.group)
        before = sums.get(key)
        if before:
            charge = replace(
                before.charge, net=before.charge.net + one.charge.net, tax=before.charge.tax + one.charge.tax
            )
            sums[key] = replace(before, charge=charge)
        else:
            sums[key] = one
    return [one for one in sums.values() if one.charge.net or one.charge.tax]


def credit_content(
    credit: Credit, *, invoice: Invoice, before: Sequence[Invoice], order_number: str, number: str, issued_on: date
) -> dict[str, Any]:
    """Return the frozen content of a credit note.

    :raises TooMuch: with the credit notes ``before``, more would be credited than was invoiced.
    :raises ValueError: as :func:`credited`.
    """
    left = invoice.total + sum((one.total for one in before), ZERO)
    if credit.total > left:
        raise TooMuch(f"Of invoice {invoice.number} {left:f} {invoice.currency} are left, not {credit.total}.")
    language = writing.language_of(invoice.language)
    words = labels(language)
    invoiced_on = writing.day(timezone.localdate(invoice.issued_at), language)
    reason = words.get(f"reason_{credit.reason}", "")
    facts = [
        *dates([("date_of_issue", issued_on)], language),
        ("corrects", f"{invoice.number}, {words['of_date']} {invoiced_on}"),
        ("order", order_number),
        ("reason", reason),
    ]
    paper = Paper(
        kind="credit_note",
        language=language,
        currency=invoice.currency,
        number=number,
        heading=words["credit_note"],
        seller=invoice.seller,
        seller_numbers=(),
        buyer=tuple(invoice.content["buyer"]),
        facts=tuple(facts),
        items=tuple(_item(one, words) for one in credited(credit, frozen_charges(invoice.content), invoice.currency)),
        notes=tuple(
            {"text": text, "source": source}
            for text, source in zip(invoice.content["notes"], invoice.content["sources"], strict=True)
        ),
        closing=words["credited"],
    )
    content = compose(paper)
    # Seller and numbers as they stood on the invoice.
    return content | {"seller": invoice.content["seller"]}


def _item(one: Frozen, words: dict[str, str]) -> Item:
    goods = one.charge.what is What.GOODS
    return Item(one.description if goods else words[str(one.charge.what)], (), one.charge, order_line=one.order_line)
