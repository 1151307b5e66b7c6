"""The papers themselves, as PDF: commercial invoice, CN 22, CN 23.

They are PDF/A-2b and PDF/UA-1 and the same declaration gives the same bytes. Nothing here checks the declaration
(:func:`shop.crossborder.customs.checking.check`); only what no font can print is refused.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from shop.crossborder.customs import code128, papers_data
from shop.crossborder.customs.dated_rules import form_limit
from shop.crossborder.customs.declaration import Declaration
from shop.crossborder.customs.glyphs import printable
from shop.crossborder.customs.typesetting import TooLong, typeset


class Form(StrEnum):
    """The two customs forms of the post."""

    CN22 = "CN 22"
    CN23 = "CN 23"


@dataclass(frozen=True)
class Choice:
    """Which form a parcel needs, and why."""

    form: Form
    reason: str


def _in_currency(declaration: Declaration, currency: str, rates: Mapping[str, Decimal]) -> Decimal | None:
    """Return the goods' value in another currency, by ``rates`` or the declaration's own; None: neither knows it."""
    if currency == declaration.currency:
        return declaration.goods_value
    if currency in rates:
        return declaration.goods_value / rates[currency]
    fx = declaration.fx
    if fx and (fx.base, fx.quote) == (currency, declaration.currency):
        return declaration.goods_value / fx.rate
    if fx and (fx.base, fx.quote) == (declaration.currency, currency):
        return declaration.goods_value * fx.rate
    return None


def choose_form(
    declaration: Declaration, *, operator: str = "royal-mail", rates: Mapping[str, Decimal] | None = None
) -> Choice:
    """Return the form that the operator wants for this parcel on the day of the declaration.

    A CN 22 is for letter-post items within the operator's limits of value and weight (``data/form_limits.csv``).
    ``rates`` gives units of the declaration's currency for one unit of another. Where the value cannot be compared the
    CN 23 is chosen, which is right for any value.

    :raises LookupError: no limit of this operator is known.
    """
    limit = form_limit(operator, declaration.on)
    if declaration.item_id and declaration.item_id.is_parcel:
        return Choice(Form.CN23, f"{declaration.item_id.spaced} is a parcel; parcels carry a CN 23.")
    if declaration.gross_weight_g > limit.weight_limit_g:
        return Choice(Form.CN23, f"It weighs more than {limit.weight_limit_g} g ({limit.source}).")
    value = _in_currency(declaration, limit.currency, rates or {})
    if value is None:
        return Choice(Form.CN23, f"No rate from {declaration.currency} to {limit.currency} is at hand.")
    if value > limit.value_limit:
        return Choice(
            Form.CN23, f"The goods are worth more than {limit.currency} {limit.value_limit} ({limit.source})."
        )
    return Choice(Form.CN22, f"The goods are worth at most {limit.currency} {limit.value_limit} ({limit.source}).")


def _barcode(declaration: Declaration) -> dict[str, Any] | None:
    if declaration.item_id is None:
        return None
    return {"bars": code128.module_widths(str(declaration.item_id)), "spaced": declaration.item_id.spaced}


def commercial_invoice(declaration: Declaration, *, language: str = "en") -> bytes:
    """Return the commercial invoice, in English, with labels also in ``language`` (zh-hans, fr, ja; en: English only).

    :raises shop.crossborder.customs.glyphs.Unprintable: some text has characters that the fonts lack.
    :raises LookupError: invoices are not made in this language.
    """
    it, currency = declaration, declaration.currency
    data = papers_data.common(it, title="Commercial invoice", language=language)
    sums = [["goods", f"{currency} {data['goods']}"], ["freight", f"{currency} {data['freight']}"]]
    sums.append(["insurance", f"{currency} {papers_data.amount(it.insurance, currency)}"])
    notes = []
    if it.fx:
        rate = f"{it.fx.base} 1 = {it.fx.quote} {it.fx.rate.normalize():f} ({it.fx.on.isoformat()}, {it.fx.source})"
        notes.append(["fx", printable(rate)])
    if it.route:
        notes.append(["route", printable(it.route)])
    if it.origin_statement:
        notes.append(["origin_statement", printable(it.origin_statement)])
    if it.comments:
        notes.append(["comments", data["comments"]])
    data |= {
        "labels": papers_data.labels(language),
        "incoterm": printable(f"{it.incoterm} {it.incoterm_place}"),
        "weight": f"{data['gross_kg']} / {data['net_kg']} kg",
        "item_id": it.item_id.spaced if it.item_id else printable(it.tracking),
        "taxes_collected": papers_data.amount(it.taxes_collected, currency) if it.taxes_collected else "",
        "sums": sums,
        "notes": notes,
    }
    return typeset("invoice", data, on=it.on)


def _postal(declaration: Declaration, form: Form, operator_name: str) -> dict[str, Any]:
    data = papers_data.common(declaration, title=form, language="en")
    importer = declaration.importer_of_record
    return data | {
        "operator": printable(operator_name),
        "barcode": _barcode(declaration),
        "importer_references": [[label, printable(number)] for label, number in importer.references.printed()],
    }


def cn22(declaration: Declaration, *, operator_name: str = "Royal Mail") -> bytes:
    """Return the CN 22 label, 74 × 105 mm.

    :raises shop.crossborder.customs.glyphs.Unprintable: some text has characters that the fonts lack.
    :raises shop.crossborder.customs.typesetting.TooLong: the label has not enough room; a CN 23 has.
    """
    return typeset("cn22", _postal(declaration, Form.CN22, operator_name), on=declaration.on)


def cn23(declaration: Declaration, *, operator_name: str = "Royal Mail", paper: str = "") -> bytes:
    """Return the CN 23 on ``paper`` a5 (landscape, one sheet) or a4 (with further sheets); empty: a5 if it has room.

    :raises shop.crossborder.customs.glyphs.Unprintable: some text has characters that the fonts lack.
    :raises shop.crossborder.customs.typesetting.TooLong: a5 was asked for and has not enough room.
    :raises ValueError: another paper.
    """
    if paper not in {"", "a4", "a5"}:
        raise ValueError(f"A CN 23 is printed on a4 or a5, not on {paper}.")
    data = _postal(declaration, Form.CN23, operator_name)
    if not paper:
        with suppress(TooLong):
            return typeset("cn23", data | {"paper": "a5"}, on=declaration.on)
    return typeset("cn23", data | {"paper": paper or "a4"}, on=declaration.on)


def postal_form(
    declaration: Declaration,
    *,
    operator: str = "royal-mail",
    operator_name: str = "Royal Mail",
    rates: Mapping[str, Decimal] | None = None,
) -> tuple[Choice, bytes]:
    """Return the form that the parcel needs, with the reason, and its PDF. A CN 22 without enough room becomes a CN 23.

    :raises LookupError: no limit of this operator is known.
    :raises shop.crossborder.customs.glyphs.Unprintable: some text has characters that the fonts lack.
    """
    choice = choose_form(declaration, operator=operator, rates=rates)
    if choice.form is Form.CN22:
        with suppress(TooLong):
            return choice, cn22(declaration, operator_name=operator_name)
        choice = Choice(Form.CN23, "The lines do not fit on the label of a CN 22.")
    return choice, cn23(declaration, operator_name=operator_name)
