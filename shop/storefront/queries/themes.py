"""Themes and exhibitions: the tiles of their index, and the page of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_interval
from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from shop.catalogue.models import MuseumObject, MuseumText, ObjectText, Theme, ThemeProduct, ThemeText
from shop.catalogue.pictures import packed_renditions, sources
from shop.crossborder.models import Market
from shop.crossborder.money import LOCALES
from shop.storefront.queries.cards import Card, Picture, in_language, offered_cards, plate_of

SHOWN = 48  # products of a theme on its page
DAYS = "yMMMd"  # CLDR skeleton: day, abbreviated month, year


@dataclass(frozen=True)
class ThemeTile:
    """A theme as lists show it; ``days`` and ``museum`` are written for exhibitions."""

    slug: str
    name: str
    introduction: str
    exhibition: bool
    days: str
    museum: str
    museum_slug: str
    picture: Picture | None


@dataclass(frozen=True)
class ThemePage:
    """A theme with what is sold of it, in its own order, and the objects it shows."""

    tile: ThemeTile
    cards: list[Card]
    objects: list[dict[str, Any]]


def _shown(today: date) -> QuerySet[Theme]:
    """Themes that are published, and exhibitions whose last day has not passed."""
    return Theme.objects.filter(Q(closes_on=None) | Q(closes_on__gte=today), published=True)


def _tile(theme: Any, language: str) -> ThemeTile:
    days = ""
    if theme.opens_on and theme.closes_on:
        locale = LOCALES.get(language, "en_GB")
        days = format_interval(theme.opens_on, theme.closes_on, skeleton=DAYS, locale=locale)
    picture = (
        Picture(
            url=theme.picture.url,
            width=theme.picture_width or 1200,
            height=theme.picture_height or 900,
            alt="",
            sources=sources(theme.packed_renditions),
        )
        if theme.picture
        else plate_of(theme.plate)
    )
    return ThemeTile(
        slug=theme.slug,
        name=theme.shown_name or theme.slug,
        introduction=theme.shown_introduction,
        exhibition=theme.kind == Theme.Kind.EXHIBITION,
        days=days,
        museum=theme.museum_name,
        museum_slug=theme.museum.slug if theme.museum else "",
        picture=picture,
    )


def _with_words(themes: QuerySet[Theme], language: str) -> QuerySet[Theme]:
    texts = ThemeText.objects.filter(theme_id=OuterRef("id"))
    museum = MuseumText.objects.filter(museum_id=OuterRef("museum_id"))
    plates = MuseumObject.objects.filter(themes=OuterRef("id")).exclude(picture="").order_by("accession_number")
    return themes.select_related("museum").annotate(
        shown_name=in_language(texts, "name", language),
        shown_introduction=in_language(texts, "introduction", language),
        museum_name=in_language(museum, "name", language),
        packed_renditions=packed_renditions(theme_id=OuterRef("id")),
        plate=Coalesce(Subquery(plates.values("picture")[:1]), Value(""), output_field=CharField()),
    )


def theme_tiles(*, language: str, today: date, exhibitions: bool | None = None, most: int = 60) -> list[ThemeTile]:
    """Return the themes that are shown today, exhibitions first; or only these, or only the others. One statement."""
    rows = _shown(today)
    if exhibitions is not None:
        kind = Theme.Kind.EXHIBITION if exhibitions else Theme.Kind.THEME
        rows = rows.filter(kind=kind)
    return [_tile(one, language) for one in _with_words(rows, language).order_by("kind", "sort_order", "slug")[:most]]


def theme_page(*, slug: str, market: Market, language: str, today: date) -> ThemePage | None:
    """Return a theme's page, or None where none of that name is shown. Four statements."""
    theme = _with_words(_shown(today).filter(slug=slug), language).first()
    if theme is None:
        return None
    places = ThemeProduct.objects.filter(theme=theme).order_by("position", "id")
    cards = offered_cards(list(places.values_list("product_id", flat=True)), market=market, language=language)
    titles = ObjectText.objects.filter(museum_object_id=OuterRef("id"))
    objects = (
        MuseumObject.objects.filter(~Q(slug=""), themes=theme)
        .annotate(shown_title=in_language(titles, "title", language))
        .order_by("year_from", "accession_number")
        .values("slug", "shown_title", "title", "date_text", "picture")[:SHOWN]
    )
    return ThemePage(tile=_tile(theme, language), cards=cards[:SHOWN], objects=with_plates(objects))


def with_plates(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the objects' rows with their plates unpacked."""
    return [{**row, "picture": plate_of(str(row["picture"]))} for row in rows]
