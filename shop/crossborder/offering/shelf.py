"""What a market offers, laid out in memory so that a list is narrowed, counted and ordered without a statement.

Each product has a place (a number from 0). A set of products is a whole number whose bits are places: narrowing is
``&``, any of several values is ``|``, a count is the number of bits. A shelf never changes: :meth:`Shelf.with_rows`
returns another one, so that readers need no lock.
"""

import math
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from shop.crossborder.offering.narrowing import AVAILABILITY, FACETS, band_of, bands

NEW_FOR = timedelta(days=60)
MOST_POPULAR = 1_000  # units; more count no more


@dataclass(frozen=True, slots=True)
class Row:
    """One product that the market offers. ``amount`` is in the market's currency, ``state`` a ``StockState``.

    Museum, themes and materials are ids as text; ``periods`` are centuries as text (19: the years 1801 to 1900).
    """

    id: int
    amount: Decimal
    state: int
    languages: tuple[str, ...]
    category: str
    museum: str
    sort_order: int
    slug: str
    created_at: datetime
    popularity: int
    themes: tuple[str, ...]
    materials: tuple[str, ...]
    cultures: tuple[str, ...]
    periods: tuple[str, ...]
    version: int  # of the market when the row was last changed

    @property
    def boost(self) -> float:
        """What a find counts more when it can be had, or is bought often (one for a thousand units)."""
        bought = math.log1p(min(self.popularity, MOST_POPULAR)) / math.log1p(MOST_POPULAR)
        return 1 + (0.5 if self.state else 0) + 0.3 * bought


ORDERS: Mapping[str, Callable[[Row], Any]] = {
    "recommended": lambda row: (not row.state, row.sort_order, -row.popularity, row.slug),
    "newest": lambda row: (-row.created_at.timestamp(), -row.id),
    "price": lambda row: (row.amount, row.sort_order, row.slug),
    "-price": lambda row: (-row.amount, row.sort_order, row.slug),
}
LANGUAGE = "language"


@dataclass(frozen=True)
class Shelf:
    """The rows of one market by place, the sets of places by facet and value, and the places in every order."""

    currency: str
    rows: tuple[Row, ...]
    places: Mapping[int, int]  # product id → place
    sets: Mapping[str, Mapping[str, int]]  # facet (or "language") → value → set of places
    orders: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, rows: Iterable[Row], *, currency: str) -> "Shelf":
        """Lay out all rows."""
        held = tuple(rows)
        marks: dict[str, dict[str, bytearray]] = {code: {} for code in (*FACETS, LANGUAGE)}
        size = len(held) // 8 + 1
        for place, row in enumerate(held):
            for code, value in _values(row, currency):
                marks[code].setdefault(value, bytearray(size))[place >> 3] |= 1 << (place & 7)
        return cls(
            currency=currency,
            rows=held,
            places={row.id: place for place, row in enumerate(held)},
            sets={
                code: {value: int.from_bytes(bits, "little") for value, bits in found.items()}
                for code, found in marks.items()
            },
            orders={
                name: tuple(sorted(range(len(held)), key=lambda place, key=key: key(held[place])))  # type: ignore[misc]
                for name, key in ORDERS.items()
            },
        )

    def with_rows(self, changed: Iterable[Row]) -> "Shelf":
        """Return the shelf with some rows new or different; none goes."""
        rows = list(self.rows)
        places = dict(self.places)
        sets = {code: dict(found) for code, found in self.sets.items()}
        orders = {name: list(order) for name, order in self.orders.items()}
        for row in changed:
            place = places.get(row.id)
            if place is None:
                place = places[row.id] = len(rows)
                rows.append(row)
            else:
                for code, value in _values(rows[place], self.currency):
                    sets[code][value] &= ~(1 << place)
                for order in orders.values():
                    order.remove(place)
                rows[place] = row
            for code, value in _values(row, self.currency):
                sets[code][value] = sets[code].get(value, 0) | 1 << place
            for name, order in orders.items():
                key = ORDERS[name]
                insort(order, place, key=lambda one, key=key: key(rows[one]))  # type: ignore[misc]
        kept = {code: {value: bits for value, bits in found.items() if bits} for code, found in sets.items()}
        return Shelf(
            currency=self.currency,
            rows=tuple(rows),
            places=places,
            sets=kept,
            orders={name: tuple(order) for name, order in orders.items()},
        )

    def shown(self, language: str) -> int:
        """Return the set of what is shown in the language."""
        return self.sets[LANGUAGE].get(language, 0)

    def having(self, code: str, values: Iterable[str]) -> int:
        """Return the set of what has any of the facet's values; one that is none finds nothing."""
        if code == "price":
            return self._priced(values)
        found = self.sets[code]
        chosen = 0
        for value in values:
            chosen |= found.get(value, 0)
        return chosen

    def _priced(self, values: Iterable[str]) -> int:
        chosen = 0
        for value in values:
            usual = self.sets["price"].get(value)
            ends = band_of(value)
            if usual is not None or ends is None:
                chosen |= usual or 0
                continue
            low, high = ends
            rising = self.orders["price"]
            first = bisect_left(rising, low, key=lambda place: self.rows[place].amount)
            end = len(rising) if high is None else bisect_left(rising, high, key=lambda place: self.rows[place].amount)
            chosen |= _set(rising[first:end], len(self.rows))
        return chosen

    def ordered(self, chosen: int, sort: str) -> Iterator[int]:
        """Yield the places of the set in an order of :data:`narrowing.SORTS`."""
        marks = _marks(chosen, len(self.rows))
        return (place for place in self.orders[sort] if marks[place >> 3] >> (place & 7) & 1)

    def found(self, chosen: int, scores: Mapping[int, float], now: datetime) -> Iterator[int]:
        """Yield the places of the set among what was found, the best first. ``scores``: product id → how well."""

        def weighed(place: int) -> tuple[Any, ...]:
            row = self.rows[place]
            boost = row.boost + (0.1 if row.created_at > now - NEW_FOR else 0)
            return (-scores[row.id] * boost, *ORDERS["recommended"](row))

        marks = _marks(chosen, len(self.rows))
        places = (self.places[one] for one in scores if one in self.places)
        return iter(sorted((one for one in places if marks[one >> 3] >> (one & 7) & 1), key=weighed))

    def set_of(self, product_ids: Iterable[int]) -> int:
        """Return the set of those products that the market offers."""
        return _set((self.places[one] for one in product_ids if one in self.places), len(self.rows))


def _set(places: Iterable[int], rows: int) -> int:
    marks = bytearray(rows // 8 + 1)
    for place in places:
        marks[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(marks, "little")


def _marks(chosen: int, rows: int) -> bytes:
    return chosen.to_bytes(rows // 8 + 1, "little")


def _values(row: Row, currency: str) -> Iterable[tuple[str, str]]:
    """Return every (facet, value) of the row."""
    yield "category", row.category
    yield "museum", row.museum
    for code, values in (
        ("theme", row.themes),
        ("material", row.materials),
        ("culture", row.cultures),
        ("period", row.periods),
        (LANGUAGE, row.languages),
    ):
        for value in values:
            yield code, value
    for low, high in bands(currency):
        if row.amount >= low and (high is None or row.amount < high):
            yield "price", f"{low}-{'' if high is None else high}"
    for value, states in AVAILABILITY.items():
        if row.state in states:
            yield "availability", value
