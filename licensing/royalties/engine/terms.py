"""What an agreement says of royalties, validated. See ``document.py`` for how it is written.

Every clause that people read in two ways is a choice with a name; none has a silent default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Base(StrEnum):
    """What a percentage is taken of; the sales line brings the amount of that name (``net_sales``: from gross)."""

    NET_SALES = "net_sales"
    GROSS_SALES = "gross_sales"
    WHOLESALE = "wholesale"
    RETAIL_EX_TAX = "retail_ex_tax"
    RETAIL_INC_TAX = "retail_inc_tax"
    FOB = "fob"
    LANDED_COST = "landed_cost"


class CapPeriod(StrEnum):
    """Over what a cap on deductions is counted."""

    LINE = "line"
    STATEMENT = "statement"
    CONTRACT_YEAR = "contract_year_ytd"


class TierMode(StrEnum):
    """Whether a higher rate is for what exceeds the threshold, or for everything from the first unit."""

    MARGINAL = "marginal"
    RETROACTIVE = "retroactive"


class Accumulator(StrEnum):
    """Since when sales count towards a threshold."""

    STATEMENT_PERIOD = "statement_period"
    CONTRACT_YEAR = "contract_year"
    TERM = "term"


class Measure(StrEnum):
    """What is counted towards a threshold."""

    NET_SALES = "net_sales"
    UNITS = "units"
    ROYALTY = "royalty"


class Threshold(StrEnum):
    """Which side of a threshold the threshold itself is on."""

    INCLUSIVE = "inclusive"  # reaching it is enough for the higher rate
    EXCLUSIVE = "exclusive"


class TierScope(StrEnum):
    """What is counted together."""

    AGREEMENT = "agreement"
    CATEGORY = "category"
    PROPERTY = "property"
    SKU = "sku"


class ReturnTier(StrEnum):
    """At which tier a return is credited when its sale is not named."""

    RECOMPUTE = "recompute"
    FIRST_TIER = "first_tier"


class FxMethod(StrEnum):
    """The one declared point at which a currency is converted."""

    SALE_DATE = "sale_date"
    MONTH_AVERAGE = "month_average"
    MONTH_END = "month_end"
    QUARTER_AVERAGE = "quarter_average_of_monthly"
    AVERAGE_OF_MONTH_ENDS = "average_of_month_ends"
    QUARTER_LAST_DAY = "quarter_last_business_day"
    STATEMENT_DATE = "statement_date"
    PAYMENT_DATE = "payment_date"


class FxFallback(StrEnum):
    """What to do on a day without a rate."""

    REFUSE = "refuse"
    PREVIOUS_DAY = "previous_day"


class GuaranteeTest(StrEnum):
    """How years of a minimum guarantee offset each other."""

    SEPARATE = "separate"  # each year for itself; a top-up is not recouped
    CUMULATIVE = "cumulative"  # all years so far together, tested each year; a top-up is recouped later
    TERM_END = "term_end"  # all years together, tested once


class Proration(StrEnum):
    """What a guarantee of a short year is."""

    FULL = "full"
    BY_DAYS = "by_days"


class Bearing(StrEnum):
    """Who bears the payer country's taxes on royalties."""

    INCLUSIVE = "inclusive"
    NET_OF_TAX = "net_of_tax"
    EXCLUSIVE = "exclusive"


class Unnamed(StrEnum):
    """What to do with a return that does not name its sale."""

    REFUSE = "refuse"
    POOL = "pool"  # it lowers the sales of its own period


@dataclass(frozen=True)
class Deduction:
    """Whether a kind of deduction is allowed, up to which fraction of gross, and whether it needs a proof."""

    allowed: bool
    cap: Decimal | None = None
    period: CapPeriod | None = None
    evidence: bool = False


@dataclass(frozen=True)
class Cap:
    """Some kinds of deduction together: at most a fraction of gross."""

    kinds: tuple[str, ...]
    fraction: Decimal
    period: CapPeriod


@dataclass(frozen=True)
class Tiers:
    """Rates by what was sold so far: ``steps`` are (from, rate), the first from zero."""

    mode: TierMode
    accumulator: Accumulator
    measure: Measure
    threshold: Threshold
    scope: TierScope
    count_free_goods: bool
    returns: ReturnTier
    steps: tuple[tuple[Decimal, Decimal], ...]


@dataclass(frozen=True)
class PerUnit:
    """An amount for each unit, in a currency."""

    amount: Decimal
    currency: str


@dataclass(frozen=True)
class Percent:
    """A fraction of the base."""

    rate: Decimal


@dataclass(frozen=True)
class GreaterOf:
    """The greater of a percentage and an amount a unit, line by line or over the bucket."""

    percent: Percent
    per_unit: PerUnit
    by_line: bool


Value = Percent | PerUnit | GreaterOf | Tiers


@dataclass(frozen=True)
class Rule:
    """Which sales owe what. ``conditions``: name → accepted values; the dates and prices are limits, both included."""

    id: str
    value: Value
    base: Base
    priority: int = 0
    conditions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sold_from: date | None = None
    sold_until: date | None = None
    price_from: Decimal | None = None
    price_until: Decimal | None = None
    clause: str = ""

    @property
    def specificity(self) -> int:
        """How many conditions are set."""
        dated = self.sold_from is not None or self.sold_until is not None
        priced = self.price_from is not None or self.price_until is not None
        return len(self.conditions) + dated + priced


@dataclass(frozen=True)
class Scope:
    """Where the licence holds. None: everywhere. What lies outside still owes royalty and is flagged."""

    territories: frozenset[str] | None
    channels: frozenset[str] | None
    term_from: date
    term_until: date
    sell_off_days: int
    declared_stock: Mapping[str, int] | None
    unit_caps: Mapping[str, int]


@dataclass(frozen=True)
class Guarantee:
    """A minimum of royalties for each contract year."""

    amount: Decimal
    test: GuaranteeTest
    proration: Proration


@dataclass(frozen=True)
class Advance:
    """A prepayment that earned royalties burn down."""

    amount: Decimal
    restore_on_return: bool


@dataclass(frozen=True)
class Fund:
    """A contribution to common marketing, beside the royalty and not recouped."""

    rate: Decimal
    taxed: bool


@dataclass(frozen=True)
class Reserve:
    """A part held back against returns; ``release`` are the fractions given back in the periods that follow."""

    rate: Decimal
    release: tuple[Decimal, ...]


@dataclass(frozen=True)
class Tax:
    """The payer country's taxes on royalties: value added and withheld, as fractions."""

    bearing: Bearing
    vat: Decimal
    withholding: Decimal


@dataclass(frozen=True)
class Fx:
    """How sales in other currencies become the statement's currency. Quotes are units of foreign for one of home."""

    method: FxMethod
    fallback: FxFallback


@dataclass(frozen=True)
class Terms:
    """One version of an agreement's royalty terms."""

    currency: str
    year_starts: date
    scope: Scope
    deductions: Mapping[str, Deduction]
    other_deductions: bool
    aggregate_caps: tuple[Cap, ...]
    rules: tuple[Rule, ...]
    unnamed_returns: Unnamed
    fx: Fx | None
    guarantee: Guarantee | None
    advance: Advance | None
    fund: Fund | None
    reserve: Reserve | None
    tax: Tax | None


@dataclass(frozen=True)
class Version:
    """Terms in force from a day on (until the next version's day)."""

    number: int
    since: date
    terms: Terms
