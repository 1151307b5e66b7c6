"""What differs between two versions of the rule book, and what in one needs looking after. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.entries import KINDS, Confidence, Entry
from shop.crossborder.rulebook.rows import to_row

CONFIRMATION = {"confirmed_by", "confirmed_on"}


@dataclass(frozen=True)
class Change:
    """A row that is new (``before`` empty), gone (``after`` empty) or different: text by column that differs."""

    kind: str
    key: str
    before: dict[str, str]
    after: dict[str, str]

    @property
    def columns(self) -> list[str]:
        """The columns that differ."""
        return sorted(
            name for name in {*self.before, *self.after} if self.before.get(name, "") != self.after.get(name, "")
        )


def diff(old: RuleBook, new: RuleBook) -> list[Change]:
    """Return what changed from ``old`` to ``new``, by kind and key."""
    found = []
    for kind in KINDS:
        before = {row.key: to_row(row) for row in old.rows[kind]}
        after = {row.key: to_row(row) for row in new.rows[kind]}
        found += [
            Change(kind, key, before.get(key, {}), after.get(key, {}))
            for key in sorted({*before, *after})
            if before.get(key) != after.get(key)
        ]
    return found


@dataclass(frozen=True)
class Concern:
    """A row to look after: it is over or ends soon with nothing to follow it, or nobody has confirmed it."""

    kind: str
    key: str
    code: str  # over | ends | unconfirmed
    on: date | None
    confidence: Confidence


def concerns(book: RuleBook, *, today: date, within: timedelta = timedelta(days=60)) -> list[Concern]:
    """Return the rows of the book that somebody should look at, the most pressing first.

    A row that ends is no concern where another of the same subject begins the day after.
    """
    found = []
    for kind, rows in book.rows.items():
        dated = [row for row in rows if isinstance(row, Entry)]
        starts = {(_subject(row), row.valid_from) for row in dated if row.valid_from}
        for row in dated:
            if row.valid_to and row.valid_to < today + within:
                if (_subject(row), row.valid_to + timedelta(days=1)) in starts or row.valid_to < today - within:
                    continue
                code = "over" if row.valid_to < today else "ends"
                found.append(Concern(kind, row.key, code, row.valid_to, row.confidence))
            elif not row.confirmed and not (row.valid_to and row.valid_to < today):
                found.append(Concern(kind, row.key, "unconfirmed", row.valid_from, row.confidence))
    order = {"over": 0, "ends": 1, "unconfirmed": 2}
    return sorted(found, key=lambda one: (order[one.code], one.on or date.max, one.kind, one.key))


def _subject(row: Entry) -> tuple[str, ...]:
    """Return what the row is about: rows with the same subject follow one another in time."""
    names = ("jurisdiction", "route", "tax", "category", "hs", "origin", "combine", "basis", "scope", "per", "flag")
    return (type(row).__name__, *(str(getattr(row, name, "")) for name in names))
