"""Taking pictures that are due and writing their renditions. Level: what has no renditions is due, until it has.

The work itself is done outside any transaction. A worker claims one picture with SKIP LOCKED and sets the time at which
another may take it, so that several workers share the work and a killed one loses nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import PurePosixPath
from time import monotonic

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from shop.catalogue.models import ProductImage, Rendition, Theme
from shop.catalogue.renditions import Rendered, render

LEASE = timedelta(minutes=3)  # longer than the task may run
MAX_ATTEMPTS = 3
GAVE_UP = "It could not be prepared; the worker gave up."
log = structlog.get_logger()


@dataclass(frozen=True)
class Claim:
    """A picture that this worker has taken: a product's (``ProductImage``) or a theme's (``Theme``)."""

    model: type[ProductImage] | type[Theme]
    pk: int
    file: str

    @property
    def _column(self) -> str:
        return "file" if self.model is ProductImage else "picture"

    @property
    def _parent(self) -> str:
        return "picture" if self.model is ProductImage else "theme"

    def row(self) -> QuerySet:
        """Return the row as long as it still has the picture that was taken."""
        found: QuerySet = self.model.objects.filter(pk=self.pk, **{self._column: self.file})
        return found

    def rendition(self, **facts: object) -> Rendition:
        """Return an unsaved rendition of it."""
        return Rendition(**{f"{self._parent}_id": self.pk}, **facts)

    def renditions(self) -> QuerySet[Rendition]:
        """Return what it has."""
        return Rendition.objects.filter(**{f"{self._parent}_id": self.pk})


def due(model: type[ProductImage] | type[Theme], now: datetime) -> QuerySet:
    """Return the rows whose picture waits. Drawings (SVG) are ours and need no renditions."""
    column = "file" if model is ProductImage else "picture"
    waiting = Q(prepared_at=None, problem="") & (Q(prepare_after=None) | Q(prepare_after__lte=now))
    rows: QuerySet = model.objects.filter(waiting).exclude(**{column: ""}).exclude(**{f"{column}__iendswith": ".svg"})
    return rows


def prepare_due(*, seconds: float = 30, now: datetime | None = None) -> int:
    """Prepare pictures until none is due or the time is over; return how many were taken."""
    until = monotonic() + seconds
    taken = 0
    while monotonic() < until:
        claim = _claim(now or timezone.now())
        if claim is None:
            break
        _prepare(claim)
        taken += 1
    return taken


@transaction.atomic
def _claim(now: datetime) -> Claim | None:
    for model in (ProductImage, Theme):
        row = due(model, now).select_for_update(skip_locked=True, of=("self",)).order_by("pk").first()
        if row is None:
            continue
        name = str((row.file if model is ProductImage else row.picture).name)
        taken = {"prepare_after": now + LEASE, "attempts": F("attempts") + 1}
        if row.attempts >= MAX_ATTEMPTS:
            taken = {"problem": GAVE_UP, "prepare_after": None}
        model.objects.filter(pk=row.pk).update(**taken)
        return Claim(model, row.pk, name)
    return None


def _prepare(claim: Claim) -> None:
    if claim.row().exclude(problem="").exists():
        return  # taken too often: its problem is written
    written: list[str] = []
    try:
        with default_storage.open(claim.file) as file:
            data = file.read()
        rows = [_written(claim, one, written) for one in render(data)]
    except SoftTimeLimitExceeded:
        _forget(written)
        raise  # the claim runs out, and another run takes the picture
    except Exception as error:  # noqa: BLE001 (decoders and storages fail in many ways; each is this picture's problem)
        log.warning("picture.not_prepared", picture=claim.file, error=str(error))
        _forget(written)
        claim.row().update(problem=f"It cannot be read: {error}"[:200], prepare_after=None)
        return
    if not _recorded(claim, rows):
        _forget(written)  # the picture was changed or deleted meanwhile


def _written(claim: Claim, one: Rendered, written: list[str]) -> Rendition:
    """Write one file; its name carries the digest of its content."""
    stem = PurePosixPath(claim.file).stem[:80]
    wanted = f"renditions/{stem}-{one.width}-{sha256(one.data).hexdigest()[:12]}.{one.format}"
    if default_storage.exists(wanted):
        name = wanted  # the same content
    else:
        name = default_storage.save(wanted, ContentFile(one.data))
        written.append(name)
    return claim.rendition(format=one.format, width=one.width, height=one.height, size=len(one.data), file=name)


@transaction.atomic
def _recorded(claim: Claim, rows: list[Rendition]) -> bool:
    if not claim.row().update(prepared_at=timezone.now(), prepare_after=None, problem=""):
        return False
    claim.renditions().delete()
    Rendition.objects.bulk_create(rows)
    return True


def _forget(names: list[str]) -> None:
    for name in names:
        if not Rendition.objects.filter(file=name).exists():
            default_storage.delete(name)


@transaction.atomic
def again(*, model: type[ProductImage] | type[Theme], ids: list[int]) -> int:
    """Have pictures prepared anew: they changed, or their problem is mended. Return how many."""
    parent = "picture_id__in" if model is ProductImage else "theme_id__in"
    Rendition.objects.filter(**{parent: ids}).delete()
    changed: int = model.objects.filter(pk__in=ids).update(prepared_at=None, problem="", prepare_after=None, attempts=0)
    return changed


# --- Files of rows that are gone ------------------------------------------------------------------------------------

FOLDERS = ("products", "renditions", "themes")
KEPT_FOR = timedelta(days=1)  # an upload lies there before its row commits


def sweep_files(*, now: datetime | None = None, limit: int = 5_000) -> int:
    """Delete pictures that no row names any more, a day after they were written; return how many."""
    before = (now or timezone.now()) - KEPT_FOR
    used = set(ProductImage.objects.values_list("file", flat=True))
    used |= set(Rendition.objects.values_list("file", flat=True)) | set(Theme.objects.values_list("picture", flat=True))
    deleted = 0
    for name in _stored():
        if name not in used and default_storage.get_modified_time(name) < before and not _named(name):
            default_storage.delete(name)
            deleted += 1
            if deleted >= limit:
                break
    return deleted


def _stored() -> Iterator[str]:
    for folder in FOLDERS:
        if default_storage.exists(folder):
            for name in sorted(default_storage.listdir(folder)[1]):
                yield f"{folder}/{name}"


def _named(name: str) -> bool:
    """Ask once more: a row may have been written since the names were read."""
    return (
        ProductImage.objects.filter(file=name).exists()
        or Rendition.objects.filter(file=name).exists()
        or Theme.objects.filter(picture=name).exists()
    )
