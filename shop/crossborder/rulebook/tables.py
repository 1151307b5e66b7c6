"""Between the rule book's tables and its plain values: the columns have the same names."""

import json
from hashlib import sha256
from typing import Any

from django.db.models import Model

from shop.crossborder.models import (
    DutyRule,
    FeeRule,
    Jurisdiction,
    PlaceRule,
    ProcedureRule,
    RestrictionRule,
    RuleSource,
    TaxRule,
    ThresholdRule,
)
from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.entries import KINDS
from shop.crossborder.rulebook.rows import parse

TABLES: dict[str, type[Model]] = {
    "sources": RuleSource,
    "jurisdictions": Jurisdiction,
    "places": PlaceRule,
    "procedures": ProcedureRule,
    "taxes": TaxRule,
    "duties": DutyRule,
    "thresholds": ThresholdRule,
    "fees": FeeRule,
    "restrictions": RestrictionRule,
}
KIND_OF = {table: kind for kind, table in TABLES.items()}
ASIDE = {"id", "edited"}
CONFIRMATION = ("confirmed_by", "confirmed_on")


def columns(table: type[Model]) -> list[str]:
    """Return the columns that are facts or their confirmation."""
    return [field.name for field in table._meta.concrete_fields if field.name not in ASIDE]  # noqa: SLF001


def as_text(row: Model) -> dict[str, str]:
    """Return the row as text by column, as a file of the book has it."""
    found = {}
    for name in columns(type(row)):
        value = getattr(row, name)
        if isinstance(value, bool):
            found[name] = "yes" if value else "no"
        elif isinstance(value, (list, tuple)):
            found[name] = ";".join(str(one) for one in value)
        else:
            found[name] = "" if value is None else str(value)
    return found


def entry(row: Model) -> Any:
    """Return the row as a plain value.

    :raises shop.crossborder.rulebook.entries.RowFault: a column is wrong.
    """
    return parse(KINDS[KIND_OF[type(row)]], as_text(row))


def values(plain: Any, table: type[Model]) -> dict[str, Any]:
    """Return a plain value's fields as the table's columns hold them."""
    found = {}
    for name in columns(table):
        value = getattr(plain, name)
        found[name] = [str(one) for one in value] if isinstance(value, tuple) else value
    return found


def facts_digest(row: Model) -> str:
    """Return what tells two states of a row apart, its confirmation left out (SHA-256, hexadecimal)."""
    facts = {name: text for name, text in as_text(row).items() if name not in CONFIRMATION}
    return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def standing_rows() -> dict[str, list[Any]]:
    """Return kind → the rows of its table: one statement for each kind."""
    return {kind: list(table._default_manager.all()) for kind, table in TABLES.items()}  # noqa: SLF001


def working_book() -> RuleBook:
    """Return the tables as they stand, published or not: one statement for each kind of row.

    :raises shop.crossborder.rulebook.entries.RowFault: a row is wrong.
    """
    return RuleBook({kind: [entry(row) for row in rows] for kind, rows in standing_rows().items()})
