"""Which units serve which line: an order's claim on stock, dealt out to its lines.

Everything here is called with the order locked. Counters move by conditional UPDATE: the check is inside the write.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F

from inventory.stock import queries as stock
from inventory.stock.models import HoldLine, Item, Warehouse
from shop.orders.fulfilment.errors import BadParcel, NothingLeft
from shop.orders.models import Order, OrderLine
from shop.orders.shipment_models import Allotment


def allotments(order: Order) -> list[Allotment]:
    """Return the order's allotments, dealt out at the first call; what stock cancelled since is taken over."""
    rows = _read(order)
    if not rows:
        Allotment.objects.bulk_create(_dealt(order))
        rows = _read(order)
    _follow_stock(rows)
    return rows


def planned(order: Order) -> list[Allotment]:
    """Return what :func:`allotments` would, for a page: nothing is written, so rows may have no id yet."""
    rows = _read(order)
    if rows:
        return rows
    rows = _dealt(order)
    warehouses = Warehouse.objects.in_bulk({row.warehouse_id for row in rows})
    items = Item.objects.in_bulk({row.item_id for row in rows})
    for row in rows:
        row.warehouse, row.item = warehouses[row.warehouse_id], items[row.item_id]
    return rows


def key_of(row: Allotment) -> str:
    """Return what names an allotment on a page, also before it is written."""
    return f"{row.order_line_id}-{row.item_id}-{row.hold_line_id or 0}"


def _read(order: Order) -> list[Allotment]:
    return list(
        Allotment.objects.filter(order_line__order=order)
        .select_related("order_line", "hold_line", "warehouse", "item")
        .order_by("order_line__position", "id")
    )


@dataclass
class _Source:
    """Units of an item in one place that are not dealt out yet."""

    item_id: int
    warehouse_id: int
    hold_line: HoldLine | None
    units: int


def _sources(order: Order, lines: Iterable[OrderLine]) -> list[_Source]:
    """Return what the order claims; without a claim on our stock, the first warehouse of its market has it all."""
    if order.hold_id is not None:
        held = HoldLine.objects.filter(hold_id=order.hold_id).select_related("balance").order_by("id")
        return [_Source(one.balance.item_id, one.balance.warehouse_id, one, one.quantity) for one in held]
    first = order.market.warehouses.order_by("marketwarehouse__rank").first() if order.market else None
    if first is None:
        raise BadParcel(f"No warehouse is known for order {order.number}.")
    return [_Source(line.variant.item_id, first.id, None, line.quantity) for line in lines]


