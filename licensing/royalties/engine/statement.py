"""What goes into a calculation and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from licensing.royalties.engine.deductions import YearSoFar
from licensing.royalties.engine.fx import Quotes
from licensing.royalties.engine.lines import Line, LineResult, Original
from licensing.royalties.engine.pools import Balances
from licensing.royalties.engine.tax import Taxed
from licensing.royalties.engine.terms import Version
from licensing.royalties.engine.tiers import Count


@dataclass(frozen=True)
class State:
    """What an agreement's earlier statements left: counts towards tiers, caps and stock, and balances.

    ``counts``: (rule, what is counted together) → count. They start anew with the period or the contract year by the
    rule's own clause, which :func:`licensing.royalties.engine.calculate.calculate` sees to.
    """

    counts: Mapping[tuple[str, str], Count] = field(default_factory=dict)
    counts_since: Mapping[tuple[str, str], date] = field(default_factory=dict)
    year: YearSoFar = field(default_factory=YearSoFar)
    year_of: date | None = None
    sold: Mapping[str, int] = field(default_factory=dict)
    sold_off: Mapping[str, int] = field(default_factory=dict)
    balances: Balances = field(default_factory=Balances)


@dataclass(frozen=True)
class Request:
    """One period of one agreement. ``versions`` by their day; ``originals``: line id → what it earned."""

    versions: tuple[Version, ...]
    begin: date
    end: date
    lines: tuple[Line, ...]
    opening: State = field(default_factory=State)
    originals: Mapping[str, Original] = field(default_factory=dict)
    quotes: Quotes = field(default_factory=Quotes)
    statement_date: date | None = None
    payment_date: date | None = None
    final: bool = False


@dataclass(frozen=True)
class Bucket:
    """Lines that were rounded together: exact and posted royalty in the statement's currency."""

    key: str
    lines: tuple[str, ...]
    exact: Decimal
    royalty: Decimal


@dataclass(frozen=True)
class Statement:
    """The figures of a period, in ``currency``. Σ of the lines' royalties = earned + adjustments."""

    currency: str
    begin: date
    end: date
    lines: tuple[LineResult, ...]
    buckets: tuple[Bucket, ...]
    earned: Decimal
    adjustments: Decimal
    held: Decimal
    released: Decimal
    recouped: Decimal
    shortfall: Decimal
    royalty_payable: Decimal
    fund: Decimal
    invoice: Decimal
    taxes: Taxed
    closing: State
    originals: Mapping[str, Original]
