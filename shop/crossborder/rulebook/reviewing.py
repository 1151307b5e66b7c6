"""The rule book as a reviewer sees it: what is in force, what awaits publishing, and what needs looking after."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shop.catalogue.models import Variant
from shop.crossborder.models import Market, RuleSet
from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.changes import WITHIN, Change, Concern, concerns, diff
from shop.crossborder.rulebook.entries import KINDS, RowFault
from shop.crossborder.rulebook.needs import Needs
from shop.crossborder.rulebook.references import check_references
from shop.crossborder.rulebook.tables import entry, standing_rows


@dataclass(frozen=True)
class Fault:
    """A row that cannot be read: until it is put right nothing is published."""

    kind: str
    key: str
    sentence: str


@dataclass(frozen=True)
class Looked:
    """A concern with its row; ``needed``: a quote for our own markets may depend on it."""

    concern: Concern
    row: Any
    needed: bool


@dataclass(frozen=True)
class Review:
    """The tables compared with the version in force. ``ids`` are (kind, key) → primary key of the table's row."""

    in_force: RuleSet | None
    book: RuleBook
    changes: list[Change]
    concerns: list[Looked]
    faults: list[Fault]
    ids: Mapping[tuple[str, str], int]

    def count(self, code: str) -> int:
        """Return how many rows are ``over``, ``ends`` or ``unconfirmed``."""
        return sum(one.concern.code == code for one in self.concerns)

    @property
    def changed(self) -> Counter[str]:
        """How many rows are new, gone and changed."""
        return tally(self.changes)

    @property
    def lapsed(self) -> list[Looked]:
        """Rules that our markets need and that are over with nothing to follow them."""
        return [one for one in self.concerns if one.needed and one.concern.code == "over"]


def tally(changes: Iterable[Change]) -> Counter[str]:
    """Return how many rows are new, gone and changed."""
    return Counter(one.sort for one in changes)


def review(*, today: date, within: timedelta = WITHIN) -> Review:
    """Return what a reviewer needs. Twelve statements, however many rows there are."""
    latest = RuleSet.objects.order_by("-version").first()
    in_force = RuleBook.from_json(latest.content if latest else {})
    rows: dict[str, list[Any]] = {}
    faults = []
    ids = {}
    for kind, standing in standing_rows().items():
        rows[kind] = []
        for row in standing:
            ids[kind, row.key] = row.pk
            try:
                rows[kind].append(entry(row))
            except RowFault as fault:
                faults.append(Fault(kind, row.key, f"{fault}."))
    book = RuleBook(rows)
    if not faults:
        try:
            check_references(book)
        except RowFault as fault:
            faults.append(Fault("", "", f"{fault}."))
    needs = our_needs(book)
    by_key = {(kind, row.key): row for kind in KINDS for row in book.rows[kind]}
    looked = [
        Looked(one, by_key[one.kind, one.key], needs.cover(by_key[one.kind, one.key]))
        for one in concerns(book, today=today, within=within)
    ]
    return Review(latest, book, diff(in_force, book), looked, faults, ids)


def our_needs(book: RuleBook) -> Needs:
    """Return what quotes look up for the countries of our markets and the goods we have. Two statements."""
    countries = {code for codes in Market.objects.values_list("countries", flat=True) for code in codes}
    hs_codes = Variant.objects.order_by().values_list("hs_code", flat=True).distinct()
    return Needs(book, countries=countries, hs_codes=hs_codes)
