"""A version of the rule book: unchangeable, known by the digest of its content, quick to look things up in. Pure."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

from shop.crossborder.rulebook.entries import KINDS, Entry, Jurisdiction, Place, Source
from shop.crossborder.rulebook.rows import parse, to_row

# The book was begun then: quotes for earlier days would silently lack rules.
FIRST_DAY = date(2025, 1, 1)
# Rules are not known so far ahead that a quote could rely on them.
LAST_DAY = date(2030, 12, 31)


class UnknownJurisdiction(LookupError):
    """The book has no such country or territory."""


class RuleBook:
    """Rows by kind. Two books with the same rows have the same ``digest`` (SHA-256 of their canonical text)."""

    def __init__(self, rows: Mapping[str, Iterable[Any]], *, version: str = "") -> None:
        self.rows: dict[str, tuple[Any, ...]] = {
            kind: tuple(sorted(rows.get(kind, ()), key=lambda row: str(row.key))) for kind in KINDS
        }
        self._given_version = version
        self.jurisdictions: dict[str, Jurisdiction] = {row.key.upper(): row for row in self.rows["jurisdictions"]}
        self.sources: dict[str, Source] = {row.key: row for row in self.rows["sources"]}
        self.entries: dict[str, Entry] = {
            row.key: row for kind in KINDS for row in self.rows[kind] if isinstance(row, Entry)
        }
        self._places: dict[str, list[tuple[Place, re.Pattern[str] | None]]] = {}
        for place in self.rows["places"]:
            pattern = re.compile(place.postcode) if place.postcode else None
            self._places.setdefault(place.country, []).append((place, pattern))
        # What the landed-cost engine works out of these rows, kept for the life of the book.
        self.compiled: dict[Any, Any] = {}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, in hexadecimal."""
        return sha256(self.canonical.encode()).hexdigest()

    @cached_property
    def canonical(self) -> str:
        """The content as JSON text with sorted keys: the same rows give the same text."""
        return json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def version(self) -> str:
        """The name under which the book was frozen, else the beginning of its digest."""
        return self._given_version or self.digest[:12]

    def as_json(self) -> dict[str, list[dict[str, str]]]:
        """Return kind → rows as text by column."""
        return {kind: [to_row(row) for row in rows] for kind, rows in self.rows.items()}

    @classmethod
    def from_json(cls, content: Mapping[str, Sequence[Mapping[str, str]]], *, version: str = "") -> "RuleBook":
        """Return the book of :meth:`as_json`.

        :raises shop.crossborder.rulebook.entries.RowFault: a row is wrong.
        """
        return cls(
            {kind: [parse(KINDS[kind], row) for row in content.get(kind, ())] for kind in KINDS}, version=version
        )

    def chain(self, code: str) -> tuple[str, ...]:
        """Return the jurisdiction and those above it, the nearest first (``FR``, ``EU``).

        :raises UnknownJurisdiction: the book does not know it.
        """
        found: list[str] = []
        while code and code not in found:
            if code not in self.jurisdictions:
                raise UnknownJurisdiction(code)
            found.append(code)
            code = self.jurisdictions[code].parent
        return tuple(found)

    def tariff_chain(self, code: str) -> tuple[str, ...]:
        """Return whose duties hold for goods that are imported there: its chain, then that of its ``tariff``.

        :raises UnknownJurisdiction: the book does not know it.
        """
        tariff = self.jurisdictions[code].tariff if code in self.jurisdictions else ""
        return (*self.chain(code), *(self.chain(tariff) if tariff else ()))

    def origins(self, code: str) -> tuple[str, ...]:
        """Return a country of origin and its unions, the nearest first, then empty for any."""
        return (*self.chain(code), "") if code in self.jurisdictions else (code, "")

    def locate(self, *, country: str, postcode: str, region: str, on: date) -> str:
        """Return the jurisdiction of an address; the country itself where no exception holds."""
        places = self._places.get(country)
        if not places:
            return country
        compact = postcode.replace(" ", "").replace("-", "").upper()
        for place, pattern in places:
            if not place.in_force(on):
                continue
            if (pattern and pattern.fullmatch(compact)) or (place.region and place.region == region):
                return place.jurisdiction
        return country

    def free_between(self, first: str, second: str) -> bool:
        """Whether goods move between two jurisdictions without a customs procedure."""
        one, other = self.jurisdictions[first], self.jurisdictions[second]
        return (
            one.customs_territory == other.customs_territory
            or other.customs_territory in one.free_with
            or one.customs_territory in other.free_with
        )
