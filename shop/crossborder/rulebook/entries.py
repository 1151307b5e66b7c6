"""The kinds of row in the rule book, as plain values. Pure.

Every dated row shares the fields of :class:`Entry`. ``valid_to`` is the last day in force (inclusive, as laws say it);
None is without end. Rates are fractions (0.2 is 20 %). The shape follows the research behind the book: jurisdictions,
tax rates, duty rates with additional acts, thresholds, fees, restrictions.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

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
    YEAR = "year"  # goods and transport, and what the buyer has bought this year
    UNITS = "units"  # how many, of the goods under ``hs``; it has no currency


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
    REFUSE_ABOVE_UNLESS_ONE = "refuse_above_unless_one"  # a single indivisible article may pass
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

    Goods move without a customs procedure inside one ``customs_territory`` and to those of ``free_with``. ``tariff``:
    whose duties, their thresholds, fees and restrictions hold here beside its own (Northern Ireland: the EU's).
    """

    key: str
    name: str
    parent: str
    currency: str
    customs_territory: str
    free_with: tuple[str, ...]
    tax_name: str
    tariff: str = ""


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

    ``valuation`` is the share of the value that counts (Japan's own-use imports: 0.6). Routes are tried by ``rank``;
    ``permit_only`` asks for a permit of the goods, ``one_article`` for a single unit.
    """

    jurisdiction: str
    route: str
    rank: int
    customs_value: CustomsValue
    valuation: Decimal
    taxes_shipping: bool
    registration: str
    permit_only: bool
    one_article: bool = False


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

    ``from_countries``: only for goods sent from there; ``registration``: only for sellers registered so; ``hs``: only
    for goods whose code begins with one of these.
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
    hs: tuple[str, ...] = ()


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
