"""The verbs of buyers' identities: record, reveal, erase, seal anew. No number or name is ever logged."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shop.crossborder.identities.consent import is_known
from shop.crossborder.identities.declared import DeclaredIdentity
from shop.crossborder.identities.keys import keyring
from shop.crossborder.identities.numbers import check
from shop.crossborder.identities.sealing import mask
from shop.crossborder.models.identities import BuyerIdentity, IdentityAccess

log = structlog.get_logger("vitrine.identities")
REASON_LENGTH = 250
BATCH = 500


class IdentityRefused(Exception):
    """The base of what these verbs refuse; nothing was changed."""


class ConsentMissing(IdentityRefused):
    """The buyer has not consented to this wording."""


class ReasonMissing(IdentityRefused):
    """Nobody looks at a number without saying why."""


class IdentityErased(IdentityRefused):
    """Its time was over: there is nothing to reveal."""


@dataclass(frozen=True)
class Revealed:
    """A number and its holder's name, for the eyes of one person. Never printed."""

    number: str = field(repr=False)
    name: str = field(repr=False)


def retention(kind: str) -> timedelta:
    """Return how long a number of this kind is kept (``IDENTITY_RETENTION_DAYS``)."""
    return timedelta(days=settings.IDENTITY_RETENTION_DAYS[kind])


def _places(row: BuyerIdentity) -> tuple[str, str]:
    return f"{row.kind}:{row.pk}:number", f"{row.kind}:{row.pk}:name"


def _seal(row: BuyerIdentity, *, number: str, name: str) -> None:
    ring = keyring()
    number_place, name_place = _places(row)
    row.sealed_number = ring.seal(number, place=number_place)
    row.sealed_name = ring.seal(name, place=name_place)
    row.key_id = ring.newest_id
    row.digest = ring.digest(f"{row.kind}:{number}")


def _open(row: BuyerIdentity) -> Revealed:
    ring = keyring()
    number_place, name_place = _places(row)
    return Revealed(
        number=ring.open(row.sealed_number, place=number_place), name=ring.open(row.sealed_name, place=name_place)
    )


@transaction.atomic
def record(*, declared: DeclaredIdentity, country: str, given_at: datetime | None = None) -> BuyerIdentity:
    """Keep what a buyer declared for goods to ``country``, sealed; the days it is kept count from ``given_at`` (now).

    :raises shop.crossborder.identities.numbers.BadNumber: the number is not one of its kind.
    :raises ConsentMissing: the version of the consent is empty or was never shown for this kind.
    """
    number = check(declared.kind, declared.number)
    if not is_known(declared.consent_version, declared.kind):
        raise ConsentMissing("A buyer's number is kept only with her separate consent to a wording that we showed.")
    given_at = given_at or timezone.now()
    row = BuyerIdentity(
        id=uuid4(),
        kind=declared.kind,
        country=country,
        masked=mask(number),
        consent_version=declared.consent_version,
        consent_given_at=given_at,
        keep_until=given_at + retention(declared.kind),
    )
    _seal(row, number=number, name=declared.name)
    row.save(force_insert=True)
    log.info("identity recorded", identity=str(row.pk), kind=str(declared.kind), country=country)
    return row


@transaction.atomic
def reveal(*, identity: BuyerIdentity, actor: str, reason: str) -> Revealed:
    """Open a number for one person and write down who looked and why, in one transaction.

    :raises ReasonMissing: no reason was given.
    :raises IdentityErased: its time was over.
    :raises shop.crossborder.identities.sealing.CannotOpen: its key is not configured any more, or it was changed.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing("Say why the number is needed.")
    # Locked, so that the erasing sweep cannot come between.
    row = BuyerIdentity.objects.select_for_update().get(pk=identity.pk)
    if row.erased_at is not None:
        raise IdentityErased(f"It was erased on {row.erased_at:%Y-%m-%d}.")
    revealed = _open(row)
    IdentityAccess.objects.create(identity=row, actor=actor, reason=reason[:REASON_LENGTH])
    log.info("identity revealed", identity=str(row.pk), actor=actor)
    return revealed


@transaction.atomic
def erase_due(*, now: datetime, limit: int = BATCH) -> int:
    """Empty the identities whose time is over, the oldest first; return how many. Any number may run at once."""
    due = (
        BuyerIdentity.objects.select_for_update(skip_locked=True)
        .filter(erased_at=None, keep_until__lte=now)
        .order_by("keep_until")
        .values_list("pk", flat=True)[:limit]
    )
    erased = BuyerIdentity.objects.filter(pk__in=list(due)).update(
        sealed_number="", sealed_name="", digest="", masked="", key_id="", erased_at=now
    )
    if erased:
        log.info("identities erased", count=erased)
    return erased


@transaction.atomic
def reseal(*, limit: int = BATCH) -> int:
    """Seal under the newest key what an older one sealed, digest included; return how many. For after a rotation.

    When it returns 0 the older keys can be taken out of ``IDENTITY_KEYS``.
    """
    older = (
        BuyerIdentity.objects.select_for_update(skip_locked=True)
        .filter(erased_at=None)
        .exclude(key_id=keyring().newest_id)
        .order_by("created_at")[:limit]
    )
    rows = list(older)
    for row in rows:
        opened = _open(row)
        _seal(row, number=opened.number, name=opened.name)
    BuyerIdentity.objects.bulk_update(rows, ["sealed_number", "sealed_name", "key_id", "digest"])
    if rows:
        log.info("identities sealed anew", count=len(rows))
    return len(rows)
