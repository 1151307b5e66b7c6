"""Narrowing what a market offers: which values a shopper may choose, and the conditions they make.

Within a facet any of the chosen values will do, between facets all must hold.
"""
# ruff: noqa: S608 (what is put into these statements is ours; what was typed is a parameter)

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shop.crossborder.models.offering import StockState

FACETS = ("category", "museum", "theme", "culture", "period", "material", "price", "availability")
SORTS = ("recommended", "newest", "price", "-price")
MOST_VALUES = 20  # chosen in one facet
LONGEST_VALUE = 200  # characters
# Where bands of prices end, in the market's currency; what is not named has the first.
BANDS: Mapping[str, tuple[int, ...]] = {
    "": (25, 50, 100, 250),
    "CNY": (200, 400, 800, 2_000),
    "JPY": (5_000, 10_000, 20_000, 50_000),
    "KRW": (40_000, 80_000, 160_000, 400_000),
}
AVAILABILITY: Mapping[str, tuple[int, ...]] = {
    "in_stock": (StockState.IN_STOCK, StockState.FEW),
    "backorder": (StockState.BACKORDER,),
    "sold_out": (StockState.SOLD_OUT,),
}
# Of a year: 1801 to 1900 are 19, 500 to 401 before the common era are -5. There is no year 0.
CENTURY = "CASE WHEN {year} > 0 THEN ({year} - 1) / 100 + 1 WHEN {year} < 0 THEN -((-{year} - 1) / 100 + 1) END"
YEAR = "COALESCE(o.year_from, o.year_to)"
PERIOD = f"({CENTURY.format(year=YEAR)})"
BAND = re.compile(r"(\d{1,9})-(\d{0,9})")


@dataclass(frozen=True)
class Filters:
    """What was asked for: text, chosen values by facet, and the order. Values that are none find nothing."""

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = "recommended"

    @classmethod
    def read(cls, values: Callable[[str], Iterable[str]], *, text: str = "") -> "Filters":
        """Return the filters of a query string, whose values of a key ``values`` returns; an unknown order is none."""
        chosen = {}
        for code in FACETS:
            kept = dict.fromkeys(_value(one) for one in values(code))
            kept.pop("", None)
            if kept:
                chosen[code] = tuple(kept)[:MOST_VALUES]
        asked = next(iter(values("sort")), "")
        return cls(text=text, chosen=chosen, sort=asked if asked in SORTS else SORTS[0])

    def pairs(self) -> list[tuple[str, str]]:
        """Return the filters as the pairs of a query string, without what is usual."""
        found = [("q", self.text)] if self.text else []
        found += [(code, value) for code in FACETS for value in self.chosen.get(code, ())]
        return found + ([("sort", self.sort)] if self.sort != SORTS[0] else [])

    def toggled(self, code: str, value: str) -> "Filters":
        """Return the filters with the value chosen, or no longer."""
        old = self.chosen.get(code, ())
        new = tuple(one for one in old if one != value) if value in old else (*old, value)
        rest = {key: values for key, values in self.chosen.items() if key != code}
        return Filters(self.text, {**rest, code: new} if new else rest, self.sort)


def _value(raw: str) -> str:
    return raw.replace("\x00", "").strip()[:LONGEST_VALUE]


def bands(currency: str) -> list[tuple[int, int | None]]:
    """Return the price bands of a currency: from (included), to (excluded; None: without end)."""
    ends = BANDS.get(currency, BANDS[""])
    return list(zip((0, *ends), (*ends, None), strict=True))


def band_of(value: str) -> tuple[Decimal, Decimal | None] | None:
    """Return the ends of a band written ``25-50`` or ``250-``, None where it is none."""
    found = BAND.fullmatch(value)
    if not found:
        return None
    return Decimal(found.group(1)), Decimal(found.group(2)) if found.group(2) else None


def _objects(condition: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM shop_product_objects_shown l JOIN shop_museumobject o ON o.id = l.museumobject_id "
        f"WHERE l.product_id = p.id AND {condition})"
    )


PLAIN: Mapping[str, str] = {
    "category": "p.category = ANY(%s)",
    "museum": "m.slug = ANY(%s)",
    "theme": (
        "EXISTS (SELECT 1 FROM shop_themeproduct l JOIN shop_theme t ON t.id = l.theme_id "
        "WHERE l.product_id = p.id AND t.published AND t.slug = ANY(%s))"
    ),
    "culture": _objects("o.culture = ANY(%s)"),
    "period": _objects(f"{PERIOD}::text = ANY(%s)"),
    "material": (
        "EXISTS (SELECT 1 FROM shop_attributevalue av JOIN shop_attribute a ON a.id = av.attribute_id "
        "JOIN shop_attributeoption op ON op.id = av.option_id "
        "WHERE av.product_id = p.id AND a.code = 'material' AND op.code = ANY(%s))"
    ),
}


def condition(code: str, values: Iterable[str]) -> tuple[str, list[Any]]:
    """Return the SQL condition of a facet on offer ``po``, product ``p`` and museum ``m``, with its parameters."""
    if code in PLAIN:
        return PLAIN[code], [list(values)]
    if code == "availability":
        states = [state for value in values for state in AVAILABILITY.get(value, ())]
        return "po.state = ANY(%s::smallint[])", [[int(state) for state in states]]
    parts: list[str] = []
    given: list[Any] = []
    for low, high in filter(None, map(band_of, values)):
        parts.append("po.amount >= %s" if high is None else "po.amount >= %s AND po.amount < %s")
        given += [low] if high is None else [low, high]
    return (" OR ".join(f"({part})" for part in parts) or "false"), given
