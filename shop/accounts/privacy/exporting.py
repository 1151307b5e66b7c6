"""Export (GDPR, articles 15 and 20): asked for, made by a task, fetched for some days, then deleted."""

from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from shop.accounts.privacy import collecting, receipts
from shop.accounts.privacy.models import DataExport
from shop.accounts.privacy.person import normal, person_of

log = structlog.get_logger("vitrine.privacy")
CLAIM = timedelta(minutes=5)  # longer than any attempt may take
UNDER_WAY = (DataExport.State.REQUESTED, DataExport.State.RUNNING)
BATCH = 10


def request_export(*, user: User | None, email: str, language: str, asked_by: str) -> DataExport:
    """Write down that a person asks for her data; a task makes it after the commit. One at a time for each address.

    ``email``: a proved address of hers. The caller has made sure that it is she who asks.
    """
    from shop.accounts import tasks

    address = normal(email)
    try:
        with transaction.atomic():
            made = DataExport.objects.create(
                user=user, email=address, language=language, asked_by=asked_by[:80], due_at=timezone.now()
            )
            tasks.make_export.delay(str(made.pk))
    except IntegrityError:
        standing = DataExport.objects.defer("content").filter(email=address, state__in=UNDER_WAY).first()
        if standing is None:  # the other one has just been made
            return request_export(user=user, email=email, language=language, asked_by=asked_by)
        return standing
    log.info("export asked", export=str(made.pk))
    return made


def make(*, export_id: Any = None) -> bool:
    """Make one export that is due; return whether there was one."""
    export = _claim(Q(pk=export_id) if export_id else Q())
    if export is None:
        return False
    now = timezone.now()
    person = person_of(user=export.user, email=export.email)
    content = collecting.as_bytes(collecting.document(person, made_at=now))
    with transaction.atomic():
        done = DataExport.objects.filter(pk=export.pk, state=DataExport.State.RUNNING).update(
            state=DataExport.State.READY,
            content=content,
            size=len(content),
            ready_at=now,
            due_at=None,
            expires_at=now + timedelta(days=settings.EXPORT_DAYS),
        )
        if done:
            export.refresh_from_db(fields=["expires_at"])
            receipts.export_ready(export)
    log.info("export made", export=str(export.pk), size=len(content))
    return True


@transaction.atomic
def _claim(which: Q) -> DataExport | None:
    now = timezone.now()
    export = (
        DataExport.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("user")
        .filter(which, state__in=UNDER_WAY, due_at__lte=now)
        .order_by("due_at")
        .first()
    )
    if export is not None:
        export.state, export.due_at = DataExport.State.RUNNING, now + CLAIM
        export.save(update_fields=["state", "due_at"])
    return export


def make_due(*, limit: int = BATCH) -> int:
    """Make what is due: exports whose task was lost or whose worker died. Returns how many."""
    made = 0
    while made < limit and make():
        made += 1
    return made


def expire_due() -> int:
    """Delete exports whose days are over; return how many. The row stays, without the address."""
    return DataExport.objects.filter(state=DataExport.State.READY, expires_at__lte=timezone.now()).update(
        state=DataExport.State.EXPIRED, content=None, email=""
    )
