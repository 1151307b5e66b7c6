"""The rules that invoices follow, read from the CSV files beside this module: each row has dates and a source."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
ANYWHERE = "*"
LANGUAGES = ("en", "fr", "zh-hans", "ja")


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a data file."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def in_force(name: str, on: date) -> list[dict[str, str]]:
    """Return the rows whose half-open range of dates holds the day."""
    day = on.isoformat()
    return [row for row in rows(name) if row["valid_from"] <= day and (not row["valid_to"] or day < row["valid_to"])]


@dataclass(frozen=True)
class TaxPlace:
    """Whose tax holds in a country, and what that wants on paper.

    ``territory``: the country whose tax it is (France's in Monaco). ``registration``: the kind of number under which a
    seller charges it. ``currency``: in which the tax is stated too where the invoice is in another; empty: in none.
    """

    country: str
    territory: str
    union: bool = False
    registration: str = ""
    currency: str = ""


def tax_place(country: str, on: date) -> TaxPlace:
    """Return what is known of a country (ISO 3166-1 alpha-2); of an unknown one nothing but its code."""
    for row in in_force("tax_places", on):
        if row["country"] == country:
            return TaxPlace(country, row["territory"], row["union"] == "yes", row["registration"], row["currency"])
    return TaxPlace(country, country)


@dataclass(frozen=True)
class RegistrationRule:
    """How a kind of number is printed: never where ``printed`` is false; ``title`` is the key of the paper's name."""

    label: str
    printed: bool
    title: str


def registration_rule(kind: str) -> RegistrationRule:
    """Return how a kind of registration is printed; an unknown kind is not."""
    for row in rows("registrations"):
        if row["kind"] == kind:
            return RegistrationRule(row["label"], row["printed"] == "yes", row["title"])
    return RegistrationRule("", printed=False, title="")


def clause(treatment: str, place: TaxPlace, *, terms: str = "", on: date) -> dict[str, str] | None:
    """Return the row with the sentence for a treatment: the country's own, else the Union's, else anybody's."""
    found = {
        row["place"]: row
        for row in in_force("clauses", on)
        if row["treatment"] == treatment and row["terms"] in {"", terms}
    }
    wanted = (place.territory, "EU" if place.union else "", ANYWHERE)
    return next((found[one] for one in wanted if one in found), None)


@cache
def labels(language: str) -> dict[str, str]:
    """Return key → the word in the language, in English where the language is none of the documents'."""
    column = language if language in LANGUAGES else "en"
    return {row["key"]: row[column] for row in rows("labels")}
