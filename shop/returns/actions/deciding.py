"""What a person decides, and what the shopper does meanwhile: authorised, refused, sent, given up."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from shop.returns import facts, mails
from shop.returns.actions.claims import claim, release
from shop.returns.actions.moving import lock, move
from shop.returns.actions.opening import grant
from shop.returns.errors import ReasonMissing
from shop.returns.models import ReturnRequest, ReturnState


@transaction.atomic
def authorise(*, request_id: UUID, actor: str, cause: str = "") -> ReturnRequest:
    """Let the goods come back, though no rule says so. Repeating changes nothing.

    :raises NotReturnable: it had been refused, and its units are in another return by now.
    :raises shop.returns.transitions.IllegalReturnMove: it went on already.
    """
    request = lock(request_id)
    if request.state == ReturnState.AUTHORISED:
        return request
    if request.state == ReturnState.REFUSED:
        for line in request.lines.select_related("order_line__order").order_by("order_line_id"):
            claim(line.order_line, line.units)
    grant(request, facts.period_of(request.order), actor=actor, cause=cause or "decided by a person")
    return request


@transaction.atomic
def refuse(*, request_id: UUID, reason: str, actor: str) -> ReturnRequest:
    """Refuse a request with a reason that the shopper is told. Its units can be asked for again.

    :raises ReasonMissing: no reason is given.
    :raises shop.returns.transitions.IllegalReturnMove: it is not waiting for an answer.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing("A refusal needs a reason; the shopper is told.")
    request = lock(request_id)
    if request.state == ReturnState.REFUSED:
        return request
    move(request, ReturnState.REFUSED, actor=actor, cause=f"refused: {reason}", refused_reason=reason[:1000])
    _release(request)
    mails.refused(request)
    return request


@transaction.atomic
def mark_sent(*, request_id: UUID, tracking: str, actor: str, at: datetime | None = None) -> ReturnRequest:
    """The shopper shows that she sent the goods: from now on the refund may not wait for them (article 13(3)).

    :raises shop.returns.transitions.IllegalReturnMove: nothing is expected of this return.
    """
    request = lock(request_id)
    if request.sent_at:
        return request
    move(
        request,
        ReturnState.IN_TRANSIT,
        actor=actor,
        cause=f"sent back, {tracking}" if tracking else "sent back",
        sent_at=at or timezone.now(),
        tracking=tracking[:80],
    )
    return request


@transaction.atomic
def give_up(*, request_id: UUID, actor: str, cause: str) -> ReturnRequest:
    """End a return of which nothing has come; its units can be returned another time. Repeating changes nothing.

    :raises shop.returns.transitions.IllegalReturnMove: goods have come, or it was refused.
    """
    request = lock(request_id)
    if request.state == ReturnState.CLOSED:
        return request
    move(request, ReturnState.CLOSED, actor=actor, cause=cause, closed_at=timezone.now())
    _release(request)
    return request


def _release(request: ReturnRequest) -> None:
    for line in request.lines.order_by("order_line_id"):
        release(line.order_line_id, line.units - line.received)
