"""What differs between two versions of the rule book, and what in one needs looking after. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.entries import KINDS, Confidence, Entry
from shop.crossborder.rulebook.rows import to_row

WITHIN = timedelta(days=60)
# The columns that say what a rule is about; all others are what it says.
SUBJECT = (
    "jurisdiction", "route", "tax", "act", "category", "hs", "origin", "combine", "basis", "scope", "effects", "per",
    "flag", "action", "country", "postcode", "region", "from_countries",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A row that is new (``before`` empty), gone (``after`` empty) or different: its text by column."""

    kind: str
    key: str
    before: dict[str, str]
    after: dict[str, str]

    @property
    def sort(self) -> str:
        """``new``, ``gone`` or ``changed``."""
        if not self.before:
            return "new"
        return "changed" if self.after else "gone"

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
    on: date | None  # the last day in force; of an unconfirmed row its first
    confidence: Confidence


def concerns(book: RuleBook, *, today: date, within: timedelta = WITHIN) -> list[Concern]:
    """Return what somebody should look at, the most pressing first; an unconfirmed row that ends soon comes twice.

    ``within`` reaches both ways, limits included: rows that end so soon, and rows that ended so lately. A row that ends
    is no concern where another of the same subject begins the day after.
    """
    found = []
    for kind, rows in book.rows.items():
        dated = [row for row in rows if isinstance(row, Entry)]
        starts = {(subject(row), row.valid_from) for row in dated if row.valid_from}
        for row in dated:
            last = row.valid_to
            if last and today - within <= last <= today + within:
                following = last < date.max and (subject(row), last + timedelta(days=1)) in starts
                if not following:
                    found.append(Concern(kind, row.key, "over" if last < today else "ends", last, row.confidence))
            if not row.confirmed and not (last and last < today):
                found.append(Concern(kind, row.key, "unconfirmed", row.valid_from, row.confidence))
    order = {"over": 0, "ends": 1, "unconfirmed": 2}
    return sorted(found, key=lambda one: (order[one.code], one.on or date.max, one.kind, one.key))


def subject(row: Entry) -> tuple[str, ...]:
    """Return what the row is about: rows with the same subject follow one another in time."""
    return (type(row).__name__, *(_text(getattr(row, name, "")) for name in SUBJECT))


def _text(value: object) -> str:
    return ";".join(str(part) for part in value) if isinstance(value, tuple) else str(value)
