"""Museums and objects, with what is sold after them."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from shop.catalogue.models import Museum, MuseumObject, MuseumText, ObjectText, Product
from shop.crossborder.models import Market
from shop.crossborder.offers import Offer, offers, published
from shop.storefront.queries.cards import Card, Picture, cards, in_language, museums, plate_of
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


def _ids(found: list[Offer], limit: int = SHOWN) -> list[int]:
    return list(dict.fromkeys(offer.product_id for offer in found))[:limit]


def museum_page(*, slug: str, market: Market, language: str) -> MuseumPage | None:
    """Return a museum's page, or None. Six statements."""
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
    found = offers(market=market, condition=published(museum=slug))
    shown = _ids(found)
    after = Product.objects.filter(objects_shown=OuterRef("id"), id__in={offer.product_id for offer in found})
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
        cards=cards(found, product_ids=shown, market=market, language=language) if shown else [],
        total=len({offer.product_id for offer in found}),
        objects=[
            {**row, "picture": plate_of(str(row["picture"]))}
            for row in objects.values("slug", "shown_title", "title", "maker", "date_text", "culture", "picture")
        ],
    )


def object_page(*, slug: str, market: Market, language: str) -> ObjectPage | None:
    """Return an object's page, or None. Six statements."""
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
    after = record.products.values("id")
    found = offers(market=market, condition=published() & Q(variant__product_id__in=after))
    shown = _ids(found)
    made = cards(found, product_ids=shown, market=market, language=language) if shown else []
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


def _mixed(found: list[Offer], *, without: set[int]) -> list[int]:
    """Return products of every kind in turn, so that no two neighbours are of one kind while others are left."""
    of_kind: dict[str, list[int]] = {}
    for offer in found:
        kind = of_kind.setdefault(offer.category, [])
        if offer.product_id not in without and offer.product_id not in kind:
            kind.append(offer.product_id)
    turns = zip_longest(*of_kind.values())
    return [one for turn in turns for one in turn if one is not None][:SELECTED]


def home_page(*, market: Market, language: str) -> HomePage:
    """Return the first page. Six statements."""
    found = offers(market=market, condition=published())
    ids = list(dict.fromkeys(offer.product_id for offer in found))
    of_kind: dict[str, int] = {}
    of_museum: dict[int, int] = {}
    for offer in found:
        of_kind.setdefault(offer.category, offer.product_id)
        of_museum.setdefault(offer.museum_id, offer.product_id)
    firsts = set(of_kind.values())
    selected = _mixed(found, without=firsts) or ids[:SELECTED]
    wanted = list(dict.fromkeys([*of_kind.values(), *of_museum.values(), *selected]))
    made = cards(found, product_ids=wanted, market=market, language=language) if wanted else []
    by_id = dict(zip(wanted, made, strict=True))
    known = museums(language)
    for museum in known:
        card = by_id.get(of_museum.get(museum["id"], 0))
        museum["picture"] = card.picture if card else None
    return HomePage(
        mosaic=[by_id[one] for one in list(of_kind.values())[:5] if by_id[one].picture],
        kinds=[(code, by_id[one]) for code, one in of_kind.items()],
        museums=known,
        selection=[by_id[one] for one in selected],
        themes=theme_tiles(language=language, today=timezone.localdate(), most=3),
    )
