"""How long a shopper may withdraw from a distance sale without giving a reason, and by when she has her money. Pure.

Days are counted from the day after the event. Where the law says so, a period that would end on a day of rest ends with
the next working day of the shopper's country.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shop.crossborder.delivery.holidays import calendar
from shop.crossborder.protections.territories import governing


class RefundFrom(StrEnum):
    """From when the days of the refund count."""

    NOTICE = "notice"  # the day on which the shopper says that she withdraws
    RETURN = "return"  # the day on which the goods are back


@dataclass(frozen=True)
class WithdrawalRight:
    """A right to withdraw: ``days`` from delivery. ``confidence``: official, secondary, or memory (not confirmed)."""

    key: str
    days: int
    until_working_day: bool
    refund_days: int
    refund_working: bool
    refund_from: RefundFrom
    source: str
    confidence: str


def withdrawal_right(country: str, on: date) -> WithdrawalRight | None:
    """Return the right that the law of the country (ISO 3166-1) gives on the day; None: none that we know."""
    for row in governing("withdrawal", country, on):
        if row["days"] == "0":
            return None
        return WithdrawalRight(
            key=row["key"],
            days=int(row["days"]),
            until_working_day=row["until_working_day"] == "yes",
            refund_days=int(row["refund_days"]),
            refund_working=row["refund_working"] == "yes",
            refund_from=RefundFrom(row["refund_from"]),
            source=row["source"],
            confidence=row["confidence"],
        )
    return None


def shared_days(countries: Iterable[str], on: date) -> int | None:
    """Return the days to withdraw where all the countries give as many; None where they differ or one gives none."""
    found = {right.days if right else None for right in (withdrawal_right(country, on) for country in countries)}
    return found.pop() if len(found) == 1 else None


def withdrawal_deadline(country: str, delivered_on: date) -> date | None:
    """Return the last day on which the shopper may withdraw; None without a right.

    ``delivered_on``: the day on which the last parcel of the order reached her.
    """
    right = withdrawal_right(country, delivered_on)
    if right is None:
        return None
    last = delivered_on + timedelta(days=right.days)
    return calendar(country).next_working(last) if right.until_working_day else last


def refund_deadline(country: str, *, withdrawn_on: date, returned_on: date | None = None) -> date | None:
    """Return the last day on which the seller may pay back; None without a right, or before the days begin to count.

    ``returned_on``: the day on which the goods came back. Where the days count from then, it must be known.
    """
    right = withdrawal_right(country, withdrawn_on)
    if right is None:
        return None
    start = withdrawn_on if right.refund_from is RefundFrom.NOTICE else returned_on
    if start is None:
        return None
    if right.refund_working:
        days = calendar(country)
        reached = start
        for _each in range(right.refund_days):
            reached = days.next_working(reached + timedelta(days=1))
        return reached
    return start + timedelta(days=right.refund_days)
