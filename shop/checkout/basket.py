"""The verbs of the basket. Each locks its basket first, so that two tabs that change it at once lose nothing."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from shop.catalogue.models import Variant
from shop.checkout.errors import BadQuantity, BasketFull, GiftWrapNotOffered, NotForSale, UnknownVariant
from shop.checkout.models import MAX_LINES, MAX_QUANTITY, Basket, BasketLine
from shop.checkout.wrapping import parse_text, wrapping_price
from shop.crossborder import queries as crossborder
from shop.crossborder.models import Market
from shop.crossborder.offering.visibility import published_now, shown_in

KEPT = timedelta(days=30)  # from its last use
TOUCHED = timedelta(days=1)  # use is noted no more often


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
    variant = Variant.objects.select_related("product").filter(published_now("product__"), sku=sku[:40]).first()
    if variant is None:
        raise UnknownVariant(sku[:40])
    return variant


def lock(basket: Basket) -> Basket:
    """Return the basket as it stands, locked until the end of the transaction."""
    return Basket.objects.select_for_update(of=("self",)).select_related("market").get(pk=basket.pk)


def _used(basket: Basket) -> None:
    Basket.objects.filter(pk=basket.pk).update(updated_at=timezone.now())


@transaction.atomic
def add(*, basket: Basket, sku: str, quantity: int) -> BasketLine:
    """Add units of a SKU to the basket, to those already in it.

    :raises UnknownVariant, BadQuantity, BasketFull: and NotForSale when it has no price in the market.
    """
    variant = find_variant(sku)
    _checked(quantity)
    locked = lock(basket)
    line = locked.lines.filter(variant=variant).first()
    if line:
        return _set(locked, line, _checked(line.quantity + quantity))
    if locked.lines.count() >= MAX_LINES:
        raise BasketFull(f"A basket has at most {MAX_LINES} lines.")
    prices = crossborder.prices(
        variant_ids=[variant.id], market=locked.market, on=timezone.localdate(), quantities={variant.id: quantity}
    )
    if variant.id not in prices or not shown_in(locked.market).filter(pk=variant.product_id).exists():
        raise NotForSale({variant.sku: ["no_price"]})
    _used(locked)
    return BasketLine.objects.create(basket=locked, variant=variant, quantity=quantity, price_added=prices[variant.id])


@transaction.atomic
def set_quantity(*, basket: Basket, sku: str, quantity: int) -> BasketLine:
    """Set how many units of a SKU that is in the basket.

    :raises UnknownVariant: it is not in the basket. :raises BadQuantity: out of range.
    """
    locked = lock(basket)
    line = locked.lines.filter(variant__sku=sku).first()
    if line is None:
        raise UnknownVariant(sku)
    return _set(locked, line, _checked(quantity))


def _set(basket: Basket, line: BasketLine, quantity: int) -> BasketLine:
    """Set the units, and the price beside them where another quantity has another price."""
    day, market = timezone.localdate(), basket.market
    one, line_id = line.variant_id, line.variant_id
    before = crossborder.prices(variant_ids=[one], market=market, on=day, quantities={one: line.quantity}).get(line_id)
    after = crossborder.prices(variant_ids=[one], market=market, on=day, quantities={one: quantity}).get(line_id)
    if before != after and line.price_added in {before, None}:
        # A quantity break, not a change of prices: nothing to be told.
        line.price_added = after
    line.quantity = quantity
    line.save(update_fields=["quantity", "price_added"])
    _used(basket)
    return line


@transaction.atomic
def remove(*, basket: Basket, sku: str) -> bool:
    """Take a SKU out of the basket; False when it was not in it."""
    locked = lock(basket)
    deleted, _details = locked.lines.filter(variant__sku=sku).delete()
    if deleted:
        _used(locked)
    return bool(deleted)


@transaction.atomic
def describe(
    *, basket: Basket, gift_wrap: bool | None = None, gift_message: str | None = None, note: str | None = None
) -> Basket:
    """Say whether it is a gift, and the words that go with it; None leaves as it is. A message asks for no wrapping.

    :raises shop.checkout.errors.BadText: naming the field. :raises GiftWrapNotOffered: the market does not wrap.
    """
    locked = lock(basket)
    fields = ["updated_at"]
    if gift_wrap is not None:
        if gift_wrap and wrapping_price(locked.market) is None:
            raise GiftWrapNotOffered("Gift wrap is not offered in this market.")
        locked.gift_wrap = gift_wrap
        fields.append("gift_wrap")
    for field, raw in (("gift_message", gift_message), ("note", note)):
        if raw is not None:
            setattr(locked, field, parse_text(field, raw))
            fields.append(field)
    locked.save(update_fields=fields)
    return locked


def touch(basket: Basket) -> None:
    """Note that the basket is in use, so that it is kept. One statement a day, none else."""
    now = timezone.now()
    if basket.updated_at < now - TOUCHED:
        _used(basket)
        basket.updated_at = now


def expire(*, limit: int = 5_000) -> int:
    """Delete baskets that nobody used for 30 days, the oldest first; return how many. Any number may run."""
    with transaction.atomic():
        due = (
            Basket.objects.select_for_update(skip_locked=True)
            .filter(updated_at__lt=timezone.now() - KEPT)
            .order_by("updated_at")
            .values_list("pk", flat=True)[:limit]
        )
        ids = list(due)
        Basket.objects.filter(pk__in=ids).delete()
    return len(ids)
