"""Deliveries: units onto the shelf, cost into the average."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import F

from inventory.replenishment.actions.purchases import _lock, _turn, check_cost, require_rate
from inventory.replenishment.costing import landed_unit_costs, weighted_average
from inventory.replenishment.errors import OrderRule, OverReceipt
from inventory.replenishment.models import ItemCost, PurchaseOrder, PurchaseOrderLine, Receipt, ReceiptLine
from inventory.stock import actions as stock
from inventory.stock import retrying
from inventory.stock.models import Balance, Item, Lot, Transfer, TransferLine, Warehouse
from inventory.stock.quantities import units

State = PurchaseOrder.State
CENT = Decimal("0.01")
MOST_CHARGES = Decimal(10) ** 10


@dataclass(frozen=True)
class Arrival:
    """Units of one purchase order line that came, of which production batch, in which condition."""

    line_id: int
    quantity: int
    lot_number: str = ""
    produced_on: date | None = None


def receive(
    *,
    order: PurchaseOrder,
    arrivals: Sequence[Arrival],
    cause_key: str,
    charges: Decimal = Decimal(0),
    delivery_note: str = "",
    accept_surplus: bool = False,
    actor: str = "",
) -> Receipt:
    """Take a delivery in, whole or in part, and carry its landed cost into each item's weighted average.

    ``charges`` are in our own currency. The same ``cause_key`` again returns the first receipt.

    :raises OverReceipt: naming the lines with more units than are outstanding, unless ``accept_surplus``.
    :raises WrongState: the order was not sent, or is over.
    :raises OrderRule: no arrivals, a foreign line, a line told twice, charges that are no amount of money, or a cause
        key of another order.
    :raises RateMissing: the order is in a foreign currency without a rate.
    :raises inventory.stock.errors.LotError: a lot was recalled.
    :raises inventory.stock.errors.StockBusy: the database could not answer in time; the same key may be tried again.
    """
    if not arrivals:
        raise OrderRule("Nothing has arrived.")
    for arrival in arrivals:
        units(arrival.quantity)
    if len({arrival.line_id for arrival in arrivals}) < len(arrivals):
        raise OrderRule("A line is told twice.")
    if not (charges.is_finite() and 0 <= charges < MOST_CHARGES and charges == charges.quantize(CENT)):
        raise OrderRule(f"Charges must be an amount of money with two decimal places, not {charges}.")
    with retrying.named(), transaction.atomic():
        standing = PurchaseOrder.objects.select_for_update(no_key=True).get(id=order.id)
        twin = Receipt.objects.filter(cause_key=cause_key).first()
        if twin:
            if twin.order_id != order.id:
                raise OrderRule(f"The cause key {cause_key} belongs to a delivery for {twin.order}.")
            return twin
        now = _lock(standing, State.SENT, State.PARTLY_RECEIVED, verb="received")
        rate = require_rate(now)
        lines = {line.id: line for line in now.lines.select_related("item")}
        _check(now, lines, arrivals, accept_surplus=accept_surplus)
        ordered = sorted(arrivals, key=lambda arrival: lines[arrival.line_id].item_id)
        costs = landed_unit_costs(
            [(arrival.quantity, lines[arrival.line_id].unit_cost) for arrival in ordered], rate=rate, charges=charges
        )
        for arrival, cost in zip(ordered, costs, strict=True):
            check_cost(lines[arrival.line_id].item.sku, cost)
        items = _lock_stock([lines[arrival.line_id].item_id for arrival in ordered], now.warehouse)
        receipt = Receipt.objects.create(
            order=now,
            cause_key=cause_key,
            delivery_note=delivery_note[:60],
            charges=charges,
            currency=settings.BASE_CURRENCY,
            actor=actor[:80],
        )
        for arrival, cost in zip(ordered, costs, strict=True):
            line = lines[arrival.line_id]
            _take_in(receipt, line, arrival, cost, item=items[line.item_id])
        outstanding = any(line.outstanding for line in now.lines.all())
        _turn(now, State.PARTLY_RECEIVED if outstanding else State.RECEIVED)
    return receipt


def _check(
    order: PurchaseOrder,
    lines: Mapping[int, PurchaseOrderLine],
    arrivals: Sequence[Arrival],
    *,
    accept_surplus: bool,
) -> None:
    if any(arrival.line_id not in lines for arrival in arrivals):
        raise OrderRule(f"A line is not of {order.number}.")
    told = [(lines[arrival.line_id], arrival.quantity) for arrival in arrivals]
    over = [
        f"{line.item.sku}: {quantity} arrived, {line.outstanding} outstanding"
        for line, quantity in told
        if quantity > line.outstanding
    ]
    if over and not accept_surplus:
        raise OverReceipt("; ".join(over))


def _lock_stock(item_ids: Sequence[int], warehouse: Warehouse) -> dict[int, Item]:
    """Lock the items (an average is of one item everywhere), then their balances, each in key order.

    Holds and transfers lock balances in key order too: nobody waits in a circle.
    """
    items = {
        item.id: item for item in Item.objects.select_for_update(no_key=True).filter(id__in=item_ids).order_by("id")
    }
    for item in items.values():
        Balance.objects.get_or_create(item=item, warehouse=warehouse)
    balances = Balance.objects.filter(item_id__in=item_ids, warehouse=warehouse).order_by("id")
    list(balances.select_for_update(no_key=True).values_list("id", flat=True))
    return items


def units_owned(item: Item) -> int:
    """Return the units that the average cost is of: in any warehouse, in whatever condition, or on the way between.

    One statement, so that a transfer that is sent meanwhile is seen whole or not at all.
    """
    lying = Balance.objects.filter(item=item).annotate(units=F("on_hand") + F("quarantined") + F("damaged"))
    moving = TransferLine.objects.filter(item=item, transfer__state=Transfer.State.IN_TRANSIT).annotate(
        units=F("quantity") - F("received") - F("lost")
    )
    each = lying.order_by().values_list("units").union(moving.order_by().values_list("units"), all=True)
    return sum(units for (units,) in each)


def _take_in(receipt: Receipt, line: PurchaseOrderLine, arrival: Arrival, cost: Decimal, *, item: Item) -> None:
    before = units_owned(item)
    known = ItemCost.objects.filter(item=item).first()
    average = weighted_average(
        units_before=before,
        average_before=known.average if known else None,
        units_in=arrival.quantity,
        unit_cost=cost,
    )
    stock.receive(
        item=item,
        warehouse=receipt.order.warehouse,
        quantity=arrival.quantity,
        cause=f"purchase:{receipt.order.number}",
        cause_key=f"receipt:{receipt.id}:{line.id}",
        lot_number=arrival.lot_number,
        produced_on=arrival.produced_on,
        actor=receipt.actor,
    )
    ItemCost.objects.update_or_create(item=item, defaults={"average": average, "currency": receipt.currency})
    ReceiptLine.objects.create(
        receipt=receipt,
        line=line,
        quantity=arrival.quantity,
        lot=Lot.objects.filter(item=item, number=arrival.lot_number).first() if arrival.lot_number else None,
        landed_unit_cost=cost,
        units_before=before,
        average_before=known.average if known else None,
        average_after=average,
    )
    line.received += arrival.quantity
    line.save(update_fields=["received"])
