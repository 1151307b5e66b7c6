"""The dated rows beside this module: each with its source and how far it is to be trusted."""

import csv
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a data file, read once."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def in_force(name: str, on: date) -> Iterator[dict[str, str]]:
    """Yield the rows whose half-open range of dates holds the day."""
    day = on.isoformat()
    for row in table(name):
        if row["valid_from"] <= day and (not row["valid_to"] or day < row["valid_to"]):
            yield row
