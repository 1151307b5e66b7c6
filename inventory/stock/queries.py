"""Reading stock: what can be promised, from where, and what there was."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce, Greatest

from inventory.stock import sourcing
from inventory.stock.models import Balance, BundleComponent, Movement, Warehouse
from inventory.stock.sourcing import Offer, Place

CLAIMS = F("safety") + F("held") + F("allocated") + F("fenced")


def offers(*, item_ids: Iterable[int], warehouse_ids: Iterable[int], purpose: str = "") -> list[Offer]:
    """Return what each balance of these counted items and warehouses could promise for ``purpose``. One statement."""
    free: Any = Greatest(F("on_hand") + F("backorder_limit") - CLAIMS, 0)
    if purpose:
        free += Coalesce(Sum("fences__remaining", filter=Q(fences__purpose=purpose)), 0)
    rows = (
        Balance.objects.filter(item_id__in=list(item_ids), warehouse_id__in=list(warehouse_ids))
        .order_by("id")
        .annotate(free=free)
        .values_list("id", "item_id", "warehouse_id", "free")
    )
    return [Offer(balance_id, item, warehouse, left) for balance_id, item, warehouse, left in rows]


def components(item_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """Return bundle item id → component item id → units, for those of the items that are bundles. One statement."""
    parts: dict[int, dict[int, int]] = defaultdict(dict)
    rows = BundleComponent.objects.filter(bundle_id__in=list(item_ids)).order_by()
    for bundle, component, quantity in rows.values_list("bundle_id", "component_id", "quantity"):
        parts[bundle][component] = quantity
    return dict(parts)


def expand(demand: Mapping[int, int], parts: Mapping[int, Mapping[int, int]]) -> dict[int, int]:
    """Return the demand in counted items: a bundle's components, summed with what is asked of them directly."""
    total: dict[int, int] = defaultdict(int)
    for item, quantity in demand.items():
        for component, each in parts.get(item, {item: 1}).items():
            total[component] += quantity * each
    return dict(total)


AVAILABLE = """
WITH parts AS (
    SELECT asked.item_id AS asked_id, COALESCE(c.component_id, asked.item_id) AS item_id,
           COALESCE(c.quantity, 1) AS each
      FROM unnest(%s::bigint[]) AS asked (item_id)
      LEFT JOIN inventory_bundlecomponent c ON c.bundle_id = asked.item_id
), free AS (
    SELECT b.item_id, SUM(
               GREATEST(b.on_hand + CASE WHEN %s THEN b.backorder_limit ELSE 0 END
                        - b.safety - b.held - b.allocated - b.fenced, 0)
               + COALESCE(f.remaining, 0)
           ) AS units
      FROM inventory_balance b
      LEFT JOIN inventory_ringfence f ON f.balance_id = b.id AND f.open AND f.purpose = %s
     WHERE b.item_id = ANY (ARRAY(SELECT item_id FROM parts)) AND b.warehouse_id = ANY (%s::bigint[])
     GROUP BY b.item_id
)
SELECT parts.asked_id, MIN(COALESCE(free.units, 0) / parts.each)::bigint
  FROM parts LEFT JOIN free ON free.item_id = parts.item_id
 GROUP BY parts.asked_id
HAVING bool_or(free.item_id IS NOT NULL)
"""


def available_by_item(
    *, item_ids: Iterable[int], warehouse_ids: Iterable[int], purpose: str = "", backorders: bool = True
) -> dict[int, int]:
    """Return item id → units that can be promised for ``purpose`` over these warehouses together. One statement.

    A bundle has as many units as its scarcest component allows. An item that lies in none of the warehouses is absent.
    Without ``backorders`` only what is there counts.
    """
    with connection.cursor() as cursor:
        cursor.execute(AVAILABLE, [list(item_ids), backorders, purpose, list(warehouse_ids)])
        return dict(cursor.fetchall())


MOVED = """
WITH moved AS (
    SELECT DISTINCT b.item_id
      FROM inventory_movement m JOIN inventory_balance b ON b.id = m.balance_id
     WHERE m.created_at >= %s
)
SELECT item_id FROM moved
 UNION SELECT c.bundle_id FROM inventory_bundlecomponent c JOIN moved ON moved.item_id = c.component_id
"""


