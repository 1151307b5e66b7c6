"""The rules that the papers follow, read from the CSV files beside this module: each row has dates and a source."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class FormLimit:
    """Up to which value (``currency``; XDR is the SDR) and gross weight an operator takes a CN 22."""

    operator: str
    currency: str
    value_limit: Decimal
    weight_limit_g: int
    source: str
    confirmed: bool


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a data file of this package."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def _table(name: str) -> tuple[dict[str, str], ...]:
    return tuple(rows(name))


def _in_force(name: str, on: date) -> Iterator[dict[str, str]]:
    """Yield the rows whose half-open range of dates holds the day."""
    day = on.isoformat()
    for row in _table(name):
        if row["valid_from"] <= day and (not row["valid_to"] or day < row["valid_to"]):
            yield row


def customs_territory(country: str, on: date) -> str:
    """Return the customs territory of a country (ISO 3166-1 alpha-2): ``EU`` for its members, else mostly itself."""
    found = [row["territory"] for row in _in_force("territories", on) if row["country"] == country]
    return found[0] if found else country


def leaves_territory(origin: str, destination: str, on: date) -> bool:
    """Tell whether goods from one country to the other cross a customs border."""
    return customs_territory(origin, on) != customs_territory(destination, on)


def form_limit(operator: str, on: date) -> FormLimit:
    """Return the limit of an operator's CN 22.

    :raises LookupError: no row for this operator is in force on that day.
    """
    for row in _in_force("form_limits", on):
        if row["operator"] == operator:
            return FormLimit(
                operator=operator,
                currency=row["currency"],
                value_limit=Decimal(row["value_limit"]),
                weight_limit_g=int(row["weight_limit_g"]),
                source=row["source"],
                confirmed=row["confirmed"] == "yes",
            )
    raise LookupError(f"No CN 22 limit of {operator} is known for {on}.")


def contact_needs(destination: str, on: date) -> set[str]:
    """Return what must be known of the addressee: ``phone``, ``email`` or ``any`` of the two."""
    territory = customs_territory(destination, on)
    return {
        row["needs"] for row in _in_force("contact_rules", on) if row["destination"] in {"*", destination, territory}
    }


def product_ids_mandatory(*, origin: str, destination: str, on: date) -> bool:
    """Tell whether every line needs the merchant's and the manufacturer's product id."""
    territory = customs_territory(destination, on)
    if customs_territory(origin, on) == territory:
        return False
    return any(
        row["territory"] == territory and row["duty"] == "mandatory" for row in _in_force("product_id_rules", on)
    )


@cache
def vague_terms() -> dict[str, str]:
    """Return the descriptions that customs refuse → why; terms are lower case without accents."""
    return {row["term"]: row["reason"] for row in rows("vague_terms")}
