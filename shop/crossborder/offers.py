"""What is for sale in a market: priced today, and licensed for its first country. Two statements for any number."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from licensing.rights.may_sell import may_sell
from shop.crossborder.models import Market, Price

CHANNEL = "web"


@dataclass(frozen=True)
class Offer:
    """A variant that may be sold in a market today; ``amount`` in its currency."""

    variant_id: int
    item_id: int
    product_id: int
    museum_id: int
    category: str
    sku: str
    options: dict[str, Any]
    origin: str
    amount: Decimal


def published(*, category: str = "", museum: str = "", product_ids: Iterable[int] | None = None) -> Q:
    """Return the condition on prices that keeps published products of a category, museum or set."""
    condition = Q(variant__product__published=True)
    if category:
        condition &= Q(variant__product__category=category)
    if museum:
        condition &= Q(variant__product__museum__slug=museum)
    if product_ids is not None:
        condition &= Q(variant__product_id__in=product_ids)
    return condition


def offers(*, market: Market, condition: Q) -> list[Offer]:
    """Return what may be sold, in the catalogue's order. Two statements: prices of the day, and rights."""
    rows: QuerySet = (
        Price.objects.filter(condition, market=market, valid__contains=timezone.localdate())
        .order_by("variant__product__sort_order", "variant__product__slug", "variant__position", "variant__sku")
        .values_list(
            "variant_id",
            "variant__item_id",
            "variant__product_id",
            "variant__product__museum_id",
            "variant__product__category",
            "variant__sku",
            "variant__options",
            "variant__origin",
            "amount",
        )
    )
    priced = [Offer(*row) for row in rows]
    if not priced:
        return []
    decisions = may_sell(
        skus=[offer.sku for offer in priced],
        ship_to=market.countries[0],
        channel=CHANNEL,
        on=timezone.localdate(),
    )
    return [offer for offer in priced if decisions[offer.sku].allowed]
