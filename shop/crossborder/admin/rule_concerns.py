"""How the rows that need looking after read: counts, and groups by jurisdiction, those first that our markets need."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _

from shop.crossborder.admin import rule_looks as looks
from shop.crossborder.rulebook.reviewing import Looked, Review
from shop.crossborder.rulebook.tables import TABLES

GRADES = {"over": "danger", "ends": "warning", "unconfirmed": ""}
WORDS = {"over": _("Over"), "ends": _("Ends"), "unconfirmed": _("Unconfirmed")}


@dataclass(frozen=True)
class Line:
    """A concern as the page shows it."""

    grade: str
    word: Any
    kind: Any
    key: str
    href: str
    summary: str
    dates: str
    confidence: str
    sure: str


@dataclass(frozen=True)
class Group:
    """The concerns of a jurisdiction, split into what quotes for our markets may need, and the others."""

    code: str
    name: Any
    needed: list[Line]
    others: list[Line]

    @property
    def pressing(self) -> bool:
        """Whether a rule that our markets need is over or ends soon."""
        return any(line.grade for line in self.needed)


def figures(found: Review) -> list[dict[str, Any]]:
    """Return the counts at the top of the page."""
    unconfirmed = [one for one in found.concerns if one.concern.code == "unconfirmed"]
    needed = sum(one.needed for one in unconfirmed)
    rows = [
        (_("Changes not in force"), len(found.changes), "#changes", "warning"),
        (_("Over, nothing follows"), found.count("over"), "#care", "danger"),
        (_("End soon, nothing follows"), found.count("ends"), "#care", "warning"),
        (_("Unconfirmed"), len(unconfirmed), "#care", "warning"),
        (_("Unconfirmed, our markets need them"), needed, "#care", "danger"),
    ]
    return [
        {"title": title, "count": count, "href": href, "grade": grade if count else "success"}
        for title, count, href, grade in rows
    ]


def by_jurisdiction(found: Review) -> list[Group]:
    """Return concerns by jurisdiction, those first of which our markets need the most."""

    def place(one: Looked) -> str:
        return str(getattr(one.row, "jurisdiction", ""))

    groups = []
    for code, members in groupby(sorted(found.concerns, key=place), key=place):
        lines = [(one.needed, _line(one, found)) for one in members]
        known = found.book.jurisdictions.get(code)
        groups.append(
            Group(
                code=code or "*",
                name=known.name if known else _("Everywhere") if not code else "",
                needed=[line for needed, line in lines if needed],
                others=[line for needed, line in lines if not needed],
            )
        )
    return sorted(groups, key=lambda one: (-len(one.needed), one.code))


def _line(one: Looked, found: Review) -> Line:
    concern, row = one.concern, one.row
    return Line(
        grade=GRADES[concern.code],
        word=WORDS[concern.code],
        kind=looks.KINDS[concern.kind],
        key=concern.key,
        href=looks.page_of(TABLES[concern.kind], found.ids[concern.kind, concern.key]),
        summary=looks.summary(row),
        dates=looks.days(row.valid_from, row.valid_to),
        confidence=str(concern.confidence),
        sure=looks.CONFIDENCE[concern.confidence],
    )
