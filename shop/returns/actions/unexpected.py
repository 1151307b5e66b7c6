"""What a person decides about units that nobody announced."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from shop.orders.models import OrderLine
from shop.returns.actions import stocking
from shop.returns.actions.moving import lock, move
from shop.returns.actions.opening import Wanted, open_return
from shop.returns.errors import NotYours, ReasonMissing, ReturnError
from shop.returns.models import ReturnKind, ReturnRequest, ReturnState, UnexpectedUnits

Resolution = UnexpectedUnits.Resolution


def _open(unexpected_id: UUID) -> UnexpectedUnits:
    return (
        UnexpectedUnits.objects.select_for_update(of=("self",))
        .select_related("order", "order_line__order", "order_line__variant", "warehouse", "request")
        .get(id=unexpected_id)
    )


def _resolve(found: UnexpectedUnits, resolution: str, *, actor: str, note: str) -> None:
    found.resolution, found.resolution_note = resolution, note[:500]
    found.resolved_at, found.resolved_by = timezone.now(), actor[:80]
    found.save()


@transaction.atomic
def accept_unexpected(
    *, unexpected_id: UUID, actor: str, order_line: OrderLine | None = None, note: str = ""
) -> ReturnRequest:
    """Take the units as a return of their order, received and ready for the inspection. Repeating changes nothing.

    ``order_line`` names what they are of where that was not known.

    :raises NotReturnable: the order's units are all in returns already.
    :raises NotYours: it was decided otherwise. :raises ReturnError: no order line is known.
    """
    found = _open(unexpected_id)
    key = f"unexpected:{found.pk}"
    if found.resolution == Resolution.ACCEPTED:
        return ReturnRequest.objects.get(cause_key=key)
    if found.resolution:
        raise NotYours("This was decided already.")
    line = found.order_line or order_line
    if line is None:
        raise ReturnError("Name the order and the line that the units are of.")
    asked_at = found.request.asked_at if found.request else found.received_at
    request = open_return(
        order_id=line.order_id,
        kind=ReturnKind(found.request.kind) if found.request else ReturnKind.RETURN,
        lines={line.pk: Wanted(found.units)},
        cause_key=key,
        actor=actor,
        note=note,
        asked_at=asked_at,
        authorised_by=actor,
    )
    if not found.stocked and not stocking.quarantine(
        line.order, line, found.units, warehouse=found.warehouse, key=key, actor=actor, at=found.received_at
    ):
        raise ReturnError(f"{line.sku}: the stock knows of no such units of {line.order.number} that left.")
    request = lock(request.pk)
    request.lines.update(received=found.units)
    move(
        request,
        ReturnState.RECEIVED,
        actor=actor,
        cause=f"{found.units} units accepted that nobody had announced",
        received_at=found.received_at,
        warehouse=found.warehouse,
    )
    found.order, found.order_line, found.sku, found.stocked = line.order, line, line.sku, True
    _resolve(found, Resolution.ACCEPTED, actor=actor, note=note or request.number)
    return request


@transaction.atomic
def close_unexpected(*, unexpected_id: UUID, resolution: str, note: str, actor: str) -> UnexpectedUnits:
    """Send the units back to the shopper, or keep them without a refund; the stock is moved by its own pages.

    :raises ReasonMissing: nobody says why. :raises NotYours: it was decided already.
    """
    if resolution not in {Resolution.SENT_BACK, Resolution.KEPT}:
        raise ReturnError("Units are sent back or kept.")
    if not note.strip():
        raise ReasonMissing("Say why.")
    found = _open(unexpected_id)
    if found.resolution:
        raise NotYours("This was decided already.")
    _resolve(found, resolution, actor=actor, note=note.strip())
    return found
