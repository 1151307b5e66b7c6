"""The warehouse takes in what comes. Nothing is turned away: what nobody announced becomes a line for a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from inventory.stock.models import Warehouse
from shop.orders.models import Order, OrderLine
from shop.returns.actions import stocking
from shop.returns.actions.moving import lock, log, move, note, save
from shop.returns.errors import NothingToReturn, UnknownLine
from shop.returns.models import ReturnEvent, ReturnRequest, ReturnState, UnexpectedUnits
from shop.returns.transitions import EXPECTED

Why = UnexpectedUnits.Why


@transaction.atomic
def receive(
    *,
    request_id: UUID,
    units: Mapping[int, int],
    warehouse: Warehouse,
    cause_key: str,
    actor: str,
    at: datetime | None = None,
) -> ReturnRequest:
    """Take in units (order line id → how many) of a return, in one parcel or several. The same key counts once.

    Everything lies quarantined until it is inspected. What is more than authorised, comes when the return is over, or
    was never in it, is written down as unexpected for a person to decide.

    :raises NothingToReturn: no units are named. :raises UnknownLine: a line is not the order's.
    """
    if not any(units.values()) or any(one < 0 for one in units.values()):
        raise NothingToReturn("Name the units that have come.")
    request = lock(request_id)
    if ReturnEvent.objects.filter(key=cause_key).exists():
        return request
    moment = at or timezone.now()
    lines = {line.order_line_id: line for line in request.lines.select_related("order_line__variant")}
    open_ = request.state in EXPECTED
    came = 0
    for line_id, quantity in sorted(units.items()):
        line = lines.get(line_id)
        fits = min(quantity, line.units - line.received) if line and open_ else 0
        if (
            line
            and fits
            and not stocking.quarantine(
                request.order,
                line.order_line,
                fits,
                warehouse=warehouse,
                key=f"{cause_key}:{line_id}:in",
                actor=actor,
                at=moment,
            )
        ):
            fits = 0
        if line and fits:
            line.received += fits
            line.save(update_fields=["received"])
            came += fits
        if quantity > fits:
            parcel = _Unexpected(request.order, request, warehouse, moment, actor)
            parcel.write(_order_line(request.order, line_id), quantity - fits, _why(request), f"{cause_key}:{line_id}")
    sentence = f"{came} units received at {warehouse.code}"
    if came:
        # A second parcel may come after the first: the state stays, and the days count from the last.
        fields = {"received_at": moment, "warehouse": warehouse}
        if request.state == ReturnState.RECEIVED:
            note(request, actor=actor, cause=sentence, key=cause_key)
            save(request, **fields)
        else:
            move(request, ReturnState.RECEIVED, actor=actor, cause=sentence, key=cause_key, **fields)
    else:
        note(request, actor=actor, cause=f"{sum(units.values())} units came unexpected", key=cause_key)
    return request


def _why(request: ReturnRequest) -> str:
    if request.state == ReturnState.REFUSED:
        return Why.REFUSED
    if request.state in EXPECTED:
        return Why.SURPLUS
    return Why.UNANNOUNCED if request.state == ReturnState.REQUESTED else Why.LATE


def _order_line(order: Order, line_id: int) -> OrderLine:
    line = order.lines.select_related("variant").filter(pk=line_id).first()
    if line is None:
        raise UnknownLine(line_id)
    return line


@dataclass(frozen=True)
class Parcel:
    """A line of a parcel that nobody announced: the order's line where the order is known, else a SKU or nothing."""

    units: int
    order_line: OrderLine | None = None
    sku: str = ""


@transaction.atomic
def receive_unannounced(
    *,
    order: Order | None,
    content: Sequence[Parcel],
    warehouse: Warehouse,
    cause_key: str,
    actor: str,
    note: str = "",
    at: datetime | None = None,
) -> list[UnexpectedUnits]:
    """Take in a parcel without authorisation, with or without an order known. The same key counts once."""
    if not any(one.units for one in content):
        raise NothingToReturn("Name the units that have come.")
    parcel = _Unexpected(order, None, warehouse, at or timezone.now(), actor, note)
    why = Why.UNANNOUNCED if order else Why.UNKNOWN
    return [
        parcel.write(one.order_line, one.units, why, f"{cause_key}:{number}", sku=one.sku)
        for number, one in enumerate(content)
        if one.units
    ]


@dataclass(frozen=True)
class _Unexpected:
    """A parcel, or what of it nobody announced."""

    order: Order | None
    request: ReturnRequest | None
    warehouse: Warehouse
    at: datetime
    actor: str
    note: str = ""

    def write(self, line: OrderLine | None, units: int, why: str, key: str, *, sku: str = "") -> UnexpectedUnits:
        standing = UnexpectedUnits.objects.filter(cause_key=key).first()
        if standing:
            return standing
        stocked = bool(
            line
            and self.order
            and stocking.quarantine(
                self.order, line, units, warehouse=self.warehouse, key=key, actor=self.actor, at=self.at
            )
        )
        log.warning("unexpected units", why=why, sku=line.sku if line else sku, units=units)
        return UnexpectedUnits.objects.create(
            cause_key=key,
            why=why,
            request=self.request,
            order=self.order,
            order_line=line,
            sku=line.sku if line else sku,
            units=units,
            warehouse=self.warehouse,
            note=self.note,
            stocked=stocked,
            received_at=self.at,
            received_by=self.actor[:80],
        )
