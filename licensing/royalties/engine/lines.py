"""Sales as the engine takes them, and what it says of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Flag(StrEnum):
    """Why a person should look at a line. A flag never makes a royalty go away."""

    OUT_OF_TERRITORY = "out_of_territory"
    OUT_OF_CHANNEL = "out_of_channel"
    BEFORE_TERM = "before_term"
    SELL_OFF = "sell_off"
    AFTER_SELL_OFF = "after_sell_off"
    UNDECLARED_STOCK = "undeclared_stock"
    OVER_CAP = "over_cap"
    UNAPPROVED = "unapproved"


@dataclass(frozen=True)
class Line:
    """One line of sales or returns.

    ``amounts`` are for the whole line in ``currency``, by the name of the base they serve (``gross_sales``,
    ``wholesale``, ``fob``, ``retail_inc_tax`` …); a return has negative units and amounts. ``deductions`` are claimed
    amounts by kind, never negative. ``original`` names the line that a return takes back.
    """

    id: str
    sold_on: date
    sku: str
    units: int
    currency: str
    amounts: Mapping[str, Decimal]
    property_code: str = ""
    category: str = ""
    territory: str = ""
    channel: str = ""
    customer_class: str = ""
    sale_type: str = "standard"
    tax_rate: Decimal | None = None
    deductions: Mapping[str, Decimal] = field(default_factory=dict)
    evidence: frozenset[str] = frozenset()
    approved: bool = True
    free: bool = False
    original: str = ""

    @property
    def returned(self) -> bool:
        """Whether the line takes something back."""
        return self.units < 0 or any(amount < 0 for amount in self.amounts.values())


@dataclass(frozen=True)
class Original:
    """A line of an earlier statement, as a return of it must be credited.

    ``rate`` is the fraction of the base that it earned (``per_unit`` where it earned an amount a unit), ``fx`` the
    quote it was converted at, ``left`` the units not taken back yet.
    """

    left: int
    rate: Decimal | None
    per_unit: Decimal | None
    fx: Decimal
    fund_rate: Decimal


@dataclass(frozen=True)
class LineResult:
    """What became of a line: amounts of the sale's currency but for ``royalty`` and ``fund`` (the statement's)."""

    line: Line
    version: int
    rule: str
    base: Decimal
    allowed: Mapping[str, Decimal]
    disallowed: Mapping[str, Decimal]
    net: Decimal
    fx: Decimal
    rate: Decimal | None
    per_unit: Decimal | None
    royalty: Decimal
    fund: Decimal
    flags: Mapping[Flag, Decimal]
    trace: tuple[Mapping[str, str], ...]
