"""Until when a sale may be undone: by right of withdrawal, or in the shop's own window for returns. Pure.

A day ends at midnight where the shopper is. A country of several time zones that no calendar of ours names is read in
her favour: the parcel came on the latest of their dates, and she speaks on the earliest.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.core import get_global

from shop.crossborder.delivery.holidays import calendar, calendars
from shop.crossborder.protections.territories import governing
from shop.crossborder.protections.withdrawal import withdrawal_right

MONTHS = 12


class Basis(StrEnum):
    """Why goods are taken back."""

    LAW = "law"  # a right of withdrawal
    SHOP = "shop"  # the shop's own terms


@dataclass(frozen=True)
class Period:
    """When a sale may be undone. ``last``: the last day, in the shopper's country; None: it has no end yet.

    ``extended``: the shopper was not told of her right in time. ``outbound``: the standard delivery to her goes back
    too; ``duties``: also the duty and fees that were paid with the order.
    ``send_back_days`` from her word; None: no time is set. ``confidence`` as in the tables.
    """

    key: str
    basis: Basis
    days: int
    last: date | None
    extended: bool
    outbound: bool
    duties: bool
    send_back_days: int | None
    source: str
    confidence: str


def zones(country: str) -> list[ZoneInfo]:
    """Return the time zones of a country: the one of its calendar, else all that CLDR knows, else UTC."""
    if country in calendars():
        return [ZoneInfo(calendar(country).timezone)]
    known = get_global("territory_zones").get(country, [])
    return [ZoneInfo(name) for name in known] or [ZoneInfo("UTC")]


def _day(country: str, moment: datetime, choose: Callable[[Iterable[date]], date]) -> date:
    if moment.tzinfo is None:
        raise ValueError("The moment must have a time zone.")
    return choose(moment.astimezone(zone).date() for zone in zones(country))


def delivery_day(country: str, moment: datetime) -> date:
    """Return the day of a delivery where the shopper is.

    :raises ValueError: ``moment`` has no time zone.
    """
    return _day(country, moment, max)


def notice_day(country: str, moment: datetime) -> date:
    """Return the day on which the shopper spoke, where she is.

    :raises ValueError: ``moment`` has no time zone.
    """
    return _day(country, moment, min)


def add_months(day: date, months: int) -> date:
    """Return the day so many months later, or the last of a shorter month (Regulation 1182/71, article 3(2)(c))."""
    years, month = divmod(day.month - 1 + months, MONTHS)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def return_period(
    country: str, *, contract_on: date, delivered_at: datetime | None, informed_on: date | None
) -> Period | None:
    """Return when a sale to the country may be undone under what held on the day of the contract.

    :param delivered_at: when the last parcel came; None: not yet, so that the period has no end.
    :param informed_on: when the shopper was told of her right in the form of the law; None: never.
    :returns: None where neither the law nor the shop gives a period: a person decides.
    """
    right = withdrawal_right(country, contract_on)
    delivered_on = delivery_day(country, delivered_at) if delivered_at else None
    if right is None:
        return _window(country, contract_on, delivered_on)
    effects = next(iter(governing("withdrawal_effects", country, contract_on)), None)
    months = int(effects["extension_months"]) if effects else 0
    last, extended = None, False
    if delivered_on is not None:
        end = delivered_on + timedelta(days=right.days)
        told = informed_on is not None and informed_on <= max(contract_on, delivered_on)
        extended = bool(months) and not told
        if extended:
            longest = add_months(end, months)
            since_told = informed_on + timedelta(days=right.days) if informed_on else longest
            end = max(end, min(longest, since_told))
        last = calendar(country).next_working(end) if right.until_working_day else end
    return Period(
        key=right.key,
        basis=Basis.LAW,
        days=right.days,
        last=last,
        extended=extended,
        outbound=effects is not None and effects["outbound_delivery"] == "standard",
        duties=effects is None or effects["duties"] == "refunded",
        send_back_days=_days(effects["send_back_days"]) if effects else None,
        source=right.source,
        confidence=right.confidence,
    )


def _days(text: str) -> int | None:
    return int(text) if text else None


def _window(country: str, contract_on: date, delivered_on: date | None) -> Period | None:
    row = next(iter(governing("return_windows", country, contract_on)), None)
    if row is None:
        return None
    days = int(row["days"])
    return Period(
        key=row["key"],
        basis=Basis.SHOP,
        days=days,
        last=delivered_on + timedelta(days=days) if delivered_on else None,
        extended=False,
        outbound=row["outbound_delivery"] == "standard",
        duties=row["duties"] == "refunded",
        send_back_days=_days(row["send_back_days"]),
        source=row["source"],
        confidence=row["confidence"],
    )


def is_open(period: Period | None, country: str, moment: datetime) -> bool:
    """Tell whether a word spoken at the moment is in time."""
    return period is not None and (period.last is None or notice_day(country, moment) <= period.last)
