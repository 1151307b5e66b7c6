"""What is for sale in a market: priced today, and licensed for its first country.

Two statements for any number; a third where reductions must name a prior price.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet
from django.utils import timezone

from licensing.rights.may_sell import may_sell
from shop.crossborder.models import Market, Price
from shop.crossborder.offering.visibility import published_now, withheld
from shop.crossborder.pricing.in_force import Break, Row, breaks, in_force
from shop.crossborder.pricing.queries import COLUMNS, announced, percent_below, row_of

CHANNEL = "web"
RULE = ("market__price_policy__prior_price_days", "market__price_policy__prior_price_since")
FACTS = 8 + len(RULE)  # columns that are the same in every row of a variant


@dataclass(frozen=True)
class Offer:
    """A variant that may be sold in a market today; ``amount`` is the price of one unit, in the market's currency.

    ``was`` is the lowest price of the ``was_days`` days before the reduction in force, where the market's rules want it
    named; ``percent`` is by how much the price is below it. ``breaks`` are the quantities from which a unit is cheaper.
    """

    variant_id: int
    item_id: int
    product_id: int
    museum_id: int
    category: str
    sku: str
    options: dict[str, Any]
    origin: str
    amount: Decimal
    was: Decimal | None = None
    was_days: int = 0
    percent: int | None = None
    breaks: tuple[Break, ...] = ()


def published(*, category: str = "", museum: str = "", product_ids: Iterable[int] | None = None) -> Q:
    """Return the condition on prices that keeps products of a category, museum or set that are shown in the market."""
    now = timezone.now()
    condition = published_now("variant__product__", now=now)
    condition &= ~Q(withheld(product="variant__product_id", market=OuterRef("market_id"), now=now))
    if category:
        condition &= Q(variant__product__category=category)
    if museum:
        condition &= Q(variant__product__museum__slug=museum)
    if product_ids is not None:
        condition &= Q(variant__product_id__in=product_ids)
    return condition


def offers(*, market: Market, condition: Q) -> list[Offer]:
    """Return what may be sold, in the catalogue's order. Statements: prices of the day, rights, prior prices if any."""
    allowed, _denied = offers_and_denials(market=market, condition=condition)
    return allowed


def offers_and_denials(*, market: Market, condition: Q) -> tuple[list[Offer], dict[int, str]]:
    """Return what may be sold, and variant id → code of the first reason of what has a price but no right."""
    today = timezone.localdate()
    rows: QuerySet = (
        Price.objects.filter(condition, market=market, valid__contains=today)
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
            *RULE,
            *COLUMNS,
        )
    )
    priced, reduced, days = _priced(rows, today)
    if not priced:
        return [], {}
    decisions = may_sell(
        skus=[offer.sku for offer in priced],
        ship_to=market.countries[0],
        channel=CHANNEL,
        on=today,
    )
    allowed = [offer for offer in priced if decisions[offer.sku].allowed]
    denied = {one.variant_id: str(min(decisions[one.sku].codes)) for one in priced if not decisions[one.sku].allowed}
    if reduced:
        allowed = _with_prior_prices(allowed, reduced, market=market, on=today, days=days)
    return allowed, denied


def _priced(rows: QuerySet, today: date) -> tuple[list[Offer], dict[int, Decimal], int]:
    """Return the variants with a price in force, the reduced ones' amounts, and over how many days they look back."""
    facts: dict[int, tuple[Any, ...]] = {}
    layers: dict[int, list[Row]] = {}
    for row in rows:
        facts.setdefault(row[0], row[:FACTS])
        layers.setdefault(row[0], []).append(row_of(*row[-len(COLUMNS) :]))
    priced: list[Offer] = []
    reduced: dict[int, Decimal] = {}
    days = 0
    for variant_id, group in layers.items():
        price = in_force(group)
        if price is None:
            continue
        *of_variant, prior_days, since = facts[variant_id]
        known = [*of_variant, price.amount]
        priced.append(replace(Offer(*known), breaks=breaks(group)))
        if price.reduced and prior_days and since <= today:
            reduced[variant_id], days = price.amount, prior_days
    return priced, reduced, days


def _with_prior_prices(
    found: list[Offer], reduced: dict[int, Decimal], *, market: Market, on: date, days: int
) -> list[Offer]:
    named = announced(reduced=reduced, market=market, on=on, days=days)
    return [
        replace(offer, was=was, was_days=days, percent=percent_below(offer.amount, was)) if was else offer
        for offer in found
        for was in [named.get(offer.variant_id)]
    ]
