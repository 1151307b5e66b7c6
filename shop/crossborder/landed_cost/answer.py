"""What the landed-cost engine answers. Amounts are in the answer's currency, rounded half up to its minor unit."""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from shop.crossborder.landed_cost.request import Incoterm


class Kind(StrEnum):
    """Whether the figures bind us."""

    FINAL = "FINAL"
    ESTIMATE = "ESTIMATE"


class Reason(StrEnum):
    """Why a quote is an estimate; stable codes, worded by the doors."""

    COUNTRY_WITHOUT_RULES = "country_without_rules"
    TAX_RULE_MISSING = "tax_rule_missing"
    DUTY_RULE_MISSING = "duty_rule_missing"
    PROCEDURE_MISSING = "procedure_missing"
    RULE_EXPIRED = "rule_expired"
    RULE_UNCONFIRMED = "rule_unconfirmed"
    EXCHANGE_RATE_OLD = "exchange_rate_old"


class Caution(StrEnum):
    """What the shopper or the seller should know; it does not change the figures."""

    NOT_REGISTERED = "not_registered"
    ORIGIN_TAX = "origin_tax"
    FEE_ANNOUNCED = "fee_announced"
    DOCUMENT = "document"
    LICENCE = "licence"
    WARN = "warn"


class StepCode(StrEnum):
    """What a step of the working did."""

    WITHIN = "within"  # base is the value compared, amount the limit
    BEYOND = "beyond"
    DUTY = "duty"
    PREFERENCE = "preference"
    ADDITIONAL_DUTY = "additional_duty"
    DUTY_PER_ITEM = "duty_per_item"
    NO_DUTY = "no_duty"
    DUTY_WAIVED = "duty_waived"
    FEE = "fee"
    TAX = "tax"
    NO_TAX = "no_tax"
    TAX_WAIVED = "tax_waived"


class Notice(NamedTuple):
    """A reason or caution: its code, the rule it is about (key, or empty), and the goods or place it is about."""

    code: str
    rule: str = ""
    about: str = ""


class Step(NamedTuple):
    """One line of the working: ``amount`` = ``base`` × ``rate``, or a fixed amount. ``line`` counts from 0, -1 is none.

    Steps in the order of evaluation explain every figure to an auditor; ``rule`` is the key of the row behind it.
    """

    code: StepCode
    consignment: int
    line: int
    rule: str
    base: Decimal
    rate: Decimal | None
    amount: Decimal


class QuotedLine(NamedTuple):
    """A line's part of the whole. ``goods`` is what is charged for the goods, which may contain ``goods_tax``.

    ``shipping`` is its share of delivery; ``tax`` is all tax on goods, share of delivery, duty and fees; ``tax_rate``
    the rate on its goods (None: no rule).
    """

    sku: str
    quantity: int
    unit_price: Decimal
    goods: Decimal
    shipping: Decimal
    duty: Decimal
    tax: Decimal
    goods_tax: Decimal
    tax_rate: Decimal | None


class QuotedConsignment(NamedTuple):
    """What one consignment goes through: ``route`` is empty where no customs procedure is needed."""

    route: str
    imported: bool
    collected_at_sale: bool
    from_country: str
    lines: tuple[QuotedLine, ...]
    goods: Decimal
    shipping: Decimal
    duty: Decimal
    tax: Decimal
    fees: Decimal
    tax_in_prices: Decimal
    due_duty: Decimal
    due_tax: Decimal
    due_fees: Decimal


class LandedCost(NamedTuple):
    """The answer: ``total = goods + shipping + duty + fees + tax - tax_in_prices``.

    ``tax_in_prices`` is the tax that goods and shipping contain. ``payable_now`` and ``payable_on_delivery`` add up to
    the total; the latter is zero under DDP, else the sum of ``due_duty``, ``due_tax`` and ``due_fees``.
    """

    kind: Kind
    incoterm: Incoterm
    currency: str
    country: str
    jurisdiction: str
    goods: Decimal
    shipping: Decimal
    duty: Decimal
    tax: Decimal
    fees: Decimal
    tax_in_prices: Decimal
    total: Decimal
    payable_now: Decimal
    payable_on_delivery: Decimal
    due_duty: Decimal
    due_tax: Decimal
    due_fees: Decimal
    consignments: tuple[QuotedConsignment, ...]
    steps: tuple[Step, ...]
    reasons: tuple[Notice, ...]
    cautions: tuple[Notice, ...]
    rulebook: str

    @property
    def route(self) -> str:
        """The customs route that all imported consignments take; empty where they differ or there is none."""
        routes = {one.route for one in self.consignments if one.imported}
        return routes.pop() if len(routes) == 1 else ""

    @property
    def lines(self) -> tuple[QuotedLine, ...]:
        """The lines of all consignments, in order."""
        return tuple(line for one in self.consignments for line in one.lines)


class NotDeliverable(Exception):
    """The goods may not go there; ``refusals`` has a code, the rule and the goods of each reason."""

    def __init__(self, refusals: list[Notice]) -> None:
        self.refusals = refusals
        super().__init__("; ".join(f"{one.code} {one.about}".strip() for one in refusals))
