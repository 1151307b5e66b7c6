"""The frozen content of an invoice: everything that is printed, as JSON, with the exact amounts behind it. Pure.

``amounts`` are numbers as text; every other text stands on the paper as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from shop.crossborder.addresses.layout import lines as postal_lines
from shop.crossborder.addresses.phones import readable_phone
from shop.crossborder.addresses.rules import reads_locally
from shop.crossborder.models import Seller
from shop.crossborder.money import text
from shop.orders import wording
from shop.orders.documents import writing
from shop.orders.documents.amounts import ZERO, Charge, Group, RateRow, What, by_rate
from shop.orders.documents.rules import labels, registration_rule
from shop.orders.documents.treatment import AT_THE_BORDER, Number

LAYOUT = 1  # version of this structure


@dataclass(frozen=True)
class Item:
    """What the paper says of a charge: a description, smaller lines beneath, and the charge itself."""

    description: str
    details: tuple[str, ...]
    charge: Charge
    order_line: int | None = None


@dataclass(frozen=True)
class Paper:
    """The facts of one document. ``facts`` are label keys with texts; ``notes`` the sentences that the law wants."""

    kind: str
    language: str
    currency: str
    number: str
    heading: str
    seller: Seller
    seller_numbers: tuple[Number, ...]
    buyer: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    items: tuple[Item, ...]
    notes: tuple[Mapping[str, str], ...]
    closing: str
    asides: tuple[str, ...] = ()


def seller_block(seller: Seller, numbers: Sequence[Number], language: str) -> dict[str, Any]:
    """Return how the seller is named: name, address, how to reach it, and the numbers that may be printed."""
    words = labels(language)
    town = " ".join(part for part in (seller.postcode, seller.city) if part)
    if seller.country == "GB":
        town = " ".join(part for part in (seller.city, seller.postcode) if part)
    phone = readable_phone(seller.phone, seller.country) if seller.phone else ""
    address = [seller.line1, seller.line2, town, seller.region, writing.country(seller.country, language)]
    printed = [(words["company_no"], seller.company_number)] if seller.company_number else []
    for one in numbers:
        rule = registration_rule(one.kind)
        if rule.printed:
            printed.append((words[rule.label], one.number))
    return {
        "name": writing.legible(seller.legal_name),
        "address": [writing.legible(part) for part in address if part],
        "contact": [writing.legible(part) for part in (seller.email, phone) if part],
        "numbers": [[label, writing.legible(number)] for label, number in dict.fromkeys(printed)],
    }


def address_block(ship_to: Mapping[str, Any], country: str, language: str) -> tuple[str, ...]:
    """Return the buyer's name and address, in the order of its country, in the script the reader reads."""
    local = reads_locally(country, language)
    try:
        found = postal_lines(
            {**ship_to, "country": country}, latin=not local, country=writing.country(country, language)
        )
    except KeyError:
        found = wording.address(ship_to)
    return tuple(writing.legible(line) for line in found)


def rate_words(group: Group, language: str) -> str:
    """Return the rate as the table has it; a dash where no tax is charged."""
    return "–" if group.rate is None else writing.percent(group.rate, language)


def tax_words(group: Group, language: str) -> str:
    """Return what the tax is called: its own name, the import's where customs is paid."""
    words = labels(language)
    if group.rate is None:
        return words["no_tax"]
    name = writing.legible(group.tax_name)
    if group.treatment in AT_THE_BORDER:
        return f"{words['import_tax']} ({name})" if name else words["import_tax"]
    return name or words["taxed_as"]


def name_of(charge: Charge, words: Mapping[str, str]) -> str:
    """Return what a charge that is not for goods is called."""
    if charge.what is What.DUTY and not charge.net:
        return words["tax_on_duty"]
    return words[str(charge.what)]


