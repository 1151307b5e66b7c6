"""The content of a credit note: what a refund gives back, taken off the invoice that it corrects. Pure arithmetic.

Amounts of a refund are above zero, as the order charged them; on the credit note they are negative.
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
from shop.orders.documents.content import Frozen, Item, Paper, compose, dates, frozen_charges, name_of
from shop.orders.documents.models import Invoice
from shop.orders.documents.rules import labels
from shop.orders.documents.treatment import ABOUT_IMPORT


class TooMuch(ValueError):
    """More would be credited than was invoiced."""


@dataclass(frozen=True)
class CreditedLine:
    """Units of an order line that are given back. ``order_line``: the row's id.

    ``amount`` is the goods' as the order charged it: ``tax`` is in it where its prices contain tax, else on top.
    """

    order_line: int
    units: int
    amount: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Credit:
    """The facts of a refund that succeeded, in the order's currency: ``total`` is what went back.

    ``shipping`` contains its tax where prices do (``tax_included``). ``tax_on_top`` is the tax that was charged beyond
    the prices: all of it where they contain none, else that of duty and fees. ``reason`` is a code of the refund's; one
    that the labels do not know is not printed.
    """

    refund_id: UUID
    order_id: UUID
    tax_included: bool
    lines: tuple[CreditedLine, ...] = ()
    shipping: Decimal = ZERO
    duty: Decimal = ZERO
    fees: Decimal = ZERO
    tax_on_top: Decimal = ZERO
    reason: str = ""

    @property
    def total(self) -> Decimal:
        """What goes back in all."""
        rest = self.shipping + self.duty + self.fees + self.tax_on_top
        return rest + sum((line.amount for line in self.lines), ZERO)


def credited(credit: Credit, invoiced: Sequence[Frozen], currency: str) -> list[Frozen]:
    """Return the credit note's charges, negative, each taxed as the invoice's was; gross they are the credit's total.

    :raises TooMuch: a part is not on the invoice, or less of it.
    :raises ValueError: an amount is below zero, has too many decimals, or nothing is credited.
    """
    _check(credit, currency)
    unit = minor_unit(currency)
    taxes = _line_taxes(credit, unit)
    goods = [
        _line(line, tax, invoiced, contained=credit.tax_included, currency=currency)
        for line, tax in zip(credit.lines, taxes, strict=True)
    ]
    delivery = _shared(credit.shipping, What.DELIVERY, invoiced, contained=credit.tax_included, currency=currency)
    others = _shared(credit.duty, What.DUTY, invoiced, contained=False, currency=currency)
    others += _shared(credit.fees, What.FEES, invoiced, contained=False, currency=currency)
    rest = credit.tax_on_top - (ZERO if credit.tax_included else sum(taxes, ZERO))
    if others or (delivery and not credit.tax_included):
        # Prices that contain tax contain that of delivery.
        bearing = _on_top(others if credit.tax_included else [*delivery, *others], rest, unit)
        found = [*goods, *delivery, *bearing] if credit.tax_included else [*goods, *bearing]
    else:
        found = _on_top([*goods, *delivery], rest, unit)
    return [replace(one, charge=_negative(one.charge)) for one in _merged(found)]


def _check(credit: Credit, currency: str) -> None:
    amounts = [amount for line in credit.lines for amount in (line.amount, line.tax)]
    for amount in (*amounts, credit.shipping, credit.duty, credit.fees, credit.tax_on_top):
        if amount < 0 or amount != round_money(amount, currency):
            raise ValueError(f"{amount} {currency} is no amount that can be credited.")
    if not credit.total:
        raise ValueError("Nothing is credited.")
    if any(line.units < 1 for line in credit.lines):
        raise ValueError("A credited line has at least one unit.")


def _line_taxes(credit: Credit, unit: Decimal) -> list[Decimal]:
    """Return the tax of each line as it was taken: what is due at the door was not."""
    taxes = [line.tax for line in credit.lines]
    if not credit.tax_included and taxes and sum(taxes, ZERO) > credit.tax_on_top:
        return apportion(credit.tax_on_top, taxes, unit)
    return taxes


def _line(line: CreditedLine, tax: Decimal, invoiced: Sequence[Frozen], *, contained: bool, currency: str) -> Frozen:
    of_line = next((one for one in invoiced if one.order_line == line.order_line), None)
    whole = of_line.charge if of_line else None
    worth = (whole.gross if contained else whole.net) if whole else ZERO
    if of_line is None or line.units > of_line.charge.quantity or line.amount > worth:
        said = f"{line.units} units for {line.amount} {currency} of order line {line.order_line}"
        raise TooMuch(f"{said} were not invoiced.")
    net = line.amount - tax if contained else line.amount
    return replace(of_line, charge=replace(of_line.charge, net=net, tax=tax, quantity=line.units))


def _shared(amount: Decimal, what: What, invoiced: Sequence[Frozen], *, contained: bool, currency: str) -> list[Frozen]:
    """Share an amount over the invoice's charges of its kind; where it contains tax, that in the same proportion."""
    if not amount:
        return []
    charges = [one for one in invoiced if one.charge.what is what]
    worth = [one.charge.gross if contained else one.charge.net for one in charges]
    if amount > sum(worth, ZERO):
        raise TooMuch(f"{amount} {currency} of {what} is more than the {sum(worth, ZERO)} that were invoiced.")
    found = []
    for one, whole, share in zip(charges, worth, apportion(amount, worth, minor_unit(currency)), strict=True):
        tax = round_money(one.charge.tax * share / whole, currency) if contained and whole else ZERO
        found.append(replace(one, charge=replace(one.charge, net=share - tax, tax=tax)))
    return found


