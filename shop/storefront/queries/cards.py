"""Cards of products: picture, name, museum, lowest price, and whether any is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.files.storage import default_storage
from django.db.models import BigIntegerField, CharField, F, Func, JSONField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf

from shop.catalogue.models import Category, Museum, MuseumText, ProductImage, ProductText
from shop.crossborder.models import Market, ProductOffer
from shop.crossborder.models.offering import StockState
from shop.crossborder.money import display, minus


@dataclass(frozen=True)
class Picture:
    """A picture with its size in pixels and its alternative text in the page's language."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class Card:
    """A product as lists show it. ``price`` is written out in the market's currency and the page's language.

    A reduction of that price names ``was``, the lowest of the last ``was_days`` days, and ``percent``.
    """

    slug: str
    name: str
    museum: str
    category: str
    picture: Picture | None
    price: str
    several_prices: bool
    sold_out: bool
    was: str = ""
    was_days: int = 0
    percent: str = ""


def in_language(rows: QuerySet, field: str, language: str) -> Coalesce:
    """Return the field of the text row in the language, else in English, else empty text."""
    return Coalesce(
        Subquery(rows.filter(language=language).values(field)[:1]),
        Subquery(rows.filter(language="en").values(field)[:1]),
        Value(""),
        output_field=CharField(),
    )


def alt_text(alt: dict[str, Any], language: str, fallback: str) -> str:
    """Return a picture's alternative text in the language, else in English, else the fallback."""
    return str(alt.get(language) or alt.get("en") or fallback)


def first_picture(reference: str) -> Subquery:
    """Return the first picture of the product that ``reference`` names, as JSON."""
    images = ProductImage.objects.filter(product_id=OuterRef(reference)).order_by("position")
    packed = images.annotate(packed=JSONObject(file="file", width="width", height="height", alt="alt"))
    return Subquery(packed.values("packed")[:1], output_field=JSONField())


def picture_of(packed: dict[str, Any] | None, *, language: str, fallback: str) -> Picture | None:
    """Unpack what :func:`first_picture` found."""
    if not packed:
        return None
    return Picture(
        url=default_storage.url(packed["file"]),
        width=packed["width"],
        height=packed["height"],
        alt=alt_text(packed["alt"] or {}, language, fallback),
    )


def plate_of(file: str, alt: str = "") -> Picture | None:
    """Return an object's plate, which is drawn four by three; its title stands beside it as text."""
    return Picture(url=default_storage.url(file), width=1200, height=900, alt=alt) if file else None


def offered_cards(product_ids: Sequence[int], *, market: Market, language: str, most: int | None = None) -> list[Card]:
    """Return cards of what the market offers in the language, in the order of the ids; one statement."""
    return [card for _id, card in cards_by_id(product_ids, market=market, language=language)][:most]


def cards_by_id(product_ids: Sequence[int], *, market: Market, language: str) -> list[tuple[int, Card]]:
    """Return (product id, card) of what the market offers in the language, in the order of the ids; one statement."""
    wanted = list(product_ids)
    place = Func(Value(wanted, output_field=ArrayField(BigIntegerField())), F("product_id"), function="array_position")
    rows = offered_in(market, language).filter(product_id__in=wanted).order_by(place)
    return [(row.product_id, _offered(row, market.currency, language)) for row in with_words(rows, language)]


def offered_in(market: Market, language: str) -> QuerySet[ProductOffer]:
    """Return the rows of what the market offers in the language."""
    return ProductOffer.objects.filter(market=market, languages__contains=[language])


def with_words(rows: QuerySet[ProductOffer], language: str) -> QuerySet[ProductOffer]:
    """Return the rows with what a card says in the language."""
    return rows.annotate(
        name=in_language(ProductText.objects.filter(product_id=OuterRef("product_id")), "name", language),
        museum_name=in_language(MuseumText.objects.filter(museum_id=OuterRef("product__museum_id")), "name", language),
        picture=first_picture("product_id"),
        slug=F("product__slug"),
        category=F("product__category"),
    )


def cards_of(rows: QuerySet[ProductOffer], *, market: Market, language: str) -> list[Card]:
    """Return cards of rows of :func:`offered_in`, in their order; one statement."""
    return [_offered(row, market.currency, language) for row in with_words(rows, language)]


def _offered(row: Any, currency: str, language: str) -> Card:
    name = row.name or row.slug
    return Card(
        slug=row.slug,
        name=name,
        museum=row.museum_name,
        category=str(Category(row.category).label) if row.category in Category.values else row.category,
        picture=picture_of(row.picture, language=language, fallback=name),
        price=display(row.amount, currency, language),
        several_prices=row.several_prices,
        sold_out=row.state == StockState.SOLD_OUT,
        was=display(row.was, currency, language) if row.was else "",
        was_days=row.was_days,
        percent=minus(row.percent, language),
    )


def museums(language: str) -> list[dict[str, Any]]:
    """Return every museum: id, slug, name, introduction. One statement."""
    texts = MuseumText.objects.filter(museum_id=OuterRef("id"))
    rows = Museum.objects.annotate(
        shown_name=Coalesce(
            NullIf(in_language(texts, "name", language), Value("")), F("slug"), output_field=CharField()
        ),
        shown_introduction=in_language(texts, "introduction", language),
    ).order_by("slug")
    return [dict(row) for row in rows.values("id", "slug", "shown_name", "shown_introduction")]
