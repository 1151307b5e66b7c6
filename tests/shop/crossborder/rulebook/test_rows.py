"""Rows as text: what is written is read again, and whatever is wrong is named."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.crossborder.rulebook.entries import (
    KINDS,
    Basis,
    Combine,
    Confidence,
    DutyKind,
    DutyRate,
    Entry,
    Fee,
    Place,
    Restriction,
    RowFault,
    Status,
    TaxRate,
    Threshold,
)
from shop.crossborder.rulebook.rows import parse, to_row
from tests.shop.crossborder.rulebook.rows_made import facts

WORDS = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters=";"), min_size=1, max_size=12)
CODES = st.from_regex(r"[A-Z]{2}(-[A-Z0-9]{1,10})?", fullmatch=True)
PATTERNS = {
    "key": st.from_regex(r"[a-z0-9][a-z0-9.-]{0,20}", fullmatch=True),
    "hs": st.from_regex(r"[0-9]{2,10}", fullmatch=True),
    "currency": st.from_regex(r"[A-Z]{3}", fullmatch=True),
    "country": st.from_regex(r"[A-Z]{2}", fullmatch=True),
    "origin": CODES,
    "jurisdiction": CODES,
    "tariff": CODES,
    "postcode": st.sampled_from([r"97[1-4]\d\d", "BT.*", r"35\d{3}|38\d{3}"]),
}
FILLED = {"key", "name", "code", "tax", "act", "country", "customs_territory", "jurisdiction", "currency", "route"}
PLAIN = {
    Decimal: st.decimals(0, Decimal("0.999999"), places=6),
    date: st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    bool: st.booleans(),
    int: st.integers(0, 99),
}


def _values(kind, field):
    hint = get_type_hints(kind)[field.name]
    optional = isinstance(hint, UnionType)
    if optional:
        hint = next(one for one in get_args(hint) if one is not type(None))
    many = getattr(hint, "__origin__", None) is tuple
    if many:
        hint = get_args(hint)[0]
    if hint is str:
        text = PATTERNS.get(field.name, WORDS)
        filled = field.name in (FILLED - {"jurisdiction", "route"} if kind is Restriction else FILLED)
        values = text if many or filled else st.just("") | text
    else:
        values = PLAIN[hint] if hint in PLAIN else st.sampled_from(list(hint))
    if many:
        return st.lists(values, max_size=3).map(tuple)
    return st.none() | values if optional else values


@st.composite
def entries(draw, kind):
    """A row that the book allows: drawn field by field, then put in order where fields depend on one another."""
    told = {field.name: draw(_values(kind, field)) for field in fields(kind)}
    if issubclass(kind, Entry):
        if told["valid_from"] and told["valid_to"]:
            told["valid_from"], told["valid_to"] = sorted((told["valid_from"], told["valid_to"]))
        told["sources"] = told["sources"] or ("e1",)
        told["confirmed_by"] = "" if told["confirmed_on"] is None else told["confirmed_by"] or "Rule desk"
    if kind is DutyRate:
        by_value = told["kind"] is DutyKind.AD_VALOREM
        told["rate"] = (told["rate"] or Decimal(0)) if by_value else None
        told["amount"] = None if by_value else told["amount"] or Decimal(3)
        if told["combine"] is Combine.EXEMPT:
            told["rate"] = told["amount"] = None
    if kind is Fee and told["status"] is Status.ACTIVE:
        told["amount"] = told["amount"] or Decimal(2)
    if kind is Threshold and told["basis"] is Basis.UNITS:
        told["currency"] = ""
    if kind is Restriction:
        told["hs"] = told["hs"] or ("" if told["flag"] else "97")
    if kind is Place:
        told["region"] = told["region"] or ("" if told["postcode"] else "ON")
    return kind(**told)


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
def test_a_row_that_is_written_is_read_as_the_same(name, data):
    entry = data.draw(entries(KINDS[name]))
    assert parse(KINDS[name], to_row(entry)) == entry


def test_a_written_row_leaves_empty_columns_out_and_keeps_no_idle_zeros():
    entry = parse(TaxRate, facts("taxes", rate="0.200", hs="", valid_from=" 2026-01-01 "))
    assert to_row(entry) == {**facts("taxes"), "valid_from": "2026-01-01"}
    assert (entry.confidence, entry.valid_to, entry.sources) == (Confidence.MEMORY, None, ())


FAULTS = [
    ("taxes", {"colour": "red"}, "colour", "there is no such column"),
    ("taxes", {"key": ""}, "key", "must not be empty"),
    ("taxes", {"key": "FR vat"}, "key", "small letters"),
    ("taxes", {"key": "-fr"}, "key", "small letters"),
    ("taxes", {"key": "a" * 81}, "key", "small letters"),
    ("taxes", {"name": " "}, "name", "must not be empty"),
    ("taxes", {"jurisdiction": ""}, "jurisdiction", "must not be empty"),
    ("taxes", {"jurisdiction": "France"}, "jurisdiction", "such as GB or CA-ON"),
    ("taxes", {"route": ""}, "route", "must not be empty"),
    ("places", {"jurisdiction": ""}, "jurisdiction", "must not be empty"),
    ("thresholds", {"currency": ""}, "currency", "is needed"),
    ("taxes", {"hs": "4"}, "hs", "2 to 10 digits"),
    ("taxes", {"hs": "49O1"}, "hs", "2 to 10 digits"),
    ("taxes", {"rate": ""}, "rate", "must not be empty"),
    ("taxes", {"rate": "20 %"}, "rate", "must be a number"),
    ("taxes", {"rate": "-0.1"}, "rate", "zero or more"),
    ("taxes", {"rate": "NaN"}, "rate", "zero or more"),
    ("taxes", {"rate": "Infinity"}, "rate", "zero or more"),
    ("taxes", {"rate": "1"}, "rate", "is a fraction"),
    ("taxes", {"valid_from": "1.1.2026"}, "valid_from", "must be a date"),
    ("taxes", {"valid_from": "2026-02-02", "valid_to": "2026-02-01"}, "valid_to", "is before valid_from"),
    ("taxes", {"confidence": "sure"}, "confidence", "must be one of official, secondary, memory"),
    ("taxes", {"confidence": "official"}, "sources", "must name where this was read"),
    ("taxes", {"confirmed_by": "Rule desk"}, "confirmed_by", "come together"),
    ("taxes", {"confirmed_on": "2026-01-01"}, "confirmed_by", "come together"),
    ("duties", {"rate": ""}, "rate", "is needed"),
    ("duties", {"amount": "3"}, "rate", "no amount"),
    ("duties", {"rate": "10"}, "rate", "is a fraction"),
    ("duties", {"combine": "exempt"}, "rate", "must be empty"),
    ("duties", {"combine": "exempt", "rate": "", "amount": "3"}, "rate", "must be empty"),
    ("duties", {"kind": "per_item"}, "amount", "are needed"),
    ("duties", {"kind": "per_kg", "rate": "", "amount": "3"}, "amount", "are needed"),
    ("duties", {"kind": "per_kg", "amount": "3", "currency": "EUR"}, "amount", "no rate"),
    ("duties", {"origin": "China"}, "origin", "such as GB or EU"),
    ("thresholds", {"currency": "€"}, "currency", "ISO 4217"),
    ("thresholds", {"inclusive": "true"}, "inclusive", "must be yes or no"),
    ("thresholds", {"effects": "no_duty;free"}, "effects", "must be one of"),
    ("fees", {"amount": ""}, "amount", "is needed for a fee"),
    ("fees", {"currency": ""}, "amount", "with its currency"),
    ("restrictions", {"hs": ""}, "hs", "or a flag is needed"),
    ("places", {"postcode": ""}, "postcode", "or a region is needed"),
    ("places", {"postcode": "(97"}, "postcode", "no regular expression"),
    ("places", {"country": "FRA"}, "country", "ISO 3166-1"),
    ("procedures", {"rank": "first"}, "rank", "must be a whole number"),
    ("procedures", {"rank": "²"}, "rank", "must be a whole number"),
    ("sources", {"read_on": "today"}, "read_on", "must be a date"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "wrong", "field", "words"), FAULTS, ids=[f"{one[0]} {one[1]}" for one in FAULTS])
def test_a_fault_names_its_column(kind, wrong, field, words):
    parse(KINDS[kind], facts(kind))
    with pytest.raises(RowFault) as caught:
        parse(KINDS[kind], facts(kind, **wrong))
    assert caught.value.field == field
    assert words in caught.value.message


@pytest.mark.parametrize(
    "right", [{"rate": "0.999999"}, {"rate": "0"}, {"valid_from": "2026-02-01", "valid_to": "2026-02-01"}]
)
def test_the_last_that_is_allowed(right):
    parse(TaxRate, facts("taxes", **right))
    parse(DutyRate, facts("duties", rate="9.99"))
    parse(Fee, facts("fees", amount="", currency="", status="announced"))
