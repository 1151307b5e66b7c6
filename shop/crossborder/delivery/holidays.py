"""The calendars of countries, from the tables in ``data``: each row with its source and how far it is to be trusted.

``confidence``: ``secondary`` (read in a source that quotes the official one), ``memory`` (not yet compared with the
source), ``unconfirmed`` (not announced yet, or open). A year with unconfirmed days does not count as known.
"""

import csv
from datetime import date
from functools import cache
from pathlib import Path

from shop.crossborder.delivery.calendars import WEEKEND, Calendar

DATA = Path(__file__).parent / "data"
UNCONFIRMED = "unconfirmed"


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def calendars() -> dict[str, Calendar]:
    """Return ISO country code → calendar for the countries in the tables; read once."""
    holidays: dict[str, list[dict[str, str]]] = {}
    for row in rows("holidays"):
        holidays.setdefault(row["country"], []).append(row)
    found = {}
    for row in rows("countries"):
        days = holidays.get(row["country"], [])
        open_years = {date.fromisoformat(one["date"]).year for one in days if one["confidence"] == UNCONFIRMED}
        found[row["country"]] = Calendar(
            weekend=frozenset(int(one) for one in row["weekend"].split()) or WEEKEND,
            holidays=frozenset(date.fromisoformat(one["date"]) for one in days if one["kind"] == "holiday"),
            working=frozenset(date.fromisoformat(one["date"]) for one in days if one["kind"] == "working"),
            years=frozenset({date.fromisoformat(one["date"]).year for one in days} - open_years),
            timezone=row["timezone"],
        )
    return found


def calendar(country: str) -> Calendar:
    """Return the calendar of a country; one without tables rests on Saturday and Sunday and knows no holidays."""
    return calendars().get(country, Calendar())
