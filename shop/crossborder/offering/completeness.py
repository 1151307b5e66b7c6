"""What products lack before they are sold: texts, pictures, alternative texts, prices, rights, stock. By SQL.

The number of statements does not grow with the products or the markets.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Product, ProductImage, ProductText, Variant
from shop.crossborder.models import Market, Price, VariantOffer
from shop.crossborder.models.offering import StockState
from shop.crossborder.offering.standing import NO_PRICE, UNPUBLISHED


class Lack(StrEnum):
    """What is missing. The first four are asked by language, the others by market."""

    TEXT = "text"
    DESCRIPTION = "description"
    PICTURE = "picture"
    ALT = "alt"
    PRICE = "price"
    RIGHT = "right"
    STOCK = "stock"


WORDS = {
    Lack.TEXT: _("text"),
    Lack.DESCRIPTION: _("description"),
    Lack.PICTURE: _("picture"),
    Lack.ALT: _("alternative text"),
    Lack.PRICE: _("price"),
    Lack.RIGHT: _("right"),
    Lack.STOCK: _("stock"),
}
NOT_RIGHTS = ["", UNPUBLISHED, NO_PRICE]


@dataclass(frozen=True)
class Line:
    """A product with what it lacks by language, and by market's code. ``images``: how many pictures it has."""

    product: Product
    name: str
    images: int
    languages: dict[str, tuple[Lack, ...]]
    markets: dict[str, tuple[Lack, ...]]
    hidden: frozenset[str]

    @property
    def complete(self) -> bool:
        """Whether nothing is missing anywhere."""
        return self.images > 0 and not any(self.languages.values()) and not any(self.markets.values())


def lacking(lack: Lack, *, markets: Sequence[Market], languages: Sequence[str]) -> Q:
    """Return the condition of products that lack it in one of the markets, or in one of the languages."""
    here = OuterRef("pk")
    texts, images = ProductText.objects.filter(product=here), ProductImage.objects.filter(product=here)
    if lack == Lack.PICTURE:
        return ~Q(Exists(images))
    condition = Q(pk__in=[])
    if lack in {Lack.TEXT, Lack.DESCRIPTION, Lack.ALT}:
        for code in languages:
            if lack == Lack.TEXT:
                condition |= ~Q(Exists(texts.filter(language=code)))
            elif lack == Lack.DESCRIPTION:
                condition |= Q(Exists(texts.filter(language=code, description="")))
            else:
                condition |= Q(Exists(images.filter(~Q(alt__has_key=code) | Q(**{f"alt__{code}": ""}))))
        return condition
    offers = VariantOffer.objects.filter(product=here)
    for market in markets:
        there = offers.filter(market=market)
        if lack == Lack.PRICE:
            condition |= Q(Exists(_unpriced(market)))
        elif lack == Lack.RIGHT:
            condition |= Q(Exists(there.exclude(refusal__in=NOT_RIGHTS)))
        else:
            condition |= Q(Exists(there.filter(refusal=""))) & ~Q(Exists(there.filter(sellable=True)))
    return condition


def _unpriced(market: Market) -> QuerySet[Variant]:
    price = Price.objects.filter(
        variant=OuterRef("pk"), market=market, min_quantity=1, valid__contains=timezone.localdate()
    )
    return Variant.objects.filter(~Q(Exists(price)), product=OuterRef("pk"))


def lines(products: Sequence[Product], *, markets: Sequence[Market], languages: Sequence[str]) -> list[Line]:
    """Return what these products lack. Five statements."""
    ids = [product.pk for product in products]
    texts: dict[int, dict[str, tuple[str, str]]] = {}
    for pk, code, name, description in ProductText.objects.filter(product_id__in=ids).values_list(
        "product_id", "language", "name", "description"
    ):
        texts.setdefault(pk, {})[code] = (name, description)
    alts: dict[int, list[Any]] = {}
    for pk, alt in ProductImage.objects.filter(product_id__in=ids).order_by().values_list("product_id", "alt"):
        alts.setdefault(pk, []).append(alt)
    offers: dict[tuple[int, int], list[VariantOffer]] = {}
    for offer in VariantOffer.objects.filter(product_id__in=ids, market__in=markets):
        offers.setdefault((offer.product_id, offer.market_id), []).append(offer)
    variants = dict(Variant.objects.filter(product_id__in=ids).values_list("id", "product_id"))
    priced = set(
        Price.objects.filter(
            variant_id__in=variants, market__in=markets, min_quantity=1, valid__contains=timezone.localdate()
        ).values_list("variant_id", "market_id")
    )
    unpriced = {
        (product, market.pk)
        for variant, product in variants.items()
        for market in markets
        if (variant, market.pk) not in priced
    }
    return [
        Line(
            product=product,
            name=texts.get(product.pk, {}).get("en", (product.slug, ""))[0],
            images=len(alts.get(product.pk, [])),
            languages={
                code: _of_language(code, texts.get(product.pk, {}), alts.get(product.pk, [])) for code in languages
            },
            markets={
                market.code: _of_market(offers.get((product.pk, market.pk), []), (product.pk, market.pk) in unpriced)
                for market in markets
            },
            hidden=frozenset(
                market.code
                for market in markets
                if all(one.refusal == UNPUBLISHED for one in offers.get((product.pk, market.pk), []))
            ),
        )
        for product in products
    ]


def _of_language(code: str, texts: dict[str, tuple[str, str]], alts: list[Any]) -> tuple[Lack, ...]:
    found = []
    if code not in texts:
        found.append(Lack.TEXT)
    elif not texts[code][1]:
        found.append(Lack.DESCRIPTION)
    if any(not (isinstance(alt, dict) and alt.get(code)) for alt in alts):
        found.append(Lack.ALT)
    return tuple(found)


def _of_market(offers: list[VariantOffer], unpriced: bool) -> tuple[Lack, ...]:  # noqa: FBT001 (a fact of the row)
    found = [Lack.PRICE] if unpriced else []
    if any(one.refusal not in NOT_RIGHTS for one in offers):
        found.append(Lack.RIGHT)
    open_ = [one for one in offers if not one.refusal]
    if open_ and all(one.state == StockState.SOLD_OUT for one in open_):
        found.append(Lack.STOCK)
    return tuple(found)
