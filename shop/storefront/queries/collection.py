"""Museums and objects, with what is sold after them."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from shop.catalogue.models import Museum, MuseumObject, MuseumText, ObjectText, Product
from shop.crossborder.models import Market
from shop.storefront.queries.cards import (
    Card,
    Picture,
    cards_by_id,
    cards_of,
    in_language,
    museums,
    offered_cards,
    offered_in,
    plate_of,
)
from shop.storefront.queries.themes import ThemeTile, theme_tiles

SHOWN = 24
SELECTED = 8


@dataclass(frozen=True)
class MuseumPage:
    """A museum, a first page of its products, and objects they were made after."""

    museum: Museum
    name: str
    introduction: str
    cards: list[Card]
    total: int
    objects: list[dict[str, Any]]


@dataclass(frozen=True)
class ObjectPage:
    """An object's record and what is sold after it; without a plate the picture is of the first product."""

    record: MuseumObject
    title: str
    description: str
    museum: str
    museum_slug: str
    picture: Picture | None
    cards: list[Card]


def museum_page(*, slug: str, market: Market, language: str) -> MuseumPage | None:
    """Return a museum's page, or None. Four statements."""
    texts = MuseumText.objects.filter(museum_id=OuterRef("id"))
    museum = (
        Museum.objects.filter(slug=slug)
        .annotate(
            shown_name=in_language(texts, "name", language),
            shown_introduction=in_language(texts, "introduction", language),
        )
        .first()
    )
    if museum is None:
        return None
    rows = offered_in(market, language).filter(product__museum=museum)
    counted = rows.order_by("product__sort_order", "product__slug").annotate(total=Window(Count("*")))[:SHOWN]
    shown = list(counted.values_list("product_id", "total"))
    after = Product.objects.filter(objects_shown=OuterRef("id"), id__in=rows.values("product_id"))
    objects = (
        MuseumObject.objects.filter(Exists(after), ~Q(slug=""), museum=museum)
        .annotate(
            shown_title=in_language(ObjectText.objects.filter(museum_object_id=OuterRef("id")), "title", language)
        )
        .order_by("year_from", "accession_number")[:SHOWN]
    )
    return MuseumPage(
        museum=museum,
        name=museum.shown_name or museum.slug,
        introduction=museum.shown_introduction,
        cards=offered_cards([one for one, _total in shown], market=market, language=language) if shown else [],
        total=shown[0][1] if shown else 0,
        objects=[
            {**row, "picture": plate_of(str(row["picture"]))}
            for row in objects.values("slug", "shown_title", "title", "maker", "date_text", "culture", "picture")
        ],
    )


def object_page(*, slug: str, market: Market, language: str) -> ObjectPage | None:
    """Return an object's page, or None. Two statements."""
    texts = ObjectText.objects.filter(museum_object_id=OuterRef("id"))
    museum_texts = MuseumText.objects.filter(museum_id=OuterRef("museum_id"))
    record = (
        MuseumObject.objects.filter(slug=slug)
        .select_related("museum")
        .annotate(
            shown_title=in_language(texts, "title", language),
            shown_description=in_language(texts, "description", language),
            museum_name=in_language(museum_texts, "name", language),
        )
        .first()
    )
    if record is None or not slug:
        return None
    rows = offered_in(market, language).filter(product__objects_shown=record)
    made = cards_of(rows.order_by("product__sort_order", "product__slug")[:SHOWN], market=market, language=language)
    title = record.shown_title or record.title
    return ObjectPage(
        record=record,
        title=title,
        description=record.shown_description,
        museum=record.museum_name or record.museum.slug,
        museum_slug=record.museum.slug,
        picture=plate_of(record.picture.name or "", title) or (made[0].picture if made else None),
        cards=made,
    )


@dataclass(frozen=True)
class HomePage:
    """The first page: a mosaic, the kinds of product with a picture each, museums, and a selection."""

    mosaic: list[Card]
    kinds: list[tuple[str, Card]]
    museums: list[dict[str, Any]]
    selection: list[Card]
    themes: list[ThemeTile]


@dataclass(frozen=True)
class _Offered:
    product_id: int
    category: str
    museum_id: int


def _leading(market: Market, language: str) -> list[_Offered]:
    """Return the first products of each kind and of each museum, in the catalogue's order. One statement."""
    order = ["product__sort_order", "product__slug"]
    rows = (
        offered_in(market, language)
        .annotate(
            in_kind=Window(RowNumber(), partition_by=[F("product__category")], order_by=order),
            in_museum=Window(RowNumber(), partition_by=[F("product__museum_id")], order_by=order),
        )
        .filter(Q(in_kind__lte=SELECTED + 1) | Q(in_museum=1))
        .order_by(*order)
    )
    return [_Offered(*row) for row in rows.values_list("product_id", "product__category", "product__museum_id")]


def _mixed(found: list[_Offered], *, without: set[int]) -> list[int]:
    """Return products of every kind in turn, so that no two neighbours are of one kind while others are left."""
    of_kind: dict[str, list[int]] = {}
    for one in found:
        kind = of_kind.setdefault(one.category, [])
        if one.product_id not in without:
            kind.append(one.product_id)
    turns = zip_longest(*of_kind.values())
    return [one for turn in turns for one in turn if one is not None][:SELECTED]


def home_page(*, market: Market, language: str) -> HomePage:
    """Return the first page. Four statements."""
    found = _leading(market, language)
    of_kind: dict[str, int] = {}
    of_museum: dict[int, int] = {}
    for one in found:
        of_kind.setdefault(one.category, one.product_id)
        of_museum.setdefault(one.museum_id, one.product_id)
    selected = _mixed(found, without=set(of_kind.values())) or [one.product_id for one in found][:SELECTED]
    wanted = list(dict.fromkeys([*of_kind.values(), *of_museum.values(), *selected]))
    by_id = dict(cards_by_id(wanted, market=market, language=language)) if wanted else {}
    known = museums(language)
    for museum in known:
        card = by_id.get(of_museum.get(museum["id"], 0))
        museum["picture"] = card.picture if card else None
    # A product may have gone between the two statements.
    kinds = [(code, by_id[one]) for code, one in of_kind.items() if one in by_id]
    return HomePage(
        mosaic=[card for _code, card in kinds[:5] if card.picture],
        kinds=kinds,
        museums=known,
        selection=[by_id[one] for one in selected if one in by_id],
        themes=theme_tiles(language=language, today=timezone.localdate(), most=3),
    )
