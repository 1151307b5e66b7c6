"""What promotion codes take off a basket. Pure: no table, no clock.

Every amount is a multiple of the currency's minor unit. A reduction is spread over the lines it applies to by what is
left of their value, with the largest remainders rounded up, so that it adds up to the unit and no line goes below zero.
Duty, tax and royalties are then worked out on what the buyer really pays: a discount granted at the time of the sale
is no part of the price paid or payable (WTO Customs Valuation Agreement, article 1; Regulation (EU) 952/2013, article
70), nor of the taxable amount (Directive 2006/112/EC, article 79(b)).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum

ZERO = Decimal(0)


class Kind(StrEnum):
    """What a promotion does."""

    PERCENTAGE = "percentage"
    AMOUNT = "amount"
    FREE_DELIVERY = "free_delivery"


class Reason(StrEnum):
    """Why a code does not hold for a basket."""

    UNKNOWN = "unknown"
    INACTIVE = "inactive"
    NOT_STARTED = "not_started"
    ENDED = "ended"
    OTHER_MARKET = "other_market"
    NO_MATCH = "no_match"
    BELOW_MINIMUM = "below_minimum"
    USED_UP = "used_up"
    USED_BY_CUSTOMER = "used_by_customer"
    NOT_COMBINABLE = "not_combinable"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class Goods:
    """A line: its value (market currency) and what a promotion may be limited to."""

    value: Decimal
    product: int
    museum: int
    category: str


@dataclass(frozen=True)
class Rule:
    """A promotion as it stands for one market. ``amount`` and ``minimum`` are in its currency; None: it names none."""

    promotion: int
    code: str
    kind: str
    percent: Decimal | None = None
    amount: Decimal | None = None
    minimum: Decimal = ZERO
    active: bool = True
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    in_market: bool = True
    categories: frozenset[str] = frozenset()
    products: frozenset[int] = frozenset()
    museums: frozenset[int] = frozenset()
    used_up: bool = False
    used_by_customer: bool = False
    exclusive: bool = True
    position: int = 100

    def takes(self, one: Goods) -> bool:
        """Whether it applies to the line: every limit that is set must let the line in."""
        return (
            (not self.categories or one.category in self.categories)
            and (not self.products or one.product in self.products)
            and (not self.museums or one.museum in self.museums)
        )


@dataclass(frozen=True)
class Dropped:
    """A code that does not hold, and why; ``missing`` is what the goods lack to the minimum."""

    code: str
    reason: Reason
    minimum: Decimal = ZERO
    missing: Decimal = ZERO


@dataclass(frozen=True)
class Applied:
    """A code that holds, and what it takes off the goods."""

    promotion: int
    code: str
    kind: str
    discount: Decimal
    percent: Decimal | None = None


@dataclass(frozen=True)
class Reckoned:
    """What all codes do together: a discount for each line, in the order of the lines."""

    discounts: tuple[Decimal, ...]
    free_delivery: bool
    applied: tuple[Applied, ...] = field(default=())
    dropped: tuple[Dropped, ...] = field(default=())

    @property
    def discount(self) -> Decimal:
        """What is taken off the goods in all."""
        return sum(self.discounts, ZERO)


def spread(amount: Decimal, values: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """Share an amount out by value, in multiples of ``unit``; the largest remainders are rounded up, the first first.

    Amount and values are multiples of ``unit``, none is negative. No share is larger than its value.

    :raises ValueError: the amount is negative or more than all values.
    """
    total = sum(values, ZERO)
    if not ZERO <= amount <= total:
        raise ValueError(f"{amount} cannot be spread over {total}.")
    if not amount:
        return [ZERO] * len(values)
    wanted, whole = int(amount / unit), int(total / unit)
    exact = [divmod(wanted * int(value / unit), whole) for value in values]
    left = wanted - sum(share for share, _rest in exact)
    first = sorted(range(len(values)), key=lambda number: (-exact[number][1], number))[:left]
    return [(share + (number in first)) * unit for number, (share, _rest) in enumerate(exact)]


def fault(rule: Rule, goods: Sequence[Goods], *, now: datetime) -> Dropped | None:
    """Return why the rule does not hold for the goods; None: it does."""
    taken = [one for one in goods if rule.takes(one)]
    worth = sum((one.value for one in taken), ZERO)
    checks = (
        (Reason.INACTIVE, not rule.active),
        (Reason.NOT_STARTED, rule.starts_at is not None and now < rule.starts_at),
        (Reason.ENDED, rule.ends_at is not None and now >= rule.ends_at),
        (Reason.OTHER_MARKET, not rule.in_market or (rule.kind == Kind.AMOUNT and rule.amount is None)),
        (Reason.USED_UP, rule.used_up),
        (Reason.USED_BY_CUSTOMER, rule.used_by_customer),
        (Reason.NO_MATCH, not taken),
    )
    for reason, holds in checks:
        if holds:
            return Dropped(rule.code, reason)
    if worth < rule.minimum:
        return Dropped(rule.code, Reason.BELOW_MINIMUM, rule.minimum, rule.minimum - worth)
    return None


def _off(rule: Rule, left: Decimal, unit: Decimal) -> Decimal:
    if rule.kind == Kind.PERCENTAGE and rule.percent is not None:
        return min((left * rule.percent / 100).quantize(unit, ROUND_HALF_UP), left)
    if rule.kind == Kind.AMOUNT and rule.amount is not None:
        return min(rule.amount.quantize(unit, ROUND_DOWN), left)
    return ZERO


def reckon(rules: Sequence[Rule], goods: Sequence[Goods], *, unit: Decimal, now: datetime) -> Reckoned:
    """Return what the codes take off. ``rules`` come in the order in which the codes were put in.

    A minimum counts the goods before any reduction. An exclusive code holds alone: the first that was put in stays.
    Those that stack are applied by position, each on what the one before has left.
    """
    dropped = [found for rule in rules if (found := fault(rule, goods, now=now))]
    gone = {one.code for one in dropped}
    standing: list[Rule] = []
    for rule in (one for one in rules if one.code not in gone):
        twice = any(one.promotion == rule.promotion for one in standing)
        if standing and (twice or rule.exclusive or standing[0].exclusive):
            dropped.append(Dropped(rule.code, Reason.NOT_COMBINABLE))
        else:
            standing.append(rule)
    left = [one.value for one in goods]
    applied = []
    for rule in sorted(standing, key=lambda one: (one.position, one.promotion)):
        open_values = [value if rule.takes(one) else ZERO for value, one in zip(left, goods, strict=True)]
        off = _off(rule, sum(open_values, ZERO), unit)
        shares = spread(off, open_values, unit)
        left = [value - share for value, share in zip(left, shares, strict=True)]
        applied.append(Applied(rule.promotion, rule.code, rule.kind, off, rule.percent))
    return Reckoned(
        discounts=tuple(one.value - value for one, value in zip(goods, left, strict=True)),
        free_delivery=any(one.kind == Kind.FREE_DELIVERY for one in standing),
        applied=tuple(applied),
        dropped=tuple(dropped),
    )
