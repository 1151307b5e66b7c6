"""Which countries a territory of the tables holds: the European Union, and the states of the EEA beside it. Pure."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from shop.crossborder.protections.tables import in_force


@lru_cache(maxsize=256)
def members(territory: str, on: date) -> frozenset[str]:
    """Return the ISO codes of a territory's countries on the day; a country is a territory of its own."""
    found = frozenset(row["country"] for row in in_force("territories", on) if row["territory"] == territory)
    return found or frozenset({territory})


@lru_cache(maxsize=1024)
def governing(table: str, country: str, on: date) -> tuple[dict[str, str], ...]:
    """Return the rows of a table that hold in a country on the day, the country's own before its territory's."""
    return tuple(sorted(_holding(table, country, on), key=lambda row: row["territory"] != country))


def _holding(table: str, country: str, on: date) -> Iterator[dict[str, str]]:
    for row in in_force(table, on):
        if country in members(row["territory"], on):
            yield row
