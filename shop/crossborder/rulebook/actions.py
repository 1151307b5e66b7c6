"""What changes the rule book: loading files, confirming rows, publishing a version."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Model

from shop.crossborder.models import RuleSet
from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.references import check_references
from shop.crossborder.rulebook.tables import CONFIRMATION, TABLES, columns, facts_digest, values, working_book

log = structlog.get_logger("vitrine.rulebook")
NAME_LENGTH = 80
# Publishers queue here, so that versions are numbered without gaps or doubles.
LOCK = 0x52554C45


class RulesMoved(Exception):
    """Rows have changed since they were looked at; nothing was done."""


@dataclass(frozen=True)
class Loaded:
    """How many rows were new, changed, as before, or left as a person had edited them."""

    new: int
    changed: int
    same: int
    kept: int


@transaction.atomic
def load_rules(*, rows: Mapping[str, Iterable[Any]]) -> Loaded:
    """Write rows of files into the tables, by key; nothing is deleted.

    A row that a person has edited is left as it is. A row whose facts are the same keeps its confirmation; one whose
    facts changed has that of the file. Publishing is another step.
    """
    count = dict.fromkeys(("new", "changed", "same", "kept"), 0)
    for kind, table in TABLES.items():
        held: Iterable[Any] = table._default_manager.select_for_update()  # noqa: SLF001
        standing = {row.key: row for row in held}
        names = columns(table)
        fresh, changed = [], []
        for plain in rows.get(kind, ()):
            wanted = values(plain, table)
            row = standing.get(plain.key)
            if row is None:
                fresh.append(table(**wanted))
            elif getattr(row, "edited", False):
                count["kept"] += 1
            elif _differs(row, wanted, [name for name in names if name not in CONFIRMATION]) or (
                wanted.get("confirmed_on") and not row.confirmed_on
            ):
                for name, value in wanted.items():
                    setattr(row, name, value)
                changed.append(row)
            else:
                count["same"] += 1
        table._default_manager.bulk_create(fresh)  # noqa: SLF001
        table._default_manager.bulk_update(changed, names) if changed else None  # noqa: SLF001
        count["new"] += len(fresh)
        count["changed"] += len(changed)
    return Loaded(**count)


def _differs(row: Any, wanted: Mapping[str, Any], names: Iterable[str]) -> bool:
    return any((getattr(row, name) or None) != (wanted[name] or None) for name in names)


@transaction.atomic
def publish(*, by: str, note: str = "", reviewed: str = "") -> RuleSet:
    """Freeze the tables as the version that quotes are made from; the content in force again is the same version.

    ``reviewed``: the digest of what was looked at before.

    :raises shop.crossborder.rulebook.entries.RowFault: a row is wrong; nothing is published.
    :raises RulesMoved: the tables are no longer what was reviewed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    book = working_book()
    check_references(book)
    if reviewed and reviewed != book.digest:
        raise RulesMoved("Rules have changed since this page was opened: look at the changes again.")
    latest = RuleSet.objects.defer("content").order_by("-version").first()
    if latest and latest.digest == book.digest:
        return latest
    version = (latest.version if latest else 0) + 1
    made = RuleSet.objects.create(
        version=version, digest=book.digest, content=book.as_json(), frozen_by=by[:NAME_LENGTH], note=note[:250]
    )
    log.info("rule book published", version=version, digest=book.digest[:12], by=by)
    return made


@transaction.atomic
def confirm(*, table: type[Model], ids: Iterable[int], by: str, on: date) -> int:
    """Note who has compared unconfirmed rows with their source, and when; return how many were confirmed now."""
    rows = table._default_manager.filter(id__in=list(ids), confirmed_on=None)  # noqa: SLF001
    return rows.update(confirmed_by=by[:NAME_LENGTH], confirmed_on=on)


@transaction.atomic
def confirm_seen(*, table: type[Model], row_id: int, seen: str, by: str, on: date) -> bool:
    """Confirm a row whose facts are still those of ``seen`` (its :func:`facts_digest`). False: it was confirmed before.

    :raises RulesMoved: somebody changed the row meanwhile, or it is gone.
    """
    row = table._default_manager.select_for_update().filter(pk=row_id).first()  # noqa: SLF001
    if row is None or facts_digest(row) != seen:
        raise RulesMoved("This rule has changed since you opened the question: compare it again.")
    return bool(confirm(table=table, ids=[row_id], by=by, on=on))


def unpublished() -> tuple[RuleBook, RuleBook]:
    """Return the book that is in force and the tables as they stand: their difference awaits publishing."""
    latest = RuleSet.objects.order_by("-version").first()
    return RuleBook.from_json(latest.content if latest else {}), working_book()