def _on_top(found: Sequence[Frozen], tax: Decimal, unit: Decimal) -> list[Frozen]:
    """Add a tax to charges, by what each bears at its rate."""
    if not found or not tax:
        return list(found)
    bearing = [one.charge.net * (one.charge.group.rate or ZERO) for one in found]
    shares = apportion(tax, bearing if any(bearing) else [one.charge.net for one in found], unit)
    return [
        replace(one, charge=replace(one.charge, tax=one.charge.tax + share))
        for one, share in zip(found, shares, strict=True)
    ]


def _negative(charge: Charge) -> Charge:
    return replace(charge, net=-charge.net, tax=-charge.tax)


def _merged(found: Iterable[Frozen]) -> list[Frozen]:
    """Leave out what comes to nothing."""
    return [one for one in found if one.charge.net or one.charge.tax or one.charge.what is What.GOODS]


def credit_content(
    credit: Credit, *, invoice: Invoice, before: Sequence[Invoice], order_number: str, number: str, issued_on: date
) -> dict[str, Any]:
    """Return the frozen content of a credit note.

    :raises TooMuch: with the credit notes ``before``, more would be credited than was invoiced.
    :raises ValueError: as :func:`credited`.
    """
    left = invoice.total + sum((one.total for one in before), ZERO)
    if credit.total > left:
        rest = writing.money(left, invoice.currency, "en")
        raise TooMuch(f"Of invoice {invoice.number} {rest} is left, not {credit.total}.")
    language = writing.language_of(invoice.language)
    words = labels(language)
    invoiced_on = writing.day(timezone.localdate(invoice.issued_at), language)
    reason = words.get(f"reason_{credit.reason}", "")
    facts = [
        *dates([("date_of_issue", issued_on)], language),
        ("corrects", f"{invoice.number} ({invoiced_on})"),
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
            {"text": text, **source}
            for text, source in zip(invoice.content["notes"], invoice.content["sources"], strict=True)
            # What customs may ask for was the invoice's to say.
            if source["about"] != ABOUT_IMPORT
        ),
        closing=words["credited"],
    )
    content = compose(paper)
    # Seller and numbers as they stood on the invoice.
    return content | {"seller": invoice.content["seller"]}


def _item(one: Frozen, words: dict[str, str]) -> Item:
    goods = one.charge.what is What.GOODS
    return Item(one.description if goods else name_of(one.charge, words), (), one.charge, order_line=one.order_line)
