"""Which of a variant's price rows counts: regular prices, lists over them, quantity breaks; and how that runs in time.

The regular price of a quantity is the lowest of the rows it reaches. Of the lists that name the variant the one of
the highest priority counts (of equals the cheaper), and only where it is below the regular price.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Row:
    """One unit's price from ``min_quantity`` on, over [first, after); None: without end. No list: the regular price."""

    amount: Decimal
    min_quantity: int = 1
    first: date | None = None
    after: date | None = None
    list_id: int | None = None
    priority: int = 0
    origin: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the day lies in its range."""
        return (self.first is None or self.first <= day) and (self.after is None or day < self.after)


@dataclass(frozen=True)
class InForce:
    """What one unit costs at a quantity: ``regular`` is the price without lists (None: there is only a list's)."""

    amount: Decimal
    regular: Decimal | None
    list_id: int | None
    origin: str = ""

    @property
    def reduced(self) -> bool:
        """Whether a list makes it cheaper than the regular price."""
        return self.list_id is not None and self.regular is not None


def in_force(rows: Iterable[Row], *, quantity: int = 1) -> InForce | None:
    """Return the price of one unit at ``quantity`` among rows of one day; None when nothing reaches down to it."""
    reached = [row for row in rows if row.min_quantity <= quantity]
    regular = min((row for row in reached if row.list_id is None), key=lambda row: row.amount, default=None)
    listed = min(
        (row for row in reached if row.list_id is not None),
        key=lambda row: (-row.priority, row.amount, row.list_id or 0),
        default=None,
    )
    amount = regular.amount if regular else None
    if listed and (amount is None or listed.amount < amount):
        return InForce(listed.amount, amount, listed.list_id, listed.origin)
    return InForce(regular.amount, amount, None, regular.origin) if regular else None


@dataclass(frozen=True)
class Break:
    """From so many units on, one costs so much."""

    min_quantity: int
    amount: Decimal


def breaks(rows: Sequence[Row]) -> tuple[Break, ...]:
    """Return the quantities above one from which a unit really is cheaper, among rows of one day."""
    found: list[Break] = []
    one = in_force(rows)
    last = one.amount if one else None
    for quantity in sorted({row.min_quantity for row in rows if row.min_quantity > 1}):
        price = in_force(rows, quantity=quantity)
        if price and (last is None or price.amount < last):
            last = price.amount
            found.append(Break(quantity, price.amount))
    return tuple(found)


@dataclass(frozen=True)
class Segment:
    """One price over [first, after) at a quantity; no amount: not on sale."""

    first: date | None
    after: date | None
    amount: Decimal | None
    list_id: int | None
    origin: str


def timeline(rows: Sequence[Row], *, quantity: int) -> list[Segment]:
    """Return what a unit costs at a quantity through all time; neighbours of one price and list are one segment."""
    days: list[date | None] = [None]
    days += sorted({day for row in rows for day in (row.first, row.after) if day is not None})
    made: list[Segment] = []
    for number, first in enumerate(days):
        after = days[number + 1] if number + 1 < len(days) else None
        probe = first or date.min
        price = in_force([row for row in rows if row.holds_on(probe)], quantity=quantity)
        amount, list_id = (price.amount, price.list_id) if price else (None, None)
        if made and (made[-1].amount, made[-1].list_id) == (amount, list_id):
            made[-1] = Segment(made[-1].first, after, amount, list_id, made[-1].origin)
        else:
            made.append(Segment(first, after, amount, list_id, price.origin if price else ""))
    return made


def news(before: Sequence[Segment], after: Sequence[Segment]) -> list[Segment]:
    """Return the segments of ``after`` from the first day on which the two differ.

    A price begins on its own first day, which may be earlier; a time without one begins where it is news.
    """
    days = sorted({one.first or date.min for one in (*before, *after)})
    differs = next((day for day in days if _on(before, day) != _on(after, day)), None)
    if differs is None:
        return []
    told = [one for one in after if one.after is None or one.after > differs]
    if told[0].amount is None and (told[0].first is None or told[0].first < differs):
        told[0] = replace(told[0], first=differs)
    return told


def _on(segments: Sequence[Segment], day: date) -> tuple[Decimal | None, int | None]:
    for one in segments:
        if (one.first is None or one.first <= day) and (one.after is None or day < one.after):
            return one.amount, one.list_id
    return None, None
