"""Rows of the rule book as text, by column: read with a sentence for whatever is wrong, and written back."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_type_hints

from shop.crossborder.rulebook.entries import (
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

KEY = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}")
CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,10})?")
FORMATS: dict[str, tuple[re.Pattern[str], str]] = {
    "key": (KEY, "small letters, digits, points and dashes"),
    "hs": (re.compile(r"[0-9]{2,10}"), "2 to 10 digits"),
    "currency": (re.compile(r"[A-Z]{3}"), "an ISO 4217 code"),
    "country": (re.compile(r"[A-Z]{2}"), "an ISO 3166-1 code"),
    "origin": (CODE, "a country or union such as GB or EU"),
    "jurisdiction": (CODE, "a code such as GB or CA-ON"),
    "tariff": (CODE, "a jurisdiction such as EU"),
}
REQUIRED = {"name", "code", "tax", "act", "country", "customs_territory"}


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError("must be a number such as 0.2") from None
    if not value.is_finite() or value < 0:
        raise ValueError("must be a number of zero or more")
    return value


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a date such as 2026-07-01") from None


def _flag(text: str) -> bool:
    if text not in {"yes", "no"}:
        raise ValueError("must be yes or no")
    return text == "yes"


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError("must be a whole number")
    return int(text)


READERS: dict[Any, Callable[[str], Any]] = {Decimal: _decimal, date: _date, bool: _flag, int: _whole, str: str}


@cache
def _readers(kind: Any) -> Mapping[str, tuple[Callable[[str], Any], bool, bool]]:
    """Return field → (reader, may be None, is a list)."""
    found = {}
    hints = get_type_hints(kind)
    for field in fields(kind):
        hint = hints[field.name]
        optional = isinstance(hint, UnionType) and type(None) in get_args(hint)
        if optional:
            hint = next(one for one in get_args(hint) if one is not type(None))
        many = getattr(hint, "__origin__", None) is tuple
        if many:
            hint = get_args(hint)[0]
        found[field.name] = (_chooser(hint) if issubclass(hint, StrEnum) else READERS[hint], optional, many)
    return found


def _chooser(kind: type[StrEnum]) -> Callable[[str], StrEnum]:
    def read(text: str) -> StrEnum:
        try:
            return kind(text)
        except ValueError:
            raise ValueError(f"must be one of {', '.join(kind)}") from None

    return read


def parse(kind: type[Any], row: Mapping[str, str]) -> Any:
    """Return the row as a value of ``kind``.

    :raises RowFault: a column is missing, unknown or wrong.
    """
    readers = _readers(kind)  # type: ignore[arg-type]  # a class is hashable; mypy doubts it
    if unknown := sorted(set(row) - set(readers)):
        raise RowFault(str(unknown[0]), "there is no such column")
    values = {name: _field(name, row, *how) for name, how in readers.items()}
    entry = kind(**values)
    _check(entry)
    return entry


def _field(name: str, row: Mapping[str, str], read: Callable[[str], Any], optional: bool, many: bool) -> Any:  # noqa: FBT001
    text = (row.get(name) or "").strip()
    parts = [part.strip() for part in text.split(";") if part.strip()] if many else [text]
    if not text:
        if many:
            return ()
        if optional:
            return None
        if read is _flag:
            return False
        if read is str and name not in REQUIRED and name != "key":
            return ""
        raise RowFault(name, "must not be empty")
    rule = FORMATS.get(name)
    if rule and not all(rule[0].fullmatch(part) for part in parts):
        raise RowFault(name, f"{text!r} must be {rule[1]}")
    try:
        values = tuple(read(part) for part in parts)
    except ValueError as error:
        raise RowFault(name, f"{text!r} {error}") from None
    return values if many else values[0]


def _check(entry: Any) -> None:
    """Refuse what each column allows and the row as a whole does not."""
    if isinstance(entry, Entry):
        if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
            raise RowFault("valid_to", "is before valid_from")
        if not entry.sources and entry.confidence is not Confidence.MEMORY:
            raise RowFault("sources", "must name where this was read")
        if bool(entry.confirmed_by) != (entry.confirmed_on is not None):
            raise RowFault("confirmed_by", "and confirmed_on come together")
    if isinstance(entry, TaxRate) and entry.rate >= 1:
        raise RowFault("rate", "is a fraction: 0.2 is 20 %")
    if isinstance(entry, DutyRate):
        _check_duty(entry)
    if isinstance(entry, Fee) and entry.status is Status.ACTIVE and (entry.amount is None or not entry.currency):
        raise RowFault("amount", "is needed for a fee that is charged, with its currency")
    _check_place_or_limit(entry)


def _check_place_or_limit(entry: Any) -> None:
    if isinstance(entry, Threshold) and (entry.basis is Basis.UNITS) == bool(entry.currency):
        raise RowFault("currency", "is needed, but for a number of units")
    if isinstance(entry, Restriction) and not (entry.hs or entry.flag):
        raise RowFault("hs", "or a flag is needed")
    if isinstance(entry, Place):
        if not (entry.postcode or entry.region):
            raise RowFault("postcode", "or a region is needed")
        try:
            re.compile(entry.postcode)
        except re.error as error:
            raise RowFault("postcode", f"is no regular expression: {error}") from None


def _check_duty(entry: DutyRate) -> None:
    if entry.combine is Combine.EXEMPT:
        if entry.rate is not None or entry.amount is not None:
            raise RowFault("rate", "must be empty where the goods are exempt")
    elif entry.kind is DutyKind.AD_VALOREM:
        if entry.rate is None or entry.amount is not None:
            raise RowFault("rate", "is needed (and no amount) for a duty by value")
        if entry.rate >= 10:
            raise RowFault("rate", "is a fraction: 0.12 is 12 %")
    elif entry.amount is None or not entry.currency or entry.rate is not None:
        raise RowFault("amount", "and its currency are needed (and no rate) for a fixed duty")


def to_row(entry: Any) -> dict[str, str]:
    """Return the value as text by column; empty columns are left out. The reverse of :func:`parse`."""
    row = {}
    for field in fields(entry):
        value = getattr(entry, field.name)
        if value is None or value in ((), ""):
            continue
        if isinstance(value, bool):
            text = "yes" if value else "no"
        elif isinstance(value, tuple):
            text = ";".join(str(part) for part in value)
        elif isinstance(value, Decimal):
            text = f"{value.normalize():f}"
        else:
            text = value.isoformat() if isinstance(value, date) else str(value)
        row[field.name] = text
    return row
