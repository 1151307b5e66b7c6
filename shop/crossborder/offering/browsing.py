"""One page of what a market offers, narrowed and in order, with the counts of every facet.

A facet's counts are made with the other facets' choices alone, so that they say what choosing one more would find.
"""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.utils import timezone

from shop.crossborder.models import Market
from shop.crossborder.offering.narrowing import FACETS, Filters
from shop.crossborder.offering.shelf import Shelf
from shop.crossborder.offering.shelving import Labels, shelf_and_labels

PAGE_SIZE = 24
LABELLED = ("museum", "theme", "material")


@dataclass(frozen=True)
class Found:
    """One page: product ids with the stamps of what their cards are made of, and facet → [(value, label, count)].

    ``total`` counts all products, ``number`` is the page's. Labels that the database does not have are empty: of kinds,
    prices, periods and stock. A stamp is None where what was read may yet be rolled back.
    """

    ids: list[int] = field(default_factory=list)
    total: int = 0
    number: int = 1
    pages: int = 1
    counts: Mapping[str, list[tuple[str, str, int]]] = field(default_factory=dict)
    stamps: list[Hashable] = field(default_factory=list)


def browse(
    *,
    market: Market,
    language: str,
    filters: Filters,
    page: int = 1,
    size: int = PAGE_SIZE,
    scores: Mapping[int, float] | None = None,
    facets: Collection[str] = FACETS,
    now: datetime | None = None,
) -> Found:
    """Return one page (counted from 1, brought into what there is); one statement, two where offers changed.

    ``scores``: product id → how well it was found; None where nothing was searched for.
    """
    shelf, labels, settled = shelf_and_labels(market=market, language=language)
    base = shelf.shown(language)
    if scores is not None:
        base &= shelf.set_of(scores)
    sets = _chosen(shelf, labels, filters)
    every = base
    for one in sets.values():
        every &= one
    total = every.bit_count()
    pages = max(-(-total // size), 1)
    number = min(max(page, 1), pages)
    if scores is None or filters.sort != "recommended":
        places = shelf.ordered(every, filters.sort)
    else:
        places = shelf.found(every, scores, now or timezone.now())
    counts = {}
    for code in facets:
        others = base
        for other, one in sets.items():
            if other != code:
                others &= one
        counts[code] = _counts(shelf, labels, code, others)
    rows = [shelf.rows[place] for place in islice(places, (number - 1) * size, number * size)]
    museums = labels.known.get("museum", {})
    return Found(
        ids=[row.id for row in rows],
        stamps=[(row.version, museums.get(row.museum)) if settled else None for row in rows],
        total=total,
        number=number,
        pages=pages,
        counts=counts,
    )


def product_ids(*, market: Market, language: str, filters: Filters, scores: Mapping[int, float] | None) -> list[int]:
    """Return every product that the filters leave; one statement, two where offers changed."""
    everything = 1_000_000
    found = browse(market=market, language=language, filters=filters, size=everything, scores=scores, facets=())
    return found.ids


def _chosen(shelf: Shelf, labels: Labels, filters: Filters) -> dict[str, int]:
    """Return facet → set of what has any of its chosen values."""
    return {
        code: shelf.having(code, labels.ids(code, values) if code in LABELLED else values)
        for code, values in filters.chosen.items()
    }


def _counts(shelf: Shelf, labels: Labels, code: str, others: int) -> list[tuple[str, str, int]]:
    known = labels.known.get(code, {})
    counts = []
    for value, places in shelf.sets[code].items():
        count = (places & others).bit_count()
        if not count:
            continue
        if code not in LABELLED:
            counts.append((value, "", count))
        elif value in known:
            counts.append((*known[value], count))
    return counts
