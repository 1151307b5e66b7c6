"""The import itself: museum, rows, chunks, report."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CharField

from shop.catalogue.importing import rows, staging
from shop.catalogue.importing.checking import Mapper
from shop.catalogue.importing.errors import FileRefused
from shop.catalogue.importing.formats import check_header
from shop.catalogue.importing.record import KEPT_FIELDS, CollectionFormat
from shop.catalogue.importing.rejects import Rejection
from shop.catalogue.importing.source import Source
from shop.catalogue.models import Museum, MuseumObject, MuseumText

LANGUAGE = "en"
DEFAULT_BATCH = 5_000


@dataclass(slots=True)
class Report:
    """Numbers of rows, up to date after every committed chunk."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    @property
    def rows(self) -> int:
        """Return how many rows have been dealt with."""
        return self.created + self.updated + self.unchanged + self.rejected


def import_collection(
    *,
    source: Source,
    layout: CollectionFormat,
    report: Report,
    on_reject: Callable[[Rejection], None],
    on_progress: Callable[[], None],
    museum_slug: str = "",
    batch: int = DEFAULT_BATCH,
) -> None:
    """Bring the museum's objects to what the file says; objects that it does not name stay.

    ``report`` is filled chunk by chunk, so it tells what was kept also when the run is broken off; a second run
    completes it. ``batch`` is the number of rows in a chunk, which is also one transaction. ``on_reject`` gets every
    row left out, in the file's order; ``on_progress`` is called after each chunk. Raises FileRefused, before anything
    is written, when the header or the museum's slug will not do.
    """
    check_slug(museum_slug)
    read = rows.read(source.text)
    first = next(read, None)
    if first is None:
        raise FileRefused(f"{source.name} is empty.")
    if first.fault:
        raise FileRefused(f"{source.name} has no readable header: {first.fault}.")
    header = [name.strip() for name in first.fields]
    check_header(header, layout, filename=source.name)
    mapper = Mapper(layout, header, limits=_limits())
    museum = ensure_museum(slug=museum_slug, layout=layout)
    with staging.tables():
        for chunk, rejections in _chunks(read, mapper, batch=batch):
            stored = staging.store(museum=museum, chunk=chunk)
            report.created += stored.created
            report.updated += stored.updated
            report.unchanged += stored.unchanged
            for rejection in sorted([*rejections, *stored.repeated], key=lambda each: each.row):
                report.rejected += 1
                on_reject(rejection)
            on_progress()


def check_slug(slug: str) -> None:
    """Raise FileRefused when a given museum slug cannot be one."""
    try:
        if slug:
            Museum._meta.get_field("slug").run_validators(slug)  # noqa: SLF001 (public by Django's documentation)
    except ValidationError as error:
        raise FileRefused(f"“{slug}” cannot be a museum's slug: {' '.join(error.messages)}") from None


def ensure_museum(*, slug: str, layout: CollectionFormat) -> Museum:
    """Return the museum of that slug, or the format's own when none is given.

    One that is missing is made, with its English name.
    """
    own = slug in {"", layout.museum_slug}
    place = {"city": layout.city, "country": layout.country} if own else {}
    with transaction.atomic():
        museum, made = Museum.objects.get_or_create(slug=slug or layout.museum_slug, defaults=place)
        if made:
            name = layout.museum_name if own else slug.replace("-", " ").replace("_", " ").title()
            MuseumText.objects.create(museum=museum, language=LANGUAGE, name=name)
    return museum


def _chunks(
    read: Iterator[rows.Row], mapper: Mapper, *, batch: int
) -> Iterator[tuple[list[staging.Staged], list[Rejection]]]:
    """Yield the rows that can be kept and those that cannot, ``batch`` of both together at a time."""
    chunk: list[staging.Staged] = []
    rejections: list[Rejection] = []
    for row in read:
        kept = _kept(row, mapper)
        if isinstance(kept, Rejection):
            rejections.append(kept)
        else:
            chunk.append(kept)
        if len(chunk) + len(rejections) >= batch:
            yield chunk, rejections
            chunk, rejections = [], []
    if chunk or rejections:
        yield chunk, rejections


def _kept(row: rows.Row, mapper: Mapper) -> staging.Staged | Rejection:
    if row.fault:
        return Rejection(row.number, row.line, "", row.fault)
    try:
        return staging.Staged(row.number, row.line, mapper.record(row.fields))
    except ValueError as reason:
        return Rejection(row.number, row.line, mapper.accession_number(row.fields), str(reason))


def _limits() -> dict[str, int]:
    """Return the greatest length of each kept field that has one, as the model says."""
    limits: dict[str, int] = {}
    for name in KEPT_FIELDS:
        field = MuseumObject._meta.get_field(name)  # noqa: SLF001 (public by Django's documentation)
        inner = getattr(field, "base_field", field)
        if isinstance(inner, CharField) and inner.max_length:
            limits[name] = inner.max_length
    return limits
