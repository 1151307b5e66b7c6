"""Carriers and where their parcels are followed. Pure; the rows are in ``data/carriers.csv``, each with its source."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

DATA = Path(__file__).parent / "data" / "carriers.csv"
NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{3,39}")


class BadTrackingNumber(ValueError):
    """A carrier's number has letters, digits and hyphens, four to forty of them."""


@dataclass(frozen=True)
class Carrier:
    """A carrier; ``tracking_url`` has ``{number}`` where the parcel's number goes."""

    code: str
    name: str
    tracking_url: str
    source: str
    confidence: str


@cache
def carriers() -> dict[str, Carrier]:
    """Return code → carrier, read once."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return {row["code"]: Carrier(**row) for row in csv.DictReader(file)}


def by_name(name: str) -> Carrier | None:
    """Return the carrier with this name, as delivery methods write it, whatever the capitals; None: not known."""
    wanted = name.strip().casefold()
    return next((one for one in carriers().values() if one.name.casefold() == wanted), None)


def clean_number(typed: str) -> str:
    """Return a tracking number without spaces, in capitals; empty stays empty.

    :raises BadTrackingNumber: it has other characters, or another length.
    """
    number = re.sub(r"\s", "", typed).upper()
    if number and not NUMBER.fullmatch(number):
        raise BadTrackingNumber(f"{typed!r} is no tracking number: letters, digits and hyphens, four to forty of them.")
    return number


def tracking_url(code: str, number: str) -> str:
    """Return where the parcel is followed; empty without a number, or for a carrier that is not known."""
    carrier = carriers().get(code)
    return carrier.tracking_url.format(number=quote(number, safe="")) if carrier and number else ""
