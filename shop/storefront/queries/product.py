"""The product page, from the offers that are kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone

from shop.catalogue.models import (
    Category,
    MuseumObject,
    MuseumText,
    ObjectText,
    Product,
    ProductImage,
    ProductText,
)
from shop.crossborder.models import Market, Publication
from shop.crossborder.offering.visibility import Window, languages_shown, published_now, withheld
from shop.storefront import markets, protections
from shop.storefront.protections import Safety
from shop.storefront.queries.cards import Card, Picture, in_language, packed_picture, picture_of, plate_of
from shop.storefront.queries.choices import Choice, future_choices, kept_choices
from shop.storefront.queries.deliveries import Delivery, of_variant
from shop.storefront.queries.related import attributes, related


@dataclass(frozen=True)
class ProductPage:
    """Everything the page of one product shows."""

    product: Product
    category: str
    name: str
    museum: str
    text: ProductText
    pictures: list[Picture]
    choices: list[Choice]
    objects: list[dict[str, Any]]
    deliveries: list[Delivery]
    safety: Safety | None
    withdrawal: str
    attributes: list[tuple[str, str]]
    related: list[Card]
    shown_in: set[tuple[str, str]]

    @property
    def sold_out(self) -> bool:
        """Whether nothing is left of any variant."""
        return all(choice.left <= 0 for choice in self.choices)

    @property
    def chosen(self) -> str:
        """The SKU that is chosen when the page opens: the first that can be had."""
        return next((choice.sku for choice in self.choices if choice.left > 0), "")

    @property
    def one_price(self) -> str:
        """The price, when all variants cost the same."""
        prices = {choice.price for choice in self.choices}
        return prices.pop() if len(prices) == 1 and self._one_reduction else ""

    @property
    def _one_reduction(self) -> bool:
        return len({(choice.was, choice.percent) for choice in self.choices}) == 1

    @property
    def gone(self) -> list[Choice]:
        """The choices of which nothing is left."""
        return [choice for choice in self.choices if choice.left <= 0]

    @property
    def reduced(self) -> Choice | None:
        """The choice whose reduction stands beside the one price, if there is one."""
        return next((choice for choice in self.choices if choice.was), None) if self.one_price else None

    @property
    def breaks(self) -> list[tuple[str, tuple[tuple[int, str], ...]]]:
        """Option and quantity breaks of the choices that have them; no option where all have the same."""
        found = {choice.breaks for choice in self.choices}
        if len(found) == 1:
            return [("", one) for one in found if one]
        return [(choice.option or choice.sku, choice.breaks) for choice in self.choices if choice.breaks]


def _objects(product_id: int, language: str) -> list[dict[str, Any]]:
    texts = ObjectText.objects.filter(museum_object_id=OuterRef("id"))
    rows = (
        MuseumObject.objects.filter(products=product_id)
        .annotate(
            shown_title=in_language(texts, "title", language),
            shown_story=in_language(texts, "description", language),
        )
        .order_by("accession_number")
        .values(
            "shown_title",
            "shown_story",
            "slug",
            "title",
            "maker",
            "date_text",
            "culture",
            "credit_line",
            "accession_number",
            "picture",
        )
    )
    return [{**row, "picture": plate_of(str(row["picture"]))} for row in rows]


def _texts(condition: Q, language: str) -> list[Any]:
    """Return the product's words in every language, with product, museum, maker and pictures. One statement."""
    museum_texts = MuseumText.objects.filter(museum_id=OuterRef("product__museum_id"))
    pictures = ProductImage.objects.filter(product_id=OuterRef("product_id")).order_by("position")
    packed = pictures.values(packed=packed_picture())
    exceptions = Publication.objects.filter(product_id=OuterRef("product_id")).values(
        packed=JSONObject(
            market="market__code", language="language", shown="shown", since="shown_from", until="shown_until"
        )
    )
    return list(
        ProductText.objects.filter(condition)
        .select_related("product__museum", "product__manufacturer")
        .annotate(
            museum_name=in_language(museum_texts, "name", language),
            pictures=ArraySubquery(packed),
            exceptions=ArraySubquery(exceptions),
        )
    )


def _shown_in(exceptions: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Return (market code, language) of every place in which a product with these exceptions is shown."""
    now = timezone.now()
    windows: dict[str, dict[str, Window]] = {}
    for one in exceptions:
        since, until = (datetime.fromisoformat(one[end]) if one[end] else None for end in ("since", "until"))
        windows.setdefault(one["market"], {})[one["language"]] = Window(one["shown"], since, until)
    return {
        (code, language)
        for code, served in markets.served_markets().items()
        for language in languages_shown(windows.get(code, {}), served.market.languages, now)
    }


def product_page(*, slug: str, market: Market, language: str, preview: bool = False) -> ProductPage | None:
    """Return the page of a product that is shown in the market and language (``preview``: of any), or None.

    Seven statements.
    """
    condition = Q(product__slug=slug)
    if not preview:
        condition &= published_now("product__") & ~Q(withheld(product="product_id", market=market, language=language))
    texts = _texts(condition, language)
    if not texts:
        return None
    order = {language: 0, "en": 1}
    text = min(texts, key=lambda one: order.get(one.language, 2))
    product = text.product
    choose = future_choices if preview else kept_choices
    choices = choose(product.id, market=market, language=language)
    first = next((one for one in choices if one.left > 0), choices[0] if choices else None)
    return ProductPage(
        product=product,
        category=str(Category(product.category).label),
        name=text.name,
        museum=text.museum_name,
        text=text,
        pictures=[
            picture
            for one in text.pictures
            if (picture := picture_of(one, language=language, fallback=text.name)) is not None
        ],
        choices=choices,
        objects=_objects(product.id, language),
        deliveries=of_variant(market, language, variant=first.variant) if first and first.variant else [],
        safety=protections.safety(text, [one.sku for one in choices], market, language, timezone.localdate()),
        withdrawal=protections.market_withdrawal_line(market, timezone.localdate()),
        attributes=attributes(product.id, language, without="material" if text.material else ""),
        related=related(product, market=market, language=language),
        shown_in=_shown_in(text.exceptions),
    )