def compose(paper: Paper) -> dict[str, Any]:
    """Return the frozen content of an invoice or credit note."""
    words, language, currency = labels(paper.language), paper.language, paper.currency
    found = [item.charge for item in paper.items]
    rates = by_rate(found)
    net = sum((row.net for row in rates), ZERO)
    tax = sum((row.tax for row in rates), ZERO)
    total_label = words["total_credited" if paper.kind == "credit_note" else "total"]
    return {
        "layout": LAYOUT,
        "kind": paper.kind,
        "title": f"{paper.heading} {paper.number}",
        "heading": paper.heading,
        "number": paper.number,
        "language": language,
        "local": writing.TYPESET[language],
        "seller": seller_block(paper.seller, paper.seller_numbers, language),
        "buyer": list(paper.buyer),
        "facts": [[words[key], writing.legible(value)] for key, value in paper.facts if value],
        "labels": {
            key: words[key]
            for key in (
                "number", "seller", "buyer", "description", "quantity", "unit_net", "net", "rate", "tax", "gross",
                "tax_summary", "taxed_as", "total_net", "total_tax", "page",
            )
        },
        "currency": currency,
        "lines": [_line(item, language, currency) for item in paper.items],
        "rates": [_rate(row, language, currency) for row in rates],
        "sums": {
            "net": writing.money(net, currency, language),
            "tax": writing.money(tax, currency, language),
            "total": writing.money(net + tax, currency, language),
            "total_label": total_label,
        },
        "notes": [note["text"] for note in paper.notes],
        "closing": paper.closing,
        "asides": [writing.legible(one) for one in paper.asides],
        "sources": [{"about": note["about"], "source": note["source"]} for note in paper.notes],
        "amounts": {
            "net": text(net, currency),
            "tax": text(tax, currency),
            "total": text(net + tax, currency),
            "lines": [_exact(item, currency) for item in paper.items],
        },
    }  # fmt: skip


def _line(item: Item, language: str, currency: str) -> dict[str, Any]:
    charge = item.charge
    goods = charge.what is What.GOODS

    def figure(amount: Decimal) -> str:
        return writing.figure(amount, currency, language)

    return {
        "description": writing.legible(item.description),
        "details": [writing.legible(one) for one in item.details if one],
        "quantity": f"{'−' if charge.net < 0 else ''}{charge.quantity}" if goods else "",
        "unit_net": writing.unit_figure(abs(charge.net) / charge.quantity, currency, language) if goods else "",
        "net": figure(charge.net),
        "rate": rate_words(charge.group, language),
        "tax": figure(charge.tax),
        "gross": figure(charge.gross),
    }


def _rate(row: RateRow, language: str, currency: str) -> dict[str, str]:
    return {
        "name": tax_words(row.group, language),
        "rate": rate_words(row.group, language),
        "net": writing.figure(row.net, currency, language),
        "tax": writing.figure(row.tax, currency, language),
        "gross": writing.figure(row.gross, currency, language),
    }


def _exact(item: Item, currency: str) -> dict[str, Any]:
    charge = item.charge
    rate = charge.group.rate
    return {
        "what": str(charge.what),
        "order_line": item.order_line,
        "description": item.description,
        "quantity": charge.quantity,
        "net": text(charge.net, currency),
        "tax": text(charge.tax, currency),
        "treatment": charge.group.treatment,
        "tax_name": charge.group.tax_name,
        "rate": None if rate is None else f"{rate.normalize():f}",
    }


@dataclass(frozen=True)
class Frozen:
    """A charge of an issued invoice, read back."""

    description: str
    order_line: int | None
    charge: Charge


def frozen_charges(content: Mapping[str, Any]) -> list[Frozen]:
    """Return the exact charges of an issued document, in its order."""
    return [
        Frozen(
            row["description"],
            row["order_line"],
            Charge(
                What(row["what"]),
                Decimal(row["net"]),
                Decimal(row["tax"]),
                Group(row["treatment"], row["tax_name"], None if row["rate"] is None else Decimal(row["rate"])),
                quantity=row["quantity"],
            ),
        )
        for row in content["amounts"]["lines"]
    ]


def dates(pairs: Iterable[tuple[str, date | None]], language: str) -> list[tuple[str, str]]:
    """Return label keys with dates written out; what has no date yet is left out."""
    return [(key, writing.day(when, language)) for key, when in pairs if when]
