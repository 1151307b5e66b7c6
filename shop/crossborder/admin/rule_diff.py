"""How changes of the rule book read: a new or gone row in one line, a changed one column by column."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import ngettext

from shop.crossborder.admin import rule_looks as looks
from shop.crossborder.rulebook.changes import Change
from shop.crossborder.rulebook.entries import KINDS
from shop.crossborder.rulebook.rows import parse
from shop.crossborder.rulebook.tables import TABLES

GRADES = {"new": "success", "gone": "danger", "changed": "info"}
RATES = {"rate", "valuation"}


@dataclass(frozen=True)
class Shown:
    """A change as the page shows it. ``columns``: name, before, after, of a changed row."""

    sort: str
    grade: str
    kind: Any
    key: str
    href: str
    summary: str
    columns: list[tuple[str, str, str]]


def page(kind: str, key: str, ids: Mapping[tuple[str, str], int]) -> str:
    """Return the address of a row's page; empty where it has none (any more)."""
    pk = ids.get((kind, key))
    return "" if pk is None else looks.page_of(TABLES[kind], pk)


def shown(changes: Iterable[Change], ids: Mapping[tuple[str, str], int]) -> list[Shown]:
    """Return changes for the page; ``ids``: (kind, key) → primary key of rows that have a page."""
    return [
        Shown(
            sort=one.sort,
            grade=GRADES[one.sort],
            kind=looks.KINDS[one.kind],
            key=one.key,
            href=page(one.kind, one.key, ids),
            summary=_summary(one),
            columns=[
                (looks.words(name), _text(name, one.before.get(name, "")), _text(name, one.after.get(name, "")))
                for name in one.columns
            ]
            if one.sort == "changed"
            else [],
        )
        for one in changes
    ]


def told(counts: Counter[str]) -> list[tuple[str, str]]:
    """Return how many rows are new, changed and gone, each with the colour of its label."""
    words = {
        "new": ngettext("%(count)d new", "%(count)d new", counts["new"]),
        "changed": ngettext("%(count)d changed", "%(count)d changed", counts["changed"]),
        "gone": ngettext("%(count)d gone", "%(count)d gone", counts["gone"]),
    }
    return [(GRADES[sort], text % {"count": counts[sort]}) for sort, text in words.items() if counts[sort]]


def _summary(change: Change) -> str:
    row: Any = parse(KINDS[change.kind], change.after or change.before)
    place = getattr(row, "jurisdiction", "")
    dates = looks.days(row.valid_from, row.valid_to) if hasattr(row, "valid_from") else ""
    return " · ".join(part for part in (place, getattr(row, "title", "") or looks.summary(row), dates) if part)


def _text(name: str, text: str) -> str:
    """Return a column's text as people read it."""
    if not text:
        return "–"
    if name in RATES:
        try:
            return looks.percent(Decimal(text))
        except InvalidOperation:
            return text
    return text.replace(";", ", ") if name in {"sources", "effects", "free_with", "from_countries"} else text
