"""Cards of products: picture, name, museum, lowest price, and whether any is left."""

# ruff: noqa: S608 (what is put into these statements is ours; what was asked for is a parameter)

import json
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import CharField, F, JSONField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.utils.translation import get_language

from shop.catalogue.models import Category, Museum, MuseumText, ProductImage
from shop.catalogue.pictures import PagePicture, alt_in, packed_renditions, sources
from shop.crossborder.models import Market, ProductOffer
from shop.crossborder.models.offering import StockState
from shop.crossborder.money import display, minus

Picture = PagePicture
CATEGORIES = frozenset(Category.values)
MOST_KNOWN = 20_000  # cards that a process keeps
_lock = Lock()
_known: "OrderedDict[Hashable, Card]" = OrderedDict()


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


def first_picture(reference: str) -> Subquery:
    """Return the first picture of the product that ``reference`` names, as JSON."""
    images = ProductImage.objects.filter(product_id=OuterRef(reference)).order_by("position")
    return Subquery(images.values(packed=packed_picture())[:1], output_field=JSONField())


def packed_picture() -> JSONObject:
    """Return what :func:`picture_of` unpacks, of a row of product pictures."""
    return JSONObject(
        file="file", width="width", height="height", alt="alt", renditions=packed_renditions(picture_id=OuterRef("id"))
    )


def picture_of(packed: dict[str, Any] | None, *, language: str, fallback: str) -> Picture | None:
    """Unpack what :func:`first_picture` found."""
    if not packed:
        return None
    return Picture(
        url=default_storage.url(packed["file"]),
        width=packed["width"],
        height=packed["height"],
        alt=alt_in(packed["alt"], language, fallback),
        sources=sources(packed["renditions"]),
    )


def plate_of(file: str, alt: str = "") -> Picture | None:
    """Return an object's plate, which is drawn four by three; its title stands beside it as text."""
    return Picture(url=default_storage.url(file), width=1200, height=900, alt=alt) if file else None


def offered_cards(product_ids: Sequence[int], *, market: Market, language: str, most: int | None = None) -> list[Card]:
    """Return cards of what the market offers in the language, in the order of the ids; one statement."""
    return [card for _id, card in cards_by_id(product_ids, market=market, language=language)][:most]


def stamped_cards(
    product_ids: Sequence[int], stamps: Sequence[Hashable], *, market: Market, language: str
) -> list[Card]:
    """Return cards like :func:`offered_cards`; those whose stamp is known from before without reading, if it is one.

    A stamp is of everything that the card is made of. At most one statement.
    """
    spoken = get_language()
    keys = [
        None if stamp is None else (market.pk, language, spoken, one, stamp)
        for one, stamp in zip(product_ids, stamps, strict=True)
    ]
    with _lock:
        known = {one: _known[key] for one, key in zip(product_ids, keys, strict=True) if key in _known}
    missing = [one for one in product_ids if one not in known]
    if missing:
        read = dict(cards_by_id(missing, market=market, language=language))
        known |= read
        with _lock:
            for one, key in zip(product_ids, keys, strict=True):
                if key is not None and one in read:
                    _known[key] = read[one]
            while len(_known) > MOST_KNOWN:
                _known.popitem(last=False)
    return [known[one] for one in product_ids if one in known]


def forget() -> None:
    """Forget every card of this process."""
    with _lock:
        _known.clear()


def cards_by_id(product_ids: Sequence[int], *, market: Market, language: str) -> list[tuple[int, Card]]:
    """Return (product id, card) of what the market offers in the language, in the order of the ids; one statement."""
    return _cards("SELECT unnest(%s::bigint[])", [list(product_ids)], market=market, language=language)


def offered_in(market: Market, language: str) -> QuerySet[ProductOffer]:
    """Return the rows of what the market offers in the language."""
    return ProductOffer.objects.filter(market=market, languages__contains=[language])


def cards_of(rows: QuerySet[ProductOffer], *, market: Market, language: str) -> list[Card]:
    """Return cards of rows of :func:`offered_in`, in their order; one statement."""
    try:
        sql, given = rows.values_list("product_id").query.sql_with_params()
    except EmptyResultSet:
        return []
    return [card for _id, card in _cards(sql, given, market=market, language=language)]


# Written out: to put these subqueries together anew for every page takes longer than to run them.
TEXT = """COALESCE((SELECT t.name FROM {table} t WHERE t.{column} = {of} AND t.language IN (%s, 'en')
    ORDER BY t.language = 'en' LIMIT 1), '')"""
CARDS = f"""
SELECT p.id, p.slug, {TEXT.format(table="shop_producttext", column="product_id", of="p.id")},
    {TEXT.format(table="shop_museumtext", column="museum_id", of="p.museum_id")}, p.category,
    (SELECT jsonb_build_object('file', i.file, 'width', i.width, 'height', i.height, 'alt', i.alt, 'renditions', ARRAY(
        SELECT jsonb_build_array(r.format, r.width, r.file) FROM shop_rendition r WHERE r.picture_id = i.id))
     FROM shop_productimage i WHERE i.product_id = p.id ORDER BY i.position LIMIT 1),
    po.amount, po.several_prices, po.state, po.was, po.was_days, po.percent
FROM (SELECT wanted.id, row_number() OVER () AS place FROM ({{wanted}}) wanted (id)) wanted
JOIN shop_product p ON p.id = wanted.id
JOIN shop_productoffer po ON po.product_id = p.id AND po.market_id = %s AND po.languages @> ARRAY[%s]::varchar[]
ORDER BY wanted.place
"""


def _cards(wanted: str, given: Sequence[Any], *, market: Market, language: str) -> list[tuple[int, Card]]:
    """Return the cards of the product ids that a statement names, in its order."""
    with connection.cursor() as cursor:
        cursor.execute(CARDS.format(wanted=wanted), [language, language, *given, market.pk, language])
        return [(row[0], _card(row, market.currency, language)) for row in cursor.fetchall()]


@lru_cache(maxsize=1_024)
def _kind(category: str, _spoken: str | None) -> str:
    """Return the category's name in the language that is spoken at present."""
    return str(Category(category).label) if category in CATEGORIES else category


def _card(row: tuple[Any, ...], currency: str, language: str) -> Card:
    _id, slug, name, museum, category, picture, amount, several_prices, state, was, was_days, percent = row
    packed = json.loads(picture) if isinstance(picture, str) else picture
    return Card(
        slug=slug,
        name=name or slug,
        museum=museum,
        category=_kind(category, get_language()),
        picture=picture_of(packed, language=language, fallback=name or slug),
        price=display(amount, currency, language),
        several_prices=several_prices,
        sold_out=state == StockState.SOLD_OUT,
        was=display(was, currency, language) if was else "",
        was_days=was_days,
        percent=minus(percent, language),
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
