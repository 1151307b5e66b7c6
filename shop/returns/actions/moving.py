"""The one way a return's state moves: checked against the table, with an event row, its next deadline and a log."""

from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from shop.crossborder.protections.return_period import delivery_day, notice_day
from shop.returns import deadlines, transitions
from shop.returns.models import ReturnEvent, ReturnRequest

log = structlog.get_logger("vitrine.returns")


def lock(request_id: UUID) -> ReturnRequest:
    """Return the return, locked; its order is read with it, unlocked."""
    return ReturnRequest.objects.select_for_update(of=("self",)).select_related("order__market").get(id=request_id)


def note(request: ReturnRequest, *, actor: str, cause: str, key: str | None = None) -> None:
    """Write a step that leaves the state as it is."""
    ReturnEvent.objects.create(
        request=request, from_state=request.state, to_state=request.state, actor=actor[:80], cause=cause[:250], key=key
    )


def move(
    request: ReturnRequest, to_state: str, *, actor: str, cause: str, key: str | None = None, **fields: Any
) -> None:
    """Move a locked return and say why; ``fields`` are set with it, and what is due next follows from them.

    :raises shop.returns.transitions.IllegalReturnMove: the table has no such move.
    """
    transitions.check(request.number, request.state, to_state)
    ReturnEvent.objects.create(
        request=request, from_state=request.state, to_state=to_state, actor=actor[:80], cause=cause[:250], key=key
    )
    request.state = to_state
    save(request, **fields)
    log.info("return moved", number=request.number, to=to_state, cause=cause)


def save(request: ReturnRequest, **fields: Any) -> None:
    """Set fields of a locked return, and reckon anew what is due next."""
    for name, value in fields.items():
        setattr(request, name, value)
    country = request.order.country
    asked_on = notice_day(country, request.asked_at)
    back: list[datetime] = [at for at in (request.sent_at, request.received_at) if at]
    request.refund_by = deadlines.refund_by(
        country, asked_on=asked_on, back_on=delivery_day(country, min(back)) if back else None
    )
    due = deadlines.next_due(
        request.state, asked_on=asked_on, send_back_by=request.send_back_by, refund_by=request.refund_by
    )
    request.due_on, request.due_what = due.on, due.what
    request.save()
