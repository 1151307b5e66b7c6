"""Deliveries: units onto the shelf, cost into the average."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from inventory.replenishment.actions.purchases import _lock, _turn, require_rate
from inventory.replenishment.costing import landed_unit_costs, weighted_average
from inventory.replenishment.errors import OrderRule, OverReceipt
from inventory.replenishment.models import ItemCost, PurchaseOrder, PurchaseOrderLine, Receipt, ReceiptLine
from inventory.stock import actions as stock
from inventory.stock.models import Balance, Item, Lot
from inventory.stock.quantities import units

State = PurchaseOrder.State


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
    :raises OrderRule: no arrivals, a foreign line, or a line told twice.
    :raises RateMissing: the order is in a foreign currency without a rate.
    """
    if not arrivals:
        raise OrderRule("Nothing has arrived.")
    for arrival in arrivals:
        units(arrival.quantity)
    if len({arrival.line_id for arrival in arrivals}) < len(arrivals):
        raise OrderRule("A line is told twice.")
    if charges < 0:
        raise OrderRule("Charges cannot be negative.")
    with transaction.atomic():
        standing = PurchaseOrder.objects.select_for_update(no_key=True).get(id=order.id)
        twin = Receipt.objects.filter(cause_key=cause_key).first()
        if twin:
            return twin
        now = _lock(standing, State.SENT, State.PARTLY_RECEIVED, verb="received")
        rate = require_rate(now)
        lines = {line.id: line for line in now.lines.select_related("item")}
        _check(now, lines, arrivals, accept_surplus=accept_surplus)
        # Items in key order, then (inside the stock action) balances: two deliveries never wait in a circle.
        ordered = sorted(arrivals, key=lambda arrival: lines[arrival.line_id].item_id)
        costs = landed_unit_costs(
            [(arrival.quantity, lines[arrival.line_id].unit_cost) for arrival in ordered], rate=rate, charges=charges
        )
        receipt = Receipt.objects.create(
            order=now,
            cause_key=cause_key,
            delivery_note=delivery_note[:60],
            charges=charges,
            currency=settings.BASE_CURRENCY,
            actor=actor[:80],
        )
        for arrival, cost in zip(ordered, costs, strict=True):
            _take_in(receipt, lines[arrival.line_id], arrival, cost)
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
    over = [
        f"{lines[arrival.line_id].item.sku}: {arrival.quantity} arrived, {lines[arrival.line_id].outstanding} outstanding"
        for arrival in arrivals
        if arrival.quantity > lines[arrival.line_id].outstanding
    ]
    if over and not accept_surplus:
        raise OverReceipt("; ".join(over))


def _take_in(receipt: Receipt, line: PurchaseOrderLine, arrival: Arrival, cost: Decimal) -> None:
    item = Item.objects.select_for_update(no_key=True).get(id=line.item_id)
    before = Balance.objects.filter(item=item).aggregate(units=Sum("on_hand"))["units"] or 0
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