def items_moved(*, since: datetime) -> list[int]:
    """Return the items any balance of which changed since then, and the bundles that hold them. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(MOVED, [since])
        return [item for (item,) in cursor.fetchall()]


BY_PLACE = """
WITH parts AS (
    SELECT asked.item_id AS asked_id, COALESCE(c.component_id, asked.item_id) AS item_id,
           COALESCE(c.quantity, 1) AS each
      FROM unnest(%s::bigint[]) AS asked (item_id)
      LEFT JOIN inventory_bundlecomponent c ON c.bundle_id = asked.item_id
), needed AS (
    SELECT asked_id, COUNT(*) AS kinds FROM parts GROUP BY asked_id
)
SELECT parts.asked_id, b.warehouse_id,
       MIN((GREATEST(b.on_hand + b.backorder_limit - b.safety - b.held - b.allocated - b.fenced, 0)
            + COALESCE(f.remaining, 0)) / parts.each)::bigint
  FROM parts
  JOIN needed ON needed.asked_id = parts.asked_id
  JOIN inventory_balance b ON b.item_id = parts.item_id
  LEFT JOIN inventory_ringfence f ON f.balance_id = b.id AND f.open AND f.purpose = %s
 WHERE b.warehouse_id = ANY (%s::bigint[])
 GROUP BY parts.asked_id, b.warehouse_id, needed.kinds
HAVING COUNT(*) = needed.kinds
"""


def available_by_place(*, item_ids: Iterable[int], warehouse_ids: Iterable[int], purpose: str = "") -> list[Offer]:
    """Return what each warehouse by itself could promise of each item; a bundle where all its components lie.

    One statement. The offers carry no balance (``balance_id`` 0): a bundle has several.
    """
    with connection.cursor() as cursor:
        cursor.execute(BY_PLACE, [list(item_ids), purpose, list(warehouse_ids)])
        return [Offer(0, item, warehouse, units) for item, warehouse, units in cursor.fetchall()]


def places_for(*, destination: str, among: Sequence[int] | None = None) -> list[Place]:
    """Return the warehouses that may ship to a country (ISO code), the best first. One statement.

    ``among`` limits them to a market's own, whose order settles ties. Which are better: :func:`sourcing.rank`.
    """
    rows = Warehouse.objects.all() if among is None else Warehouse.objects.filter(id__in=list(among))
    places = [Place(one.id, one.country, one.kind, tuple(one.serves)) for one in rows]
    if among is not None:
        order = {warehouse: position for position, warehouse in enumerate(among)}
        places.sort(key=lambda place: order[place.id])
    by_id = {place.id: place for place in places}
    return [by_id[one] for one in sourcing.rank(places, destination=destination)]


def warehouses_for(*, destination: str, among: Sequence[int] | None = None) -> list[int]:
    """Return the ids of :func:`places_for`. One statement."""
    return [place.id for place in places_for(destination=destination, among=among)]


def stock_at(
    moment: datetime, *, item_ids: Iterable[int] | None = None, warehouse_ids: Iterable[int] | None = None
) -> list[dict[str, Any]]:
    """Return what there was at ``moment``, a row per balance that had moved by then: SKU, warehouse code, the counters.

    Summed from the ledger by when things happened (not when they were written). One statement.
    """
    rows = Movement.objects.filter(occurred_at__lte=moment)
    if item_ids is not None:
        rows = rows.filter(balance__item_id__in=list(item_ids))
    if warehouse_ids is not None:
        rows = rows.filter(balance__warehouse_id__in=list(warehouse_ids))
    figures = (
        rows.order_by("balance__item__sku", "balance__warehouse__code")
        .values(sku=F("balance__item__sku"), warehouse=F("balance__warehouse__code"))
        .annotate(
            on_hand=Sum("on_hand_delta"),
            held=Sum("held_delta"),
            allocated=Sum("allocated_delta"),
            fenced=Sum("fenced_delta"),
            quarantined=Sum("quarantined_delta"),
            damaged=Sum("damaged_delta"),
        )
    )
    return [dict(row) for row in figures]
