"""The verbs of the basket."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from shop.catalogue.models import Variant
from shop.checkout.errors import BadQuantity, BasketFull, NotForSale, UnknownVariant
from shop.checkout.models import MAX_LINES, MAX_QUANTITY, Basket, BasketLine
from shop.crossborder import queries as crossborder
from shop.crossborder.models import Market


def create(*, market: Market, language: str, user: User | None = None) -> Basket:
    """Open an empty basket."""
    return Basket.objects.create(market=market, language=language, user=user)


def parse_quantity(raw: Any) -> int:
    """Return the quantity of a form or API field.

    :raises BadQuantity: it is not a whole number between 1 and 99.
    """
    text = str(raw).strip()
    if isinstance(raw, bool) or not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadQuantity(MAX_QUANTITY)
    return _checked(int(text))


def _checked(quantity: int) -> int:
    if not 1 <= quantity <= MAX_QUANTITY:
        raise BadQuantity(MAX_QUANTITY)
    return quantity


def find_variant(sku: str) -> Variant:
    """Return the published variant with this SKU.

    :raises UnknownVariant: there is none.
    """
    variant = Variant.objects.select_related("product").filter(sku=sku[:40], product__published=True).first()
    if variant is None:
        raise UnknownVariant(sku[:40])
    return variant


@transaction.atomic
def add(*, basket: Basket, sku: str, quantity: int) -> BasketLine:
    """Add units of a SKU to the basket, to those already in it.

    :raises UnknownVariant, BadQuantity, BasketFull: and NotForSale when it has no price in the market.
    """
    variant = find_variant(sku)
    _checked(quantity)
    Basket.objects.select_for_update().get(pk=basket.pk)
    line = basket.lines.filter(variant=variant).first()
    if line:
        return _set(line, _checked(line.quantity + quantity))
    if basket.lines.count() >= MAX_LINES:
        raise BasketFull(f"A basket has at most {MAX_LINES} lines.")
    if not crossborder.prices(variant_ids=[variant.id], market=basket.market, on=timezone.localdate()):
        raise NotForSale({variant.sku: ["no_price"]})
    basket.save(update_fields=["updated_at"])
    return BasketLine.objects.create(basket=basket, variant=variant, quantity=quantity)


@transaction.atomic
def set_quantity(*, basket: Basket, sku: str, quantity: int) -> BasketLine:
    """Set how many units of a SKU that is in the basket.

    :raises UnknownVariant: it is not in the basket. :raises BadQuantity: out of range.
    """
    line = basket.lines.select_for_update().filter(variant__sku=sku).first()
    if line is None:
        raise UnknownVariant(sku)
    return _set(line, _checked(quantity))


def _set(line: BasketLine, quantity: int) -> BasketLine:
    line.quantity = quantity
    line.save(update_fields=["quantity"])
    return line


def remove(*, basket: Basket, sku: str) -> bool:
    """Take a SKU out of the basket; False when it was not in it."""
    deleted, _details = basket.lines.filter(variant__sku=sku).delete()
    return bool(deleted)
