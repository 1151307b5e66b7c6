"""The kinds of row in the rule book, as plain values. Pure: a row is read from text and says what is wrong with it.

Every dated row shares the fields of :class:`Entry`. ``valid_to`` is the last day in force (inclusive, as laws say it);
None is without end. Rates are fractions (0.2 is 20 %). The shape follows the research behind the book: jurisdictions,
tax rates, duty rates with additional acts, thresholds, fees, restrictions.
"""

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_type_hints

STANDARD = "standard"


class Confidence(StrEnum):
    """Where a fact was read: in the law or the authority's own words, in another's account, or nowhere yet."""

    OFFICIAL = "official"
    SECONDARY = "secondary"
    MEMORY = "memory"


class Combine(StrEnum):
    """How a duty row joins the others of its goods."""

    BASE = "base"  # the tariff itself (most favoured nation)
    PREFERENCE = "preference"  # instead of the tariff, where origin is proven
    ADD = "add"  # on top, an additional act
    TOP_UP_TO = "top_up_to"  # lifts tariff + act to this rate, and no higher
    REPLACE = "replace"  # instead of every other duty
    EXEMPT = "exempt"  # these goods are outside the act


class DutyKind(StrEnum):
    """What a duty is reckoned by."""

    AD_VALOREM = "ad_valorem"  # of the customs value
    PER_ITEM = "per_item"  # once for each tariff subheading (6 digits) of a consignment
    PER_KG = "per_kg"  # by net weight


class Basis(StrEnum):
    """The value that a threshold is compared with."""

    GOODS = "goods"  # intrinsic value: goods without transport, insurance and tax
    CUSTOMS_VALUE = "customs_value"
    CIF = "cif"  # goods and transport
    TAX = "tax"
    DUTY = "duty"


class Scope(StrEnum):
    """Whether a threshold looks at the whole consignment or at each unit."""

    CONSIGNMENT = "consignment"
    UNIT = "unit"


class Effect(StrEnum):
    """What being within a threshold means (``refuse_above``: what being beyond it means)."""

    NO_DUTY = "no_duty"
    NO_TAX = "no_tax"
    COLLECT_AT_SALE = "collect_at_sale"
    WAIVE_TAX = "waive_tax"
    WAIVE_DUTY = "waive_duty"
    REFUSE_ABOVE = "refuse_above"
    MARK = "mark"  # no effect of its own: other rows refer to it


class Per(StrEnum):
    """What a fee is charged for."""

    PARCEL = "parcel"
    HS6_LINE = "hs6_line"
    ENTRY = "entry"


class Status(StrEnum):
    """Whether a fee is charged, or only announced (then it is spoken of and not charged)."""

    ACTIVE = "active"
    ANNOUNCED = "announced"


class Action(StrEnum):
    """What a restriction does."""

    BLOCK = "block"
    LICENCE = "licence"
    DOCUMENT = "document"
    WARN = "warn"
    PERMIT = "permit"  # the goods may use the route (a positive list)


class CustomsValue(StrEnum):
    """What the customs value contains."""

    CIF = "cif"
    FOB = "fob"


