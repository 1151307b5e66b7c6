"""The inspection: in which condition the goods are, where they go, and which of them are paid back."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from shop.crossborder.money import round_money
from shop.crossborder.protections.return_period import Period
from shop.orders.models import Order
from shop.returns import facts, sums
from shop.returns.actions import stocking
from shop.returns.actions.claims import release
from shop.returns.actions.moving import lock, move
from shop.returns.errors import ReasonMissing, WrongFinding
from shop.returns.models import ReturnKind, ReturnLine, ReturnRequest, ReturnState


@dataclass(frozen=True)
class Finding:
    """What the inspection found of a line's received units.

    ``accepted`` units are paid back, whatever their condition; a reason (``note``) says why others are not.
    """

    resaleable: int = 0
    quarantined: int = 0
    damaged: int = 0
    written_off: int = 0
    accepted: int = 0
    note: str = ""


@transaction.atomic
def inspect(
    *,
    request_id: UUID,
    findings: Mapping[int, Finding],
    actor: str,
    deduction: Decimal = sums.NOTHING,
    deduction_reason: str = "",
) -> ReturnRequest:
    """Book what was found (order line id → finding) and say what is to be paid back. Repeating changes nothing.

    :raises WrongFinding: the units found are not those that came. :raises ReasonMissing: units or money are kept back
        and nobody says why. :raises DeductionRefused: more is taken off than the goods cost.
    :raises inventory.stock.errors.ClaimExceeded: fewer units are quarantined at the warehouse.
    :raises shop.returns.transitions.IllegalReturnMove: nothing has come yet.
    """
    request = lock(request_id)
    if request.state in {ReturnState.INSPECTED, ReturnState.CLOSED}:
        return request
    goods = sums.NOTHING
    lines = list(request.lines.select_related("order_line__variant").order_by("order_line_id"))
    for line in lines:
        finding = findings.get(line.order_line_id, Finding())
        _check(line, finding)
        _write(request, line, finding, actor=actor)
        goods += goods_value(request.order, line)
    reason = deduction_reason.strip()
    if deduction and not reason:
        raise ReasonMissing("A deduction needs a reason; the shopper is told.")
    move(
        request,
        ReturnState.INSPECTED,
        actor=actor,
        cause=_sentence(lines),
        inspected_at=timezone.now(),
        deduction=sums.checked_deduction(round_money(deduction, request.order.currency), goods=goods),
        deduction_reason=reason[:1000],
        delivery_refund=delivery_refund(request),
    )
    return request


def _check(line: ReturnLine, finding: Finding) -> None:
    numbers = (finding.resaleable, finding.quarantined, finding.damaged, finding.written_off, finding.accepted)
    sku = line.order_line.sku
    if min(numbers) < 0 or sum(numbers[:3]) != line.received:
        raise WrongFinding(f"{sku}: {line.received} came; resaleable, quarantined and damaged must add up to that.")
    if finding.written_off > finding.damaged:
        raise WrongFinding(f"{sku}: only damaged units are written off.")
    if finding.accepted > line.received:
        raise WrongFinding(f"{sku}: {line.received} came; no more can be paid back.")
    if finding.accepted < line.received and not finding.note.strip():
        raise ReasonMissing(f"{sku}: say why not all of it is paid back; the shopper is told.")


def _write(request: ReturnRequest, line: ReturnLine, finding: Finding, *, actor: str) -> None:
    if line.received and request.warehouse:
        stocking.sort_out(
            line.order_line,
            resaleable=finding.resaleable,
            damaged=finding.damaged,
            written_off=finding.written_off,
            warehouse=request.warehouse,
            cause=f"return:{request.number}",
            key=f"return:{request.number}:{line.order_line_id}",
            actor=actor,
        )
    line.resaleable, line.quarantined, line.damaged = finding.resaleable, finding.quarantined, finding.damaged
    line.written_off, line.accepted, line.finding = finding.written_off, finding.accepted, finding.note.strip()[:250]
    line.save()
    # What never came may be returned another time.
    release(line.order_line_id, line.units - line.received)


def _sentence(lines: list[ReturnLine]) -> str:
    return "; ".join(
        f"{line.order_line.sku}: {line.resaleable} resaleable, {line.quarantined} quarantined, {line.damaged} damaged, "
        f"{line.accepted} of {line.received} paid back"
        for line in lines
    )


def goods_value(order: Order, line: ReturnLine) -> Decimal:
    """Return what the accepted units of a line cost, as its price says."""
    sold = line.order_line
    return round_money(sold.amount * line.accepted / sold.quantity, order.currency)


def delivery_refund(request: ReturnRequest) -> Decimal:
    """Return how much of the delivery to the shopper goes back with this return (see :func:`sums.delivery_share`).

    Faulty or wrong goods take all of it with them, whatever the law of withdrawal says.
    """
    order = request.order
    faulty = request.kind == ReturnKind.FAULTY
    period = period_in_force(request)
    outbound = faulty or (period is not None and period.outbound)
    return sums.delivery_share(
        paid=order.shipping,
        standard=None if faulty else facts.standard_delivery(order),
        returned=facts.delivery_returned(order),
        whole=nothing_left(order),
        outbound=outbound,
    )


def period_in_force(request: ReturnRequest) -> Period | None:
    """Return the period in which the shopper spoke; None: she was late, or there is none."""
    period = facts.period_of(request.order)
    return period if facts.in_time(request.order, period, request.asked_at) else None


def duties_refunded(request: ReturnRequest) -> bool:
    """Tell whether the duty and fees that were paid with the order go back with the goods.

    They do by right of withdrawal, which gives back all that was paid, and for faulty goods. The shop's own window
    gives the price back alone (``data/return_windows.csv``), and so does what a person takes back late.
    """
    period = period_in_force(request)
    return request.kind == ReturnKind.FAULTY or (period is not None and period.duties)


def nothing_left(order: Order) -> bool:
    """Tell whether every unit of the order was cancelled or came back and is paid back."""
    back = ReturnLine.objects.filter(request__order=order).values_list("order_line").annotate(units=Sum("accepted"))
    accepted = dict(back.order_by())
    lines = order.lines.annotate(kept=F("quantity") - F("cancelled")).values_list("pk", "kept")
    return all(kept <= accepted.get(line, 0) for line, kept in lines)
