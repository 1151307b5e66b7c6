"""Bringing a market's offers to what catalogue, prices, rights and stock say now.

Level, not edge: every run computes from the facts and writes what differs. Runs for one market go one after another
(the row of :class:`OfferSweep` is locked), so that an older reading never overwrites a newer one.
"""

from collections.abc import Collection
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from inventory.stock import queries as stock
from shop.catalogue.models import Product, Variant
from shop.crossborder.models import Market, MarketWarehouse, OfferSweep, ProductOffer, VariantOffer
from shop.crossborder.offering.standing import (
    NO_PRICE,
    UNPUBLISHED,
    ProductStanding,
    Standing,
    offered,
    refused,
    together,
)
from shop.crossborder.offering.visibility import EVERYWHERE, exceptions, languages_shown, shown_in
from shop.crossborder.offers import offers_and_denials

SWEEP_EVERY = timedelta(minutes=5)  # dates of prices, grants and publications pass without anybody writing
OVERLAP = timedelta(seconds=10)  # a transaction may have written longer ago than it commits
BATCH = 1_000


def follow(*, market: Market, now: datetime | None = None) -> int:
    """Refresh what has changed since the last time, or all when that is due; return how many rows were written."""
    now = now or timezone.now()
    known = OfferSweep.objects.filter(market=market).first()
    if known is None or known.swept_at is None or known.swept_at <= now - SWEEP_EVERY:
        return refresh(market=market, now=now)
    changed = _changed(market, known.horizon)
    moved = stock.items_moved(since=(known.stock_at or known.swept_at) - OVERLAP)
    if moved:
        changed |= set(Variant.objects.filter(item_id__in=moved).values_list("product_id", flat=True))
    return refresh(market=market, product_ids=changed, now=now) if changed else 0


def refresh_products(*, product_ids: Collection[int]) -> int:
    """Refresh some products in every market; return how many rows were written."""
    return sum(refresh(market=market, product_ids=product_ids) for market in Market.objects.order_by("pk"))


@transaction.atomic
def refresh(*, market: Market, product_ids: Collection[int] | None = None, now: datetime | None = None) -> int:
    """Compute the offers of some products, or of all (None), and write what differs; return how many rows.

    The number of statements does not grow with the products, but for writing by the thousand.
    """
    now = now or timezone.now()
    OfferSweep.objects.get_or_create(market=market)
    sweep = OfferSweep.objects.select_for_update().get(market=market)
    # Read before the facts: what is written by a transaction that goes on meanwhile is computed next time.
    horizon = _horizon()
    variants, products = _wanted(market, product_ids, now)
    written = _write_variants(market, variants, product_ids) + _write_products(
        market, products, product_ids, version=sweep.version + 1, now=now
    )
    if written:
        sweep.version += 1
    sweep.stock_at = now
    if product_ids is None:
        sweep.swept_at = now
    if product_ids is None or _changed(market, sweep.horizon) <= set(product_ids):
        sweep.horizon = horizon
    sweep.save()
    return written


def _horizon() -> int:
    """Return the oldest transaction that goes on: whatever older ones wrote is there for whoever reads from now on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def _changed(market: Market, horizon: int) -> set[int]:
    """Return the products that the horizon's transaction or a later one changed, unless their offers have followed.

    Revisions alone would not do: who takes the smaller one may commit last.
    """
    followed = ProductOffer.objects.filter(market=market, product=OuterRef("pk"), revision=OuterRef("revision"))
    return set(Product.objects.filter(~Exists(followed), changed_in__gte=horizon).values_list("id", flat=True))


def _wanted(
    market: Market, product_ids: Collection[int] | None, now: datetime
) -> tuple[dict[int, Standing], dict[int, ProductStanding]]:
    """Return variant id → row, product id → row, as they ought to be."""
    named = Q() if product_ids is None else Q(variant__product_id__in=list(product_ids))
    chosen = Q() if product_ids is None else Q(product_id__in=list(product_ids))
    known = list(
        Variant.objects.filter(chosen)
        .order_by("product_id", "position", "sku")
        .values_list("id", "product_id", "product__revision")
    )
    revisions = {product: revision for _variant, product, revision in known}
    shown = set(shown_in(market, now=now).filter(id__in=revisions).values_list("id", flat=True))
    condition = named & Q(variant__product_id__in=shown)
    allowed, denied = offers_and_denials(market=market, condition=condition) if shown else ([], {})
    warehouses = list(MarketWarehouse.objects.filter(market=market).values_list("warehouse_id", flat=True))
    items = [offer.item_id for offer in allowed]
    units = stock.available_by_item(item_ids=items, warehouse_ids=warehouses)
    at_hand = stock.available_by_item(item_ids=items, warehouse_ids=warehouses, backorders=False)
    standing = {
        offer.variant_id: offered(offer, units=units.get(offer.item_id, 0), at_hand=at_hand.get(offer.item_id, 0))
        for offer in allowed
    }
    rows: dict[int, Standing] = {}
    groups: dict[int, list[tuple[int, Standing]]] = {}
    for variant, product, _revision in known:
        why = denied.get(variant, NO_PRICE) if product in shown else UNPUBLISHED
        rows[variant] = standing.get(variant) or refused(product_id=product, refusal=why)
        groups.setdefault(product, []).append((variant, rows[variant]))
    windows = exceptions(market=market, product_ids=product_ids)
    products = {}
    for product, group in groups.items():
        languages = languages_shown({"": EVERYWHERE} | windows.get(product, {}), market.languages, now)
        whole = together(group, languages=languages, revision=revisions[product])
        if whole is not None and languages:
            products[product] = whole
    return rows, products


def _write_variants(market: Market, wanted: dict[int, Standing], product_ids: Collection[int] | None) -> int:
    names = [field.name for field in fields(Standing)]
    scope = VariantOffer.objects.filter(market=market)
    if product_ids is not None:
        scope = scope.filter(product_id__in=list(product_ids))
    there = {row["variant_id"]: row for row in scope.values("variant_id", *names)}
    fresh = [
        VariantOffer(market=market, variant_id=variant, **asdict(row))
        for variant, row in sorted(wanted.items())
        if {"variant_id": variant, **asdict(row)} != there.get(variant)
    ]
    VariantOffer.objects.bulk_create(
        fresh,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["market", "variant"],
        update_fields=["product", *names[1:]],
    )
    return len(fresh) + _drop(scope.filter(variant_id__in=there.keys() - wanted.keys()))


def _write_products(
    market: Market,
    wanted: dict[int, ProductStanding],
    product_ids: Collection[int] | None,
    *,
    version: int,
    now: datetime,
) -> int:
    names = [field.name for field in fields(ProductStanding)]
    scope = ProductOffer.objects.filter(market=market)
    if product_ids is not None:
        scope = scope.filter(product_id__in=list(product_ids))
    there: dict[int, dict[str, Any]] = {
        row["product_id"]: {**row, "languages": tuple(row["languages"])} for row in scope.values("product_id", *names)
    }
    fresh = [
        ProductOffer(
            market=market,
            product_id=product,
            version=version,
            changed_at=now,
            **(asdict(row) | {"languages": list(row.languages)}),
        )
        for product, row in sorted(wanted.items())
        if {"product_id": product, **asdict(row)} != there.get(product)
    ]
    ProductOffer.objects.bulk_create(
        fresh,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["market", "product"],
        update_fields=["variant", *names[1:], "version", "changed_at"],
    )
    return len(fresh) + _drop(scope.filter(product_id__in=there.keys() - wanted.keys()))


def _drop(rows: Any) -> int:
    deleted: int = rows.delete()[0]
    return deleted
