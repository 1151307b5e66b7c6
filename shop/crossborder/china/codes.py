"""What the specification lists: formats of the elements, units, countries, limits, meanings of replies. Data in CSV.

Formats: the E-port's message specification for unified cross-border import, tables of orders, payments and waybills.
Units and countries: the code collection JGS-20 (numeric country codes, as these messages still use them). Reply codes
note in ``seen_in`` where each was seen; those of the simulator are its own.
"""

import csv
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files

YUAN = "142"  # the code of the renminbi in these messages
FORMAT = re.compile(r"C(?P<exact>[0-9]+)|C\.\.(?P<longest>[0-9]+)|N(?P<digits>[0-9]+),(?P<decimals>[0-9]+)")


class Outcome(StrEnum):
    """What a reply means for the document."""

    PROCESSING = "processing"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    RETRY = "retry"


@dataclass(frozen=True)
class Field:
    """An element's format: text of at most ``longest`` characters (exactly, if ``exact``), or a number."""

    element: str
    longest: int
    exact: bool
    numeric: bool
    decimals: int
    required: bool


@dataclass(frozen=True)
class ReplyCode:
    """What a code of customs means, and what a person does about it."""

    code: str
    outcome: Outcome
    meaning: str
    what_to_do: str
    seen_in: str


@dataclass(frozen=True)
class Limit:
    """What one person may import by this route, in one transaction or a calendar year."""

    amount: Decimal
    currency: str
    source: str


def _rows(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _field(row: dict[str, str]) -> Field:
    found = FORMAT.fullmatch(row["format"])
    if found is None:
        raise ValueError(f"{row['format']} is not a format of the specification.")
    return Field(
        element=row["element"],
        longest=int(found["exact"] or found["longest"] or found["digits"]),
        exact=found["exact"] is not None,
        numeric=found["digits"] is not None,
        decimals=int(found["decimals"] or 0),
        required=row["required"] == "yes",
    )


@cache
def fields(block: str) -> tuple[Field, ...]:
    """Return the elements of a block (``OrderHead``, ``OrderList``, …) in the order of the specification."""
    return tuple(_field(row) for row in _rows("fields") if row["block"] == block)


@cache
def units() -> frozenset[str]:
    """Return the codes of units of measure that are known here."""
    return frozenset(row["code"] for row in _rows("units"))


@cache
def countries() -> dict[str, str]:
    """Return ISO 3166-1 alpha-2 → code of customs."""
    return {row["iso"]: row["code"] for row in _rows("countries")}


@cache
def reply_codes() -> dict[str, ReplyCode]:
    """Return every known code with its meaning."""
    return {
        row["code"]: ReplyCode(
            code=row["code"],
            outcome=Outcome(row["outcome"]),
            meaning=row["meaning"],
            what_to_do=row["what_to_do"],
            seen_in=row["seen_in"],
        )
        for row in _rows("replies")
    }


def limit(name: str, *, on: date) -> Limit | None:
    """Return the limit ``transaction`` or ``year`` in force on that day, or None."""
    for row in _rows("limits"):
        ends = date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max
        if row["name"] == name and date.fromisoformat(row["valid_from"]) <= on < ends:
            return Limit(amount=Decimal(row["amount"]), currency=row["currency"], source=row["source"])
    return None
