"""The refund that follows the inspection, and the end of the return once the money is on its way."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from shop.orders.actions import _move as move_order
from shop.orders.models import Order, OrderState
from shop.orders.transitions import ALLOWED as ORDER_MOVES
from shop.payments import cases, refunding
from shop.payments.gateway import NotConfigured
from shop.payments.models import Refund
from shop.returns import mails
from shop.returns.actions.inspecting import duties_refunded, goods_value, nothing_left
from shop.returns.actions.moving import lock, log, move
from shop.returns.models import ReturnKind, ReturnRequest, ReturnState

ACTOR = "returns"


def repay(*, request_id: UUID, again: bool = False) -> ReturnRequest:
    """Ask for the refund of an inspected return, and close it once the money went. Repeating refunds once.

    The goods accepted, the part of the delivery that goes with them, less what was taken off. What cannot be refunded
    stays inspected, where its deadline shows it and the sweep tries again. A refund that Stripe failed is asked for
    anew only if a person says so (``again``), here or at its case: both are the same one try.
    """
    request = ReturnRequest.objects.select_related("order", "refund").get(pk=request_id)
    if request.state != ReturnState.INSPECTED:
        return request
    standing = refunding.latest_try(request.refund) if request.refund else None
    if standing and standing != request.refund:
        ReturnRequest.objects.filter(pk=request_id, refund=request.refund).update(refund=standing)
        request.refund = standing
    failed = standing if again and standing and standing.state == Refund.State.FAILED else None
    lines = {line.order_line_id: line.accepted for line in request.lines.all() if line.accepted}
    if lines and owes(request) and (standing is None or failed):
        try:
            made = refunding.refund(
                order_id=request.order_id,
                lines=lines,
                shipping=request.delivery_refund,
                deduction=request.deduction,
                duties=duties_refunded(request),
                reason=_reason(request),
                cause_key=refunding.again_key(failed) if failed else f"return:{request.number}:0",
                actor=ACTOR,
                note=request.deduction_reason,
            )
        except (refunding.NotRefundable, NotConfigured) as error:
            log.error("return not paid back", number=request.number, error=str(error))
            return request
        ReturnRequest.objects.filter(pk=request_id, refund=failed).update(refund=made)
        if failed:
            _close_case(failed)
    return settle(request_id=request_id)


@transaction.atomic
def _close_case(failed: Refund) -> None:
    """The case of the refund that failed has been decided on the return's page."""
    cases.close_by_cause(f"refund failed:{failed.id}", actor=ACTOR, resolution="asked for anew on the return's page")


def owes(request: ReturnRequest) -> bool:
    """Tell whether anything is to be paid back: units were accepted, and are worth more than was taken off."""
    lines = [line for line in request.lines.select_related("order_line") if line.accepted]
    order = request.order
    worth = sum((goods_value(order, line) for line in lines), request.delivery_refund - request.deduction)
    return bool(lines) and (worth > 0 or order.tax > order.tax_in_prices)


def _reason(request: ReturnRequest) -> Refund.Reason:
    return Refund.Reason.WITHDRAWAL if request.kind == ReturnKind.WITHDRAWAL else Refund.Reason.RETURNED


@transaction.atomic
def settle(*, request_id: UUID) -> ReturnRequest:
    """Close an inspected return whose money went, or that owes none; the order is *returned* when nothing of it is
    left. Repeating changes nothing.
    """
    order = Order.objects.select_for_update(of=("self",)).get(returns=request_id)
    request = lock(request_id)
    if request.state != ReturnState.INSPECTED:
        return request
    owed = owes(request)
    refund = request.refund
    if owed and (refund is None or refund.state != Refund.State.SUCCEEDED):
        return request
    cause = "paid back" if refund else "nothing is paid back"
    move(request, ReturnState.CLOSED, actor=ACTOR, cause=cause, closed_at=timezone.now())
    if refund:
        mails.refunded(request, refund.amount)
    if refund and OrderState.RETURNED in ORDER_MOVES[order.state] and _all_settled(order):
        move_order(order, OrderState.RETURNED, actor=ACTOR, cause=f"everything came back, last with {request.number}")
    return request


def _all_settled(order: Order) -> bool:
    waiting = order.returns.exclude(state__in=[ReturnState.CLOSED, ReturnState.REFUSED]).exists()
    return not waiting and nothing_left(order)
