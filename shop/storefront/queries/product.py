"""The product page in thirteen statements, fourteen where a reduction names its prior price."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q
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
from shop.catalogue.wording import option_text
from shop.crossborder.models import Market
from shop.crossborder.money import display, minus
from shop.crossborder.offering.visibility import published_now
from shop.crossborder.offers import offers, published
from shop.storefront import protections
from shop.storefront.places import country_name
from shop.storefront.protections import Safety
from shop.storefront.queries.cards import Card, Picture, alt_text, in_language, plate_of
from shop.storefront.queries.deliveries import Delivery, of_product
from shop.storefront.queries.offers import available
from shop.storefront.queries.related import attributes, related

FEW = 5


@dataclass(frozen=True)
class Choice:
    """A variant that may be bought: its stock in units, written as in stock, few, or sold out by the page.

    ``was`` is the lowest price of the last ``was_days`` days where a reduction names it; ``breaks`` are quantities with
    the price of one unit from there on.
    """

    sku: str
    option: str
    price: str
    left: int
    origin: str
    was: str = ""
    was_days: int = 0
    percent: str = ""
    breaks: tuple[tuple[int, str], ...] = ()

    @property
    def few(self) -> bool:
        """Whether so few are left that the page says how many."""
        return 0 < self.left <= FEW


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


def _choices(product_id: int, market: Market, language: str, *, preview: bool) -> list[Choice]:
    shown = Q(variant__product_id=product_id) if preview else published(product_ids=[product_id])
    found = offers(market=market, condition=shown)
    if not found:
        return []
    free = available(found, market=market)
    return [
        Choice(
            sku=offer.sku,
            option=option_text(offer.options, language),
            price=display(offer.amount, market.currency, language),
            left=free.get(offer.item_id, 0),
            origin=country_name(offer.origin, language),
            was=display(offer.was, market.currency, language) if offer.was else "",
            was_days=offer.was_days,
            percent=minus(offer.percent, language),
            breaks=tuple((one.min_quantity, display(one.amount, market.currency, language)) for one in offer.breaks),
        )
        for offer in found
    ]


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


def product_page(*, slug: str, market: Market, language: str, preview: bool = False) -> ProductPage | None:
    """Return the page of a published product (``preview``: of any), or None. Thirteen statements."""
    museum_texts = MuseumText.objects.filter(museum_id=OuterRef("product__museum_id"))
    texts = list(
        ProductText.objects.filter(Q() if preview else published_now("product__"), product__slug=slug)
        .select_related("product__museum", "product__manufacturer")
        .annotate(museum_name=in_language(museum_texts, "name", language))
    )
    if not texts:
        return None
    order = {language: 0, "en": 1}
    text = min(texts, key=lambda one: order.get(one.language, 2))
    product = text.product
    pictures = [
        Picture(
            url=image.file.url, width=image.width, height=image.height, alt=alt_text(image.alt, language, text.name)
        )
        for image in ProductImage.objects.filter(product_id=product.id).order_by("position")
    ]
    choices = _choices(product.id, market, language, preview=preview)
    return ProductPage(
        product=product,
        category=str(Category(product.category).label),
        name=text.name,
        museum=text.museum_name,
        text=text,
        pictures=pictures,
        choices=choices,
        objects=_objects(product.id, language),
        deliveries=of_product(market, language, sku=next((one.sku for one in choices if one.left > 0), choices[0].sku))
        if choices
        else [],
        safety=protections.safety(text, [one.sku for one in choices], market, language, timezone.localdate()),
        withdrawal=protections.market_withdrawal_line(market, timezone.localdate()),
        attributes=attributes(product.id, language, without="material" if text.material else ""),
        related=related(product, market=market, language=language),
    )