class RowFault(ValueError):
    """A row cannot be read: ``field`` is the column, the message a sentence."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(f"{field}: {message}")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What every dated row has. ``key`` names the row for ever; ``sources`` are ids of the list of sources."""

    key: str
    valid_from: date | None
    valid_to: date | None
    sources: tuple[str, ...]
    confidence: Confidence
    confirmed_by: str = ""
    confirmed_on: date | None = None
    note: str = ""

    @property
    def confirmed(self) -> bool:
        """Whether somebody has vouched for the row."""
        return self.confirmed_on is not None

    def in_force(self, on: date) -> bool:
        """Whether the row applies on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, kw_only=True)
class Jurisdiction:
    """A tax or customs territory. Rows of ``parent`` apply where it has none of its own.

    Goods move without a customs procedure inside one ``customs_territory`` and to those of ``free_with``.
    """

    key: str
    name: str
    parent: str
    currency: str
    customs_territory: str
    free_with: tuple[str, ...]
    tax_name: str


@dataclass(frozen=True, kw_only=True)
class Place(Entry):
    """Addresses of a country that belong to another jurisdiction: by postcode (whole match) or region code."""

    country: str
    postcode: str
    region: str
    jurisdiction: str


@dataclass(frozen=True, kw_only=True)
class Procedure(Entry):
    """How goods enter: what the customs value holds, and which route needs what.

    ``valuation`` is the share of the value that counts (Japan's own-use imports: 0.6). Routes are tried by ``rank``.
    """

    jurisdiction: str
    route: str
    rank: int
    customs_value: CustomsValue
    valuation: Decimal
    taxes_shipping: bool
    registration: str
    permit_only: bool


@dataclass(frozen=True, kw_only=True)
class TaxRate(Entry):
    """A rate of VAT, GST or sales tax. The most specific row wins: by HS prefix, by category, then neither."""

    jurisdiction: str
    route: str
    tax: str
    category: str
    hs: str
    name: str
    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class DutyRate(Entry):
    """A customs duty or additional act. ``origin``: a country, a union of countries, or empty for any.

    ``within`` is the key of a threshold that the consignment must be within.
    """

    jurisdiction: str
    route: str
    act: str
    hs: str
    origin: str
    combine: Combine
    kind: DutyKind
    rate: Decimal | None
    amount: Decimal | None
    currency: str
    within: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Threshold(Entry):
    """A value below which something else holds. ``inclusive``: the value itself is within.

    ``from_countries``: only for goods sent from there; ``registration``: only for sellers registered so.
    """

    jurisdiction: str
    route: str
    name: str
    amount: Decimal
    currency: str
    inclusive: bool
    basis: Basis
    scope: Scope
    effects: tuple[Effect, ...]
    registration: str
    from_countries: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Fee(Entry):
    """A fee that is neither duty nor tax. ``in_tax_base``: tax is due on it too."""

    jurisdiction: str
    route: str
    name: str
    per: Per
    amount: Decimal | None
    currency: str
    in_tax_base: bool
    within: str
    status: Status


@dataclass(frozen=True, kw_only=True)
class Restriction(Entry):
    """Goods that may not go there, need a paper, or (``permit``) may use a route. Empty jurisdiction: everywhere.

    ``hs`` is a prefix and ``flag`` a property of the goods; a row with both needs both.
    """

    jurisdiction: str
    route: str
    hs: str
    flag: str
    origin: str
    action: Action
    code: str


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where facts were read."""

    key: str
    title: str
    url: str
    issuer: str
    read_on: date | None


Row = Jurisdiction | Source | Entry
# File name → kind of row, in the order in which they are read.
KINDS: dict[str, type[Any]] = {
    "sources": Source,
    "jurisdictions": Jurisdiction,
    "places": Place,
    "procedures": Procedure,
    "taxes": TaxRate,
    "duties": DutyRate,
    "thresholds": Threshold,
    "fees": Fee,
    "restrictions": Restriction,
}
KEY = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}")
CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,10})?")
FORMATS: dict[str, tuple[re.Pattern[str], str]] = {
    "key": (KEY, "small letters, digits, points and dashes"),
    "hs": (re.compile(r"[0-9]{2,10}"), "2 to 10 digits"),
    "currency": (re.compile(r"[A-Z]{3}"), "an ISO 4217 code"),
    "country": (re.compile(r"[A-Z]{2}"), "an ISO 3166-1 code"),
    "origin": (CODE, "a country or union such as GB or EU"),
    "jurisdiction": (CODE, "a code such as GB or CA-ON"),
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
def _readers(kind: Hashable) -> dict[str, tuple[Callable[[str], Any], bool, bool]]:
    """Return field → (reader, may be None, is a list)."""
    found = {}
    hints = get_type_hints(kind)
    for field in fields(kind):  # type: ignore[arg-type]
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
    readers = _readers(kind)
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