def _dealt(order: Order) -> list[Allotment]:
    """Deal the claim out to the lines in their order: plain items first, then what bundles are made of.

    A bundle that was made of other things when it was sold takes what was claimed for it then.
    """
    lines = list(order.lines.select_related("variant").order_by("position"))
    sources = _sources(order, lines)
    parts = stock.components([line.variant.item_id for line in lines]) if order.hold_id is not None else {}
    bundles = [line for line in lines if line.variant.item_id in parts]
    made: list[Allotment] = []
    for line in lines:
        if line not in bundles:
            made += _take(line, line.variant.item_id, 1, sources)
    for line in bundles:
        for item_id, each in parts[line.variant.item_id].items():
            made += _take(line, item_id, each, sources)
    rest = bundles[0] if bundles else lines[0]
    for item_id in dict.fromkeys(source.item_id for source in sources if source.units):
        units = sum(source.units for source in sources if source.item_id == item_id)
        made += _take(rest, item_id, max(-(-units // rest.quantity), 1), sources)
    return made


def _take(line: OrderLine, item_id: int, each: int, sources: list[_Source]) -> list[Allotment]:
    wanted, taken = line.quantity * each, []
    for source in sources:
        units = min(wanted, source.units) if source.item_id == item_id else 0
        if units:
            source.units -= units
            wanted -= units
            taken.append(
                Allotment(
                    order_line=line,
                    hold_line=source.hold_line,
                    warehouse_id=source.warehouse_id,
                    item_id=item_id,
                    each=each,
                    quantity=units,
                )
            )
    return taken


def _follow_stock(rows: Iterable[Allotment]) -> None:
    """Take over what was cancelled in stock by others than :func:`cancel`, from the last line on."""
    by_claim: dict[int, list[Allotment]] = defaultdict(list)
    for row in rows:
        if row.hold_line_id is not None:
            by_claim[row.hold_line_id].append(row)
    touched: dict[int, OrderLine] = {}
    for mine in by_claim.values():
        claim = mine[0].hold_line
        gap = (claim.cancelled if claim else 0) - sum(row.cancelled for row in mine)
        for row in reversed(mine):
            units = min(gap, row.left)
            if units > 0:
                row.cancelled += units
                row.save(update_fields=["cancelled"])
                gap -= units
                touched[row.order_line_id] = row.order_line
    for line in touched.values():
        mine = [row for row in rows if row.order_line_id == line.id]
        gone = line.quantity - complete(mine, {row.id: row.quantity - row.cancelled for row in mine})
        if gone > line.cancelled:
            line.cancelled = min(gone, line.quantity - line.packed)
            line.save(update_fields=["cancelled"])


def complete(rows: Iterable[Allotment], units: Mapping[int, int]) -> int:
    """Return how many whole units of a line so many units of its allotments (id → units) make."""
    have: dict[int, int] = defaultdict(int)
    each: dict[int, int] = {}
    for row in rows:
        have[row.item_id] += units.get(row.id, 0)
        each[row.item_id] = row.each
    return min((have[item] // need for item, need in each.items()), default=0)


def take(units: Mapping[int, int], rows: Mapping[int, Allotment]) -> dict[int, int]:
    """Count units (allotment id → units) as packed; return line id → whole units of it that this makes.

    :raises NothingLeft: some are packed or cancelled already; the caller's transaction must not be kept.
    """
    for number in sorted(units):
        asked, row = units[number], rows[number]
        free = Allotment.objects.filter(id=number, quantity__gte=F("packed") + F("cancelled") + asked)
        if not free.update(packed=F("packed") + asked):
            raise NothingLeft(row.item.sku, asked, row.left)
        row.packed += asked
    counted: dict[int, int] = {}
    for line_id in dict.fromkeys(rows[number].order_line_id for number in units):
        mine = [row for row in rows.values() if row.order_line_id == line_id]
        line = mine[0].order_line
        whole = max(complete(mine, {row.id: row.packed for row in mine}) - line.packed, 0)
        if whole:
            free_line = OrderLine.objects.filter(id=line_id, quantity__gte=F("packed") + F("cancelled") + whole)
            if not free_line.update(packed=F("packed") + whole):
                raise NothingLeft(line.sku, whole, line.quantity - line.packed - line.cancelled)
            line.packed += whole
        counted[line_id] = whole
    return counted


def put_back(units: Mapping[int, int], lines: Mapping[int, int]) -> None:
    """Undo :func:`take`: allotment id → units, line id → units."""
    for number in sorted(units):
        Allotment.objects.filter(id=number).update(packed=F("packed") - units[number])
    for line_id in sorted(lines):
        if lines[line_id]:
            OrderLine.objects.filter(id=line_id).update(packed=F("packed") - lines[line_id])


def cancel(line: OrderLine, quantity: int, rows: Iterable[Allotment]) -> dict[int, int]:
    """Count units of a line as cancelled, from its last place on; return hold line id → units to cancel in stock.

    :raises NothingLeft: so many are not left; the caller's transaction must not be kept.
    """
    mine = [row for row in rows if row.order_line_id == line.id]
    free_line = OrderLine.objects.filter(id=line.id, quantity__gte=F("packed") + F("cancelled") + quantity)
    if not free_line.update(cancelled=F("cancelled") + quantity):
        raise NothingLeft(line.sku, quantity, line.quantity - line.packed - line.cancelled)
    parts: dict[int, int] = defaultdict(int)
    for item_id in dict.fromkeys(row.item_id for row in mine):
        places = [row for row in mine if row.item_id == item_id]
        wanted = quantity * places[0].each
        for row in reversed(places):
            units = min(wanted, row.left)
            if not units:
                continue
            free = Allotment.objects.filter(id=row.id, quantity__gte=F("packed") + F("cancelled") + units)
            if not free.update(cancelled=F("cancelled") + units):
                raise NothingLeft(row.item.sku, units, row.left)
            row.cancelled += units
            wanted -= units
            if row.hold_line_id is not None:
                parts[row.hold_line_id] += units
        if wanted:
            raise NothingLeft(line.sku, quantity, quantity - -(-wanted // places[0].each))
    return dict(parts)
