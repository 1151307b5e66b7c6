"""When to order and how much: a periodic-review (R, s, S) policy. Pure; quantities are units, times are days.

Silver, Pyke & Thomas, "Inventory and Production Management in Supply Chains" (4th ed., 2017), chapter 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from statistics import NormalDist

from inventory.replenishment.forecasting import Forecast

WEEK = 7.0


@dataclass(frozen=True)
class Terms:
    """What the supplier and the house ask: days from order to shelf, days between reviews, probability (0.5 to 1) of
    not running out before the next delivery, fewest units of an order, units of a carton."""

    lead_time: int
    review: int = 7
    service_level: float = 0.95
    minimum: int = 1
    multiple: int = 1


@dataclass(frozen=True)
class Plan:
    """The answer: order when the position falls to ``reorder_point``, up to ``order_up_to``; ``suggested`` for now."""

    daily_demand: float
    daily_deviation: float
    days_of_cover: float | None
    reorder_point: int
    order_up_to: int
    suggested: int


def whole_cartons(units: int, *, minimum: int, multiple: int) -> int:
    """Return the least quantity of whole cartons that is at least ``units`` and ``minimum``; 0 for 0."""
    if units <= 0:
        return 0
    return ceil(max(units, minimum) / multiple) * multiple


def plan(*, weekly: Forecast, position: int, available: int, terms: Terms) -> Plan:
    """Return what to order now, given a weekly forecast.

    ``position`` is available plus on order less what is backordered; ``available`` (which may be negative) gives the
    days of cover. The reorder point is the demand over the lead time plus a safety of z deviations; ordering goes up to
    the same over lead time and review period, which is how long the next order must last.
    """
    z = NormalDist().inv_cdf(terms.service_level)
    lead, protection = terms.lead_time / WEEK, (terms.lead_time + terms.review) / WEEK
    reorder_point = ceil(weekly.over(lead) + z * weekly.deviation_over(lead) - 1e-9)
    order_up_to = max(ceil(weekly.over(protection) + z * weekly.deviation_over(protection) - 1e-9), reorder_point)
    daily = weekly.mean / WEEK
    wanted = order_up_to - position if weekly.mean > 0 and position <= reorder_point else 0
    return Plan(
        daily_demand=daily,
        daily_deviation=weekly.deviation / WEEK**0.5,
        days_of_cover=max(available, 0) / daily if daily > 0 else None,
        reorder_point=reorder_point,
        order_up_to=order_up_to,
        suggested=whole_cartons(wanted, minimum=terms.minimum, multiple=terms.multiple),
    )


@dataclass(frozen=True)
class Wish:
    """A suggestion with its price: what one unit costs in our own currency, and how soon it runs out (days; 0: now)."""

    key: int
    quantity: int
    minimum: int
    multiple: int
    unit_cost: Decimal
    days_of_cover: float


def within_budget(wishes: Sequence[Wish], budget: Decimal | None) -> dict[int, int]:
    """Return key → units to order within ``budget`` (own currency; None: no limit), what runs out first comes first.

    A wish that does not fit whole is cut to the whole cartons that still fit, and left out below its minimum; smaller
    ones behind it may still fit.
    """
    granted: dict[int, int] = {}
    left = budget
    for wish in sorted(wishes, key=lambda one: (one.days_of_cover, one.key)):
        quantity = wish.quantity
        if left is not None and wish.unit_cost > 0:
            affordable = int(left / wish.unit_cost)
            quantity = min(quantity, affordable // wish.multiple * wish.multiple)
        if quantity <= 0 or quantity < wish.minimum:
            continue
        granted[wish.key] = quantity
        if left is not None:
            left -= quantity * wish.unit_cost
    return granted
