"""When an order is over: its parcels have arrived, and the period to withdraw has passed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from shop.crossborder.protections.withdrawal import withdrawal_deadline


@dataclass(frozen=True)
class Sent:
    """A parcel that has left: the days on which it left and, where known, arrived; whether its carrier would tell."""

    shipped_on: date
    delivered_on: date | None
    tracked: bool


def arrived_on(parcels: Sequence[Sent], *, untracked_days: int) -> date | None:
    """Return the day on which the last parcel arrived; None while one is on its way, or without any.

    A parcel without tracking never tells: it counts as delivered ``untracked_days`` after it left.
    """
    days = []
    for parcel in parcels:
        if parcel.delivered_on is not None:
            days.append(parcel.delivered_on)
        elif parcel.tracked:
            return None
        else:
            days.append(parcel.shipped_on + timedelta(days=untracked_days))
    return max(days, default=None)


def completes_at(country: str, arrived: date, *, margin_days: int, zone: tzinfo) -> datetime:
    """Return the moment from which an order is over: the last day to withdraw, and the margin, have ended.

    The period counts from the day on which the last parcel arrived (Directive 2011/83/EU, article 9(2)(b)(i)). The
    margin is for declarations sent on the last day, which are in time (article 11(2)) and reach us later.
    """
    last = withdrawal_deadline(country, arrived) or arrived
    return datetime.combine(last + timedelta(days=1 + margin_days), time(), zone)
