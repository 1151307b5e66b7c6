"""Signing a version, and saying beforehand what would stand in the way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from licensing.rights.models import AgreementVersion

IN_THE_WAY = """
SELECT mine.grant_id, other.grant_id, a.number, p.name, g.exclusivity, mine.term * other.term
FROM licensing_rightheld mine
JOIN licensing_rightheld other ON other.property_spans && mine.property_spans
    AND other.territory_spans && mine.territory_spans AND other.channel_spans && mine.channel_spans
    AND other.category_spans && mine.category_spans AND other.language_spans && mine.language_spans
    AND other.term && mine.term AND other.lock && mine.lock AND other.holder <> mine.holder
    AND other.parent_id IS NOT DISTINCT FROM mine.parent_id
JOIN licensing_agreement a ON a.id = other.agreement_id
JOIN licensing_party p ON p.id = a.licensee_id
JOIN licensing_grant g ON g.id = other.grant_id
WHERE mine.agreement_id = %s
ORDER BY a.number, other.grant_id, mine.grant_id
"""


@dataclass(frozen=True)
class Conflict:
    """A grant of the version and one in force that exclude each other, on the days that both cover."""

    grant_id: int
    other_grant_id: int
    agreement: str
    holder: str
    exclusivity: str
    days: DateRange

    def __str__(self) -> str:
        until = f" until {self.days.upper:%Y-%m-%d}" if self.days.upper else ""
        since = f" from {self.days.lower:%Y-%m-%d}" if self.days.lower else ""
        return f"{self.agreement} ({self.holder}, {self.exclusivity.replace('_', '-')}){since}{until}"


class SigningRefused(Exception):
    """The version cannot be signed; nothing was written. ``conflicts`` are the rights in force that exclude it."""

    def __init__(self, why: str, conflicts: list[Conflict]) -> None:
        self.conflicts = conflicts
        super().__init__(why)


def conflicts(version: AgreementVersion) -> list[Conflict]:
    """Return what in force would exclude the version's grants; nothing stays written.

    :raises SigningRefused: a grant names a place that is none, or goes beyond the licence it stands under.
    """
    found: list[tuple[Any, ...]] = []
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                # Written as if there were no constraints, and taken back: the database alone knows what a grant means.
                cursor.execute("SET CONSTRAINTS licensing_rightheld_roots, licensing_rightheld_siblings DEFERRED")
                _write(version, timezone.now())
                cursor.execute(IN_THE_WAY, [version.agreement_id])
                found = cursor.fetchall()
            transaction.set_rollback(True)
    except IntegrityError as error:
        raise SigningRefused(_said(error), []) from error
    return [Conflict(*row) for row in found]


def sign(*, version: AgreementVersion, at: datetime | None = None) -> None:
    """Sign a version for good; its grants are in force from then on, as far as the agreement is.

    :raises SigningRefused: it is signed already, a grant names a place that is none, goes beyond the licence it stands
        under, or is excluded by rights in force.
    """
    at = at or timezone.now()
    try:
        with transaction.atomic():
            if not _write(version, at):
                raise SigningRefused(f"{version} is signed already.", [])
    except IntegrityError as error:
        blocking = conflicts(version)
        why = "; ".join(dict.fromkeys(map(str, blocking))) or _said(error)
        raise SigningRefused(f"Rights in force exclude it: {why}." if blocking else why, blocking) from error
    version.signed_at = at


def _write(version: AgreementVersion, at: datetime) -> int:
    return AgreementVersion.objects.filter(pk=version.pk, signed_at=None).update(signed_at=at)


def _said(error: IntegrityError) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    said = str(getattr(diagnosis, "message_primary", None) or error)
    return f"{said[:1].upper()}{said[1:]}."
