"""The variants of a product that a market sells: price, stock in words, quantity breaks."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone

from inventory.stock import queries as stock
from shop.catalogue.models import Variant
from shop.catalogue.wording import option_text
from shop.crossborder.models import Market, Price, VariantOffer
from shop.crossborder.models.offering import StockState
from shop.crossborder.money import display, minus
from shop.crossborder.offering.standing import FEW, stock_state
from shop.crossborder.offers import offers
from shop.crossborder.pricing.in_force import Break, breaks
from shop.crossborder.pricing.queries import row_of
from shop.storefront import markets
from shop.storefront.places import country_name


@dataclass(frozen=True)
class Choice:
    """A variant that may be bought: its stock in units, written as in stock, few, or sold out by the page.

    ``left`` are the units while they are few, one more than few where there are more or more can be promised. ``was``
    is the lowest price of the last ``was_days`` days where a reduction names it; ``breaks`` are quantities with the
    price of one unit from there on. ``amount`` is the price as a number, in the market's currency.
    """

    sku: str
    option: str
    price: str
    left: int
    origin: str
    amount: Decimal
    state: int
    was: str = ""
    was_days: int = 0
    percent: str = ""
    breaks: tuple[tuple[int, str], ...] = ()
    variant: Variant | None = None

    @property
    def few(self) -> bool:
        """Whether so few are left that the page says how many."""
        return 0 < self.left <= FEW


def _units(state: int, left: int | None) -> int:
    if state == StockState.SOLD_OUT:
        return 0
    return left if state == StockState.FEW and left else FEW + 1


def _written(found: Iterable[Break], currency: str, language: str) -> tuple[tuple[int, str], ...]:
    return tuple((one.min_quantity, display(one.amount, currency, language)) for one in found)


def kept_choices(product_id: int, *, market: Market, language: str) -> list[Choice]:
    """Return what the market sells of a product, from the offers that are kept. One statement."""
    layers = (
        Price.objects.filter(variant_id=OuterRef("variant_id"), market=market, valid__contains=timezone.localdate())
        .annotate(
            packed=JSONObject(
                amount=Cast("amount", TextField()),
                quantity=F("min_quantity"),
                list=F("price_list_id"),
                priority=F("price_list__priority"),
            )
        )
        .values("packed")
    )
    rows = (
        VariantOffer.objects.filter(market=market, product_id=product_id, refusal="")
        .select_related("variant")
        .annotate(layers=ArraySubquery(layers))
        .order_by("variant__position", "variant__sku")
    )
    return [_kept(row, market.currency, language) for row in rows]


def _kept(row: Any, currency: str, language: str) -> Choice:
    layers = [row_of(Decimal(one["amount"]), one["quantity"], one["list"], one["priority"]) for one in row.layers]
    return Choice(
        sku=row.variant.sku,
        option=option_text(row.variant.options, language),
        price=display(row.amount, currency, language),
        left=_units(row.state, row.left),
        origin=country_name(row.variant.origin, language),
        amount=row.amount,
        state=row.state,
        was=display(row.was, currency, language) if row.was else "",
        was_days=row.was_days,
        percent=minus(row.percent, language),
        breaks=_written(breaks(layers), currency, language),
        variant=row.variant,
    )


def future_choices(product_id: int, *, market: Market, language: str) -> list[Choice]:
    """Return what the market would sell of a product if it were published, computed anew. Four statements or five."""
    found = offers(market=market, condition=Q(variant__product_id=product_id))
    items, places = [offer.item_id for offer in found], markets.warehouse_ids(market)
    units = stock.available_by_item(item_ids=items, warehouse_ids=places)
    at_hand = stock.available_by_item(item_ids=items, warehouse_ids=places, backorders=False)
    variants = Variant.objects.in_bulk([offer.variant_id for offer in found])
    made = []
    for offer in found:
        state, left = stock_state(units=units.get(offer.item_id, 0), at_hand=at_hand.get(offer.item_id, 0))
        made.append(
            Choice(
                sku=offer.sku,
                option=option_text(offer.options, language),
                price=display(offer.amount, market.currency, language),
                left=_units(state, left),
                origin=country_name(offer.origin, language),
                amount=offer.amount,
                state=state,
                was=display(offer.was, market.currency, language) if offer.was else "",
                was_days=offer.was_days,
                percent=minus(offer.percent, language),
                breaks=_written(offer.breaks, market.currency, language),
                variant=variants.get(offer.variant_id),
            )
        )
    return made
