"""A method's tariff rows checked against one another, and laid out as bands by zones. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations

FIRST, LAST = date.min, date.max


@dataclass(frozen=True)
class Row:
    """A tariff row with its dates: from the first, before the second; None: open."""

    zone: str
    origin: str
    up_to_g: int | None
    amount: Decimal
    stepped: bool
    since: date | None
    until: date | None

    @property
    def place(self) -> tuple[str, str]:
        """Where it holds: rows of one place are read together."""
        return self.zone, self.origin

    @property
    def where(self) -> str:
        """The place in words, e.g. ``Corsica from FR``."""
        return f"{self.zone} from {self.origin}" if self.origin else self.zone

    @property
    def reach(self) -> float:
        """The heaviest parcel of the band in grams, without its steps."""
        return float("inf") if self.up_to_g is None else self.up_to_g

    def meets(self, other: "Row") -> bool:
        """Return whether both hold on some day."""
        return (self.since or FIRST) < (other.until or LAST) and (other.since or FIRST) < (self.until or LAST)

    def holds(self, day: date) -> bool:
        """Return whether it holds on the day."""
        return (self.since or FIRST) <= day < (self.until or LAST)


def weight(row: Row) -> str:
    """Return the band as people write it."""
    return "any weight" if row.up_to_g is None else f"up to {row.up_to_g:,} g"


def faults(rows: Iterable[Row]) -> list[str]:
    """Return what is wrong between rows that hold on the same day, one sentence each.

    Two rows for one band, a heavier band that costs less, steps on a band that is not the last.
    """
    found = []
    for one, other in combinations(sorted(rows, key=lambda row: (row.place, row.reach)), 2):
        if one.place != other.place or not one.meets(other):
            continue
        if one.reach == other.reach:
            found.append(f"{one.where}: two rows {weight(one)} hold on the same day.")
            continue
        if other.amount < one.amount:
            found.append(f"{one.where}: a parcel {weight(other)} costs less than one {weight(one)}.")
        if one.stepped:
            found.append(f"{one.where}: only the last row may have steps, not the one {weight(one)}.")
    return found


def gaps(rows: Iterable[Row], *, max_weight_g: int | None, today: date) -> list[str]:
    """Return where an address or a weight has no price from today on, one sentence each."""
    by_place: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if (row.until or LAST) > today:
            by_place.setdefault(row.place, []).append(row)
    found = []
    for some in by_place.values():
        ends = {edge for row in some for edge in (row.since, row.until) if edge and edge > today}
        for day in sorted({today, *ends}):
            standing = [row for row in some if row.holds(day)]
            later = any((row.since or FIRST) > day for row in some)
            if not standing:
                if later:
                    found.append(f"{some[0].where}: no row holds on {day.isoformat()}.")
                continue
            last = max(standing, key=lambda row: row.reach)
            if last.up_to_g is None or last.stepped or (max_weight_g is not None and last.up_to_g >= max_weight_g):
                continue
            found.append(f"{last.where}: no price above {last.up_to_g:,} g on {day.isoformat()}.")
    return found


@dataclass(frozen=True)
class Table:
    """Bands down, places across; ``cells`` has one line for each band, None where a place has no such band."""

    places: tuple[str, ...]
    bands: tuple[str, ...]
    cells: tuple[tuple[Row | None, ...], ...]


def table(rows: Sequence[Row], *, on: date) -> Table:
    """Return the rows of a day as weight bands by zones."""
    standing = [row for row in rows if row.holds(on)]
    places = sorted({row.place: row.where for row in standing}.items())
    bands = sorted({row.reach: weight(row) for row in standing}.items())
    cell = {(row.reach, row.place): row for row in standing}
    return Table(
        places=tuple(words for _place, words in places),
        bands=tuple(words for _reach, words in bands),
        cells=tuple(tuple(cell.get((reach, place)) for place, _words in places) for reach, _band in bands),
    )
