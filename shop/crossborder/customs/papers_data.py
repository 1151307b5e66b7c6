"""What the templates are given: every text checked to be printable, every number written out."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from babel import Locale
from babel.numbers import get_currency_precision

from shop.crossborder.customs.dated_rules import rows
from shop.crossborder.customs.declaration import Declaration, DeclaredLine, Party
from shop.crossborder.customs.glyphs import Unprintable, missing, printable
from shop.crossborder.money import round_money

# Language of the second label → what typst calls it.
LOCALS = {
    "en": {"lang": "en", "region": "GB"},
    "zh-hans": {"lang": "zh", "region": "CN"},
    "fr": {"lang": "fr", "region": "FR"},
    "ja": {"lang": "ja", "region": "JP"},
}


@cache
def _labels() -> tuple[dict[str, str], ...]:
    return tuple(rows("labels"))


def labels(language: str) -> dict[str, dict[str, str]]:
    """Return key → the label in English (``en``) and in the second language (``local``)."""
    return {row["key"]: {"en": row["en"], "local": row[language]} for row in _labels()}


def amount(value: Decimal, currency: str) -> str:
    """Return an amount with exactly the currency's decimals and separators of thousands: ``1,234.50``."""
    return f"{round_money(value, currency):,.{get_currency_precision(currency)}f}"


def kilograms(grams: int) -> str:
    """Return a weight as the forms want it, in kilograms with three decimals."""
    return f"{Decimal(grams) / 1000:.3f}"


def country(code: str) -> str:
    """Return a country's English name."""
    return str(Locale("en").territories.get(code, code))


def _all_printable(lines: Iterable[str]) -> bool:
    return not any(missing(line) for line in lines)


def party(it: Party) -> dict[str, Any]:
    """Return a party's block: ``lines`` in Latin letters or as given, ``local`` the same in the country's script.

    A local block with letters that the fonts lack (Hangul) is left out where there is a Latin one.

    :raises Unprintable: there is no Latin block, and the letters cannot be printed.
    """
    local = it.local or (it.label() if it.lines else ())
    if it.latin:
        lines = [printable(line) for line in it.latin]
        shown = [printable(line) for line in local] if _all_printable(local) else []
        # The name and street in Latin letters twice would only confuse.
        second = shown if any(not line.isascii() for line in shown) and shown != lines else []
    else:
        lines = [printable(line) for line in local]
        second = []
    named = country(it.country)
    if not lines or lines[-1].casefold() not in {named.casefold(), it.country.casefold()}:
        lines.append(named.upper())
    return {
        "lines": lines,
        "local": second,
        "phone": printable(it.phone),
        "email": printable(it.email),
        "references": [[label, printable(number)] for label, number in it.references.printed()],
    }


def name(it: Party) -> str:
    """Return a party's name in letters that can be printed."""
    own = it.company or it.name
    return printable(it.latin[0] if it.latin and missing(own) else own)


def _local(line: DeclaredLine, language: str) -> str:
    text = line.description_local
    return "" if language == "en" or missing(text) else printable(text)


def line(it: DeclaredLine, number: int, language: str) -> dict[str, str]:
    """Return one line with everything that is printed of it."""
    sentence = labels(language)["reproduction_line"]["local"] if it.reproduction and language != "en" else ""
    return {
        "number": str(number),
        "description": printable(it.description),
        "local": _local(it, language),
        "composition": printable(it.composition),
        "merchant_id": printable(it.merchant_product_id),
        "manufacturer_id": printable(it.manufacturer_product_id),
        "reproduction": it.reproduction_statement,
        "reproduction_local": sentence.format(year=it.reproduction_year),
        "hs": it.hs_code,
        "origin": it.origin,
        "quantity": str(it.quantity),
        "net_kg": kilograms(it.net_weight_g),
        "unit_value": amount(it.unit_value, it.currency),
        "value": amount(it.value, it.currency),
    }


def common(it: Declaration, *, title: str, language: str) -> dict[str, Any]:
    """Return what every paper shows.

    :raises Unprintable: some text has characters that the fonts lack.
    :raises LookupError: the papers are not made in this language.
    """
    if language not in LOCALS:
        raise LookupError(f"Papers are made in {', '.join(LOCALS)}, not in {language}.")
    return {
        "title": f"{title} {printable(it.invoice_number)}",
        "author": name(it.sender),
        "local": LOCALS[language],
        "number": printable(it.number),
        "date": it.on.isoformat(),
        "invoice_number": printable(it.invoice_number),
        "seller_name": name(it.sender),
        "sender": party(it.sender),
        "addressee": party(it.addressee),
        "importer": None if it.importer is None or it.importer == it.addressee else party(it.importer),
        "currency": it.currency,
        "lines": [line(one, place, language) for place, one in enumerate(it.lines, start=1)],
        "goods": amount(it.goods_value, it.currency),
        "freight": amount(it.freight, it.currency),
        "total": amount(it.total, it.currency),
        "gross_kg": kilograms(it.gross_weight_g),
        "net_kg": kilograms(it.net_weight_g),
        "comments": printable(it.comments),
    }


def unprintable(it: Declaration) -> list[tuple[str, Unprintable]]:
    """Return JSON Pointer and refusal of every text that would stop the papers."""
    found = []
    texts = [
        (f"/{field}", getattr(it, field))
        for field in ("number", "invoice_number", "incoterm_place", "origin_statement", "comments", "route", "tracking")
    ]
    for place, one in enumerate(it.lines):
        fields = ("description", "composition", "merchant_product_id", "manufacturer_product_id")
        texts += [(f"/lines/{place}/{field}", getattr(one, field)) for field in fields]
    for pointer, text in texts:
        try:
            printable(text)
        except Unprintable as refused:
            found.append((pointer, refused))
    for pointer, who in (("/sender", it.sender), ("/addressee", it.addressee), ("/importer", it.importer)):
        if who is not None:
            try:
                party(who), name(who)
            except Unprintable as refused:
                found.append((pointer, refused))
    return found
