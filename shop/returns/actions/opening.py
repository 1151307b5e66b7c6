"""Opening a return: the units are claimed, and it is authorised by rule where it is in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.numbering import next_number
from shop.catalogue.models import Variant
from shop.crossborder.protections.return_period import Basis, Period, notice_day
from shop.orders.models import Order
from shop.returns import facts, mails
from shop.returns.actions.claims import claim
from shop.returns.actions.moving import log, move, save
from shop.returns.errors import NotExchangeable, NothingToReturn, UnknownLine
from shop.returns.models import ReturnEvent, ReturnKind, ReturnLine, ReturnRequest, ReturnState

RULES = "rules"  # the actor of what no person decided


@dataclass(frozen=True)
class Wanted:
    """Units of an order line to return, and the variant wanted instead."""

    units: int
    instead: Variant | None = None


@transaction.atomic
def open_return(
    *,
    order_id: UUID,
    kind: ReturnKind,
    lines: Mapping[int, Wanted],
    cause_key: str,
    actor: str,
    reason: str = "",
    note: str = "",
    asked_at: datetime | None = None,
    authorised_by: str = "",
) -> ReturnRequest:
    """Open a return of units (order line id → what); the same ``cause_key`` returns the first.

    In time, and of goods that no law excepts, it is authorised at once. ``authorised_by`` names a person who has
    decided already. All or nothing: no unit is in two returns.

    :raises NothingToReturn: no units are named. :raises UnknownLine: a line is not the order's.
    :raises NotReturnable: more units than have left and are in no return yet.
    :raises NotExchangeable: the variant wanted is of another product, or the same.
    """
    order = Order.objects.select_for_update().select_related(None).get(id=order_id)
    standing = ReturnRequest.objects.filter(cause_key=cause_key).first()
    if standing:
        return standing
    named = {line: one for line, one in lines.items() if one.units}
    if not named or any(one.units < 0 for one in named.values()):
        raise NothingToReturn("Name at least one unit to return.")
    found = {one.line.pk: one for one in facts.returnables(order)}
    for line_id, one in named.items():
        if line_id not in found:
            raise UnknownLine(line_id)
        _check_exchange(found[line_id], one)
    for line_id in sorted(named):
        claim(found[line_id].line, named[line_id].units)
    now = timezone.now()
    asked = asked_at or now
    request = ReturnRequest(
        number=next_number("RA", sequence="return_number", year=now.year),
        cause_key=cause_key,
        order=order,
        kind=kind,
        reason=reason,
        note=note,
        asked_at=asked,
        warehouse=facts.return_place(order),
    )
    save(request)
    ReturnLine.objects.bulk_create(
        ReturnLine(request=request, order_line_id=line_id, units=one.units, wanted=one.instead)
        for line_id, one in sorted(named.items())
    )
    ReturnEvent.objects.create(request=request, to_state=request.state, actor=actor[:80], cause=f"{kind} asked for")
    log.info("return opened", number=request.number, order=order.number, kind=str(kind))
    period = facts.period_of(order)
    never = [found[line_id].line.sku for line_id in named if found[line_id].never]
    if authorised_by:
        grant(request, period, actor=authorised_by, cause="decided by a person")
    elif facts.in_time(order, period, asked) and (not never or kind == ReturnKind.FAULTY):
        grant(request, period, actor=RULES, cause=_why(period))
    return request


def _check_exchange(one: facts.Returnable, wanted: Wanted) -> None:
    instead = wanted.instead
    if instead is None:
        return
    variant = one.line.variant
    if instead.product_id != variant.product_id or instead.pk == variant.pk:
        raise NotExchangeable(one.line.pk, instead.sku)


def _why(period: Period | None) -> str:
    if period is None:
        return ""
    until = period.last.isoformat() if period.last else "no end before delivery"
    what = "right of withdrawal" if period.basis is Basis.LAW else "terms of the shop"
    return f"in time: {what}, {period.key}, until {until}"


def grant(request: ReturnRequest, period: Period | None, *, actor: str, cause: str) -> None:
    """Authorise a locked return and tell the shopper."""
    asked_on = notice_day(request.order.country, request.asked_at)
    days = period.send_back_days if period else None
    spoken = max(asked_on, timezone.localdate()) if request.kind != ReturnKind.WITHDRAWAL else asked_on
    move(
        request,
        ReturnState.AUTHORISED,
        actor=actor,
        cause=cause,
        authorised_at=timezone.now(),
        refused_reason="",
        basis=period.key if period and actor == RULES else "",
        send_back_by=spoken + timedelta(days=days) if days else None,
    )
    mails.authorised(request)
