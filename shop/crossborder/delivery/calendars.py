"""When goods arrive: working days of the place they leave and of the place they go to. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
WEEKEND = frozenset({6, 7})
# No country rests longer than this at a stretch; a calendar that does is a mistake in its rows.
LONGEST_REST = 60


@dataclass(frozen=True)
class Calendar:
    """The working days of a country.

    ``weekend`` holds ISO weekdays (1 is Monday). ``working`` are days of the weekend that are worked after all, as in
    China around its long holidays. ``years`` are those whose holidays are known.
    """

    weekend: frozenset[int] = WEEKEND
    holidays: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()
    timezone: str = "UTC"

    def works(self, day: date) -> bool:
        """Return whether people work on that day."""
        return day in self.working or (day.isoweekday() not in self.weekend and day not in self.holidays)

    def next_working(self, day: date) -> date:
        """Return the day itself if it is worked, else the next that is.

        :raises ValueError: nobody works within two months.
        """
        for ahead in range(LONGEST_REST + 1):
            if self.works(day + ahead * ONE_DAY):
                return day + ahead * ONE_DAY
        raise ValueError(f"No working day within {LONGEST_REST} days of {day.isoformat()}.")

    def after(self, day: date, working_days: int) -> date:
        """Return the day that many working days after ``day``; 0: the day itself or the next that is worked."""
        reached = self.next_working(day)
        if working_days and reached > day:
            # The first working day after a day of rest is itself the first of those counted.
            working_days -= 1
        for _each in range(working_days):
            reached = self.next_working(reached + ONE_DAY)
        return reached


@dataclass(frozen=True)
class Estimate:
    """The first and the last day of the expected delivery; not ``certain`` where holidays of a year are unknown."""

    earliest: date
    latest: date
    certain: bool


def dispatch_day(ordered_at: datetime, *, cut_off: int, origin: Calendar) -> date:
    """Return the day goods leave: the day of the order before the cut-off hour there, else the next working day.

    ``ordered_at`` must know its time zone; ``cut_off`` is an hour (0 to 23) of the clock at the warehouse.

    :raises ValueError: ``ordered_at`` is naive.
    """
    if ordered_at.tzinfo is None:
        raise ValueError("The moment of the order must have a time zone.")
    local = ordered_at.astimezone(ZoneInfo(origin.timezone))
    return origin.next_working(local.date() if local.hour < cut_off else local.date() + ONE_DAY)


def estimate(
    ordered_at: datetime, *, cut_off: int, days: tuple[int, int], origin: Calendar, destination: Calendar
) -> Estimate:
    """Return when goods ordered now arrive, ``days`` working days of the destination after they leave.

    :raises ValueError: ``ordered_at`` is naive, or the first of ``days`` is after the second.
    """
    first, last = days
    if not 0 <= first <= last:
        raise ValueError(f"{first} to {last} working days is not a range.")
    left = dispatch_day(ordered_at, cut_off=cut_off, origin=origin)
    earliest, latest = destination.after(left, first), destination.after(left, last)
    known = left.year in origin.years and {earliest.year, latest.year} <= destination.years
    return Estimate(earliest=earliest, latest=latest, certain=known)
