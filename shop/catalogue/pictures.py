"""Pictures as pages offer them: what goes into ``<picture>``, with every rendition by format and width."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.core.files.storage import default_storage
from django.db.models import JSONField
from django.db.models.functions import JSONArray

from shop.catalogue.models import ProductImage, Rendition, Theme

TYPES = (("avif", "image/avif"), ("webp", "image/webp"))  # the better first: browsers take the first that they know


@dataclass(frozen=True)
class Source:
    """A ``<source>``: its media type and ``srcset`` with widths (``url 320w, url 640w``)."""

    type: str
    srcset: str


@dataclass(frozen=True)
class PagePicture:
    """A picture with its size in pixels, alternative text, and sources; ``url`` is for browsers that know none."""

    url: str
    width: int
    height: int
    alt: str
    sources: tuple[Source, ...] = ()


def alt_in(alt: Any, language: str, name: str) -> str:
    """Return the alternative text in the language, else in English, else the name."""
    words = alt if isinstance(alt, dict) else {}
    return str(words.get(language) or words.get("en") or name)


def sources(renditions: Iterable[tuple[str, int, str]]) -> tuple[Source, ...]:
    """Return the sources of (format, width, file name), the best format first, narrow before wide."""
    known = sorted(renditions, key=lambda one: one[1])
    made = []
    for code, media in TYPES:
        candidates = [f"{default_storage.url(file)} {width}w" for form, width, file in known if form == code]
        if candidates:
            made.append(Source(media, ", ".join(candidates)))
    return tuple(made)


def packed_renditions(**of: Any) -> ArraySubquery:
    """Return [format, width, file name] of each rendition of a row, for :func:`sources`, in the row's statement."""
    rows = Rendition.objects.filter(**of).order_by().values(packed=JSONArray("format", "width", "file"))
    return ArraySubquery(rows, output_field=ArrayField(JSONField()))


def of_products(
    product_ids: Sequence[int], *, language: str, names: dict[int, str] | None = None, first_only: bool = False
) -> dict[int, list[PagePicture]]:
    """Return product id → its pictures in their order. Two statements, however many.

    ``names`` (product id → name in the language) stand in where a picture has no alternative text. ``first_only``: the
    first picture of each, as cards show it.
    """
    rows = ProductImage.objects.filter(product_id__in=list(product_ids)).order_by("product_id", "position")
    if first_only:
        rows = rows.distinct("product_id")
    images = list(rows)
    renditions = _renditions("picture_id", [image.pk for image in images if image.prepared_at])
    found: dict[int, list[PagePicture]] = {}
    for image in images:
        made = PagePicture(
            url=image.file.url,
            width=image.width,
            height=image.height,
            alt=alt_in(image.alt, language, (names or {}).get(image.product_id, "")),
            sources=sources(renditions.get(image.pk, ())),
        )
        found.setdefault(image.product_id, []).append(made)
    return found


def of_themes(themes: Iterable[Theme], *, names: dict[int, str]) -> dict[int, PagePicture]:
    """Return theme id → its picture, of themes that have one; ``names`` are the alternative texts. One statement."""
    shown = [theme for theme in themes if theme.picture]
    renditions = _renditions("theme_id", [theme.pk for theme in shown if theme.prepared_at])
    return {
        theme.pk: PagePicture(
            url=theme.picture.url,
            width=theme.picture_width or 0,
            height=theme.picture_height or 0,
            alt=names.get(theme.pk, ""),
            sources=sources(renditions.get(theme.pk, ())),
        )
        for theme in shown
    }


def _renditions(parent: str, ids: list[int]) -> dict[int, list[tuple[str, int, str]]]:
    found: dict[int, list[tuple[str, int, str]]] = {}
    rows = Rendition.objects.filter(**{f"{parent}__in": ids}).order_by()
    for pk, form, width, file in rows.values_list(parent, "format", "width", "file"):
        found.setdefault(pk, []).append((form, width, file))
    return found
