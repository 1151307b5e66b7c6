"""Reading what is to leave and what has left, in a fixed number of statements."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from inventory.stock.models import HoldLine
from shop.orders.models import Order, OrderLine
from shop.orders.shipment_models import LEFT, OPEN, Allotment, Shipment
from shop.orders.transitions import TO_SHIP

LEFT_TO_PACK = Q(quantity__gt=F("packed") + F("cancelled"))
OUTSTANDING = Q(quantity__gt=F("shipped") + F("cancelled"))


def shipped_with_lines(order: Order) -> QuerySet[Shipment]:
    """Return the parcels of the order that have left, the first one first. One statement, two more for any."""
    return order.shipments.filter(state__in=LEFT).order_by("serial").prefetch_related("lines__order_line")


# --- What is to ship ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """Units of an item that lie in a warehouse and are still to be packed for an order."""

    order_id: UUID
    warehouse: str
    warehouse_name: str
    sku: str
    description: str
    units: int


@dataclass(frozen=True)
class Place:
    """What one warehouse still has to pack of an order."""

    code: str
    name: str
    pieces: list[Piece] = field(default_factory=list)

    @property
    def units(self) -> int:
        """Units left to pack."""
        return sum(piece.units for piece in self.pieces)


@dataclass(frozen=True)
class Desk:
    """A warehouse with how many orders wait for it."""

    code: str
    name: str
    orders: int


def to_ship(
    *, warehouse: str = "", state: str = "", channel: str = "", method: str = "", words: str = ""
) -> QuerySet[Order]:
    """Return the orders of which something is to leave (from the warehouse with this code), the longest paid first.

    ``words`` is part of a number, a SKU, or a parcel's number.
    """
    found = Order.objects.filter(state__in=[state] if state in TO_SHIP else TO_SHIP)
    if warehouse:
        there = HoldLine.objects.filter(OUTSTANDING, hold=OuterRef("hold_id"), balance__warehouse__code=warehouse)
        found = found.filter(Exists(there))
    if channel:
        found = found.filter(channel=channel)
    if method:
        found = found.filter(shipping_option=method)
    if words:
        sold = OrderLine.objects.filter(order=OuterRef("pk"), sku__iexact=words)
        parcels = Shipment.objects.filter(order=OuterRef("pk"), number__iexact=words)
        found = found.filter(Q(number__icontains=words) | Exists(sold) | Exists(parcels))
    return found.order_by("paid_at", "number")


def choices_to_ship() -> tuple[list[str], list[str]]:
    """Return the channels and the delivery methods of what is to ship. One statement."""
    rows = Order.objects.filter(state__in=TO_SHIP).order_by().values_list("channel", "shipping_option").distinct()
    return sorted({channel for channel, _method in rows}), sorted({method for _channel, method in rows if method})


def desks() -> list[Desk]:
    """Return the warehouses from which something is to leave. One statement."""
    waiting = Order.objects.filter(state__in=TO_SHIP, hold__isnull=False).values("hold_id")
    rows = (
        HoldLine.objects.filter(OUTSTANDING, hold__in=waiting)
        .order_by("balance__warehouse__code")
        .values(code=F("balance__warehouse__code"), name=F("balance__warehouse__name"))
        .annotate(orders=Count("hold", distinct=True))
    )
    return [Desk(**row) for row in rows]


def pieces(orders: Sequence[Order], *, warehouse: str = "") -> dict[UUID, list[Piece]]:
    """Return order id → what is left to pack of it, by SKU. Two statements.

    Of an order whose fulfilment has begun from its allotments, of another from what it claims.
    """
    found: dict[UUID, list[Piece]] = defaultdict(list)
    ids = [order.id for order in orders]
    begun: set[UUID] = set()
    allotted = Allotment.objects.filter(order_line__order__in=ids).order_by("item__sku", "id")
    for order_id, left, *where in allotted.values_list(
        "order_line__order", F("quantity") - F("packed") - F("cancelled"), *_where("")
    ):
        begun.add(order_id)
        _add(found, order_id, left, where, warehouse)
    by_hold = {order.hold_id: order.id for order in orders if order.hold_id and order.id not in begun}
    held = HoldLine.objects.filter(OUTSTANDING, hold__in=by_hold).order_by("balance__item__sku", "id")
    for hold_id, left, *where in held.values_list(
        "hold_id", F("quantity") - F("shipped") - F("cancelled"), *_where("balance__")
    ):
        _add(found, by_hold[hold_id], left, where, warehouse)
    return dict(found)


def _where(prefix: str) -> list[str]:
    names = ("warehouse__code", "warehouse__name", "item__sku", "item__description")
    return [f"{prefix}{name}" for name in names]


def _add(found: dict[UUID, list[Piece]], order_id: UUID, left: int, where: Sequence[str], wanted: str) -> None:
    code, name, sku, description = where
    if left > 0 and (not wanted or code == wanted):
        mine = found[order_id]
        same = next((one for one in mine if (one.warehouse, one.sku) == (code, sku)), None)
        if same:
            mine.remove(same)
        mine.append(Piece(order_id, code, name, sku, description, left + (same.units if same else 0)))


def by_place(found: Sequence[Piece]) -> list[Place]:
    """Return the pieces of an order by warehouse."""
    places: dict[str, Place] = {}
    for piece in found:
        places.setdefault(piece.warehouse, Place(piece.warehouse, piece.warehouse_name)).pieces.append(piece)
    return [places[code] for code in sorted(places)]


def open_parcels(orders: Sequence[Order]) -> dict[UUID, list[Shipment]]:
    """Return order id → its parcels that stand in the warehouse. One statement."""
    found: dict[UUID, list[Shipment]] = defaultdict(list)
    for one in Shipment.objects.filter(order__in=orders, state__in=OPEN).order_by("serial"):
        found[one.order_id].append(one)
    return dict(found)


# --- The pick list --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pick:
    """An item to fetch: units in all, and for which order how many."""

    sku: str
    description: str
    units: int
    orders: list[tuple[str, int]]


@dataclass(frozen=True)
class PickList:
    """What to fetch in one warehouse, by SKU, for so many orders."""

    code: str
    name: str
    picks: list[Pick]
    orders: int

    @property
    def units(self) -> int:
        """Units in all."""
        return sum(pick.units for pick in self.picks)


def pick_lists(orders: Sequence[Order], *, warehouse: str = "") -> list[PickList]:
    """Return a list for each warehouse (or the one with this code) in which something of the orders lies.

    Two statements. Orders keep the order in which they are given.
    """
    left = pieces(orders, warehouse=warehouse)
    rows: dict[tuple[str, str], dict[str, list[tuple[Order, Piece]]]] = defaultdict(lambda: defaultdict(list))
    for order in orders:
        for piece in left.get(order.id, []):
            rows[piece.warehouse, piece.warehouse_name][piece.sku].append((order, piece))
    return [
        PickList(
            code=code,
            name=name,
            picks=[
                Pick(
                    sku=sku,
                    description=wanted[0][1].description,
                    units=sum(piece.units for _order, piece in wanted),
                    orders=[(order.number, piece.units) for order, piece in wanted],
                )
                for sku, wanted in sorted(by_sku.items())
            ],
            orders=len({order.id for wanted in by_sku.values() for order, _piece in wanted}),
        )
        for (code, name), by_sku in sorted(rows.items())
    ]
