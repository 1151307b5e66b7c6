"""What shoppers are told of withdrawals and returns: one function for each event, gathering the facts of its letter."""

from typing import Any

from babel.dates import format_date
from django.conf import settings
from django.utils import timezone

from shop.alerts import mail
from shop.crossborder.money import LOCALES, display
from shop.crossborder.protections.return_period import zones
from shop.returns.models import ReturnRequest, WithdrawalStatement


def _day(day: Any, language: str) -> str:
    return format_date(day, format="long", locale=LOCALES.get(language, "en_GB")) if day else ""


def moment(statement: WithdrawalStatement) -> str:
    """Return date and time of submission in the language of the statement: of her market's clock, which is named."""
    country = statement.market.countries[0] if statement.market else ""
    local = timezone.localtime(statement.sent_at, zones(country)[0])
    comma = ", " if statement.language in {"en", "fr"} else " "
    return f"{_day(local, statement.language)}{comma}{local:%H:%M:%S} {local:%Z}"


def receipt(statement: WithdrawalStatement) -> None:
    """The receipt on a durable medium: the statement's content, with date and time (article 11a(4))."""
    mail.write(
        kind="withdrawal_receipt",
        key=f"withdrawal_receipt:{statement.pk}",
        to=statement.email,
        language=statement.language,
        order_id=None,  # whether there is such an order is nobody's business yet
        facts={
            "name": statement.name,
            "order_number": statement.order_number,
            "email": statement.email,
            "scope": scope(statement),
            "lines": articles(statement),
            "submitted_at": moment(statement),
            "submitted_at_utc": statement.sent_at.isoformat(),
        },
    )


def scope(statement: WithdrawalStatement) -> str:
    """Return ``whole`` or ``part``."""
    return "whole" if statement.whole else "part"


def articles(statement: WithdrawalStatement) -> list[dict[str, Any]]:
    """Return what a statement about a part names: units and names of the lines she chose, or her own words."""
    if statement.lines_text:
        return [{"name": statement.lines_text, "quantity": 0}]
    if not statement.lines or statement.order is None:
        return []
    return [
        {"name": ", ".join(filter(None, (line.name, line.option))), "quantity": statement.lines[str(line.pk)]}
        for line in statement.order.lines.all()
        if str(line.pk) in statement.lines
    ]


def _facts(request: ReturnRequest) -> dict[str, Any]:
    order = request.order
    return {
        "number": request.number,
        "order_number": order.number,
        "url": f"{settings.SITE_URL}/returns/{request.token}/",
        "slip_url": f"{settings.SITE_URL}/returns/{request.token}/slip.pdf",
        "send_back_by": _day(request.send_back_by, order.language),
        "lines": [
            {
                "name": ", ".join(filter(None, (line.order_line.name, line.order_line.option))),
                "quantity": line.units,
            }
            for line in request.lines.select_related("order_line")
        ],
    }


def _write(kind: str, request: ReturnRequest, key: str, facts: dict[str, Any]) -> None:
    order = request.order
    mail.write(
        kind=kind,
        key=f"{kind}:{request.pk}{key}",
        to=order.email,
        language=order.language,
        order_id=order.pk,
        facts=_facts(request) | facts,
    )


def authorised(request: ReturnRequest) -> None:
    """The goods may come back: where to, by when, and the slip."""
    from shop.returns.slip import NoSlip, address_of

    try:
        address = address_of(request)
    except NoSlip:
        address = []
    _write("return_authorised", request, "", {"address": address, "return_kind": request.kind})


def refused(request: ReturnRequest) -> None:
    """They may not, and why."""
    again = request.events.filter(to_state="refused").count()
    _write("return_refused", request, f":{again}", {"reason": request.refused_reason})


def refunded(request: ReturnRequest, amount: Any) -> None:
    """The money went back: how much, and what was taken off and why."""
    order = request.order
    deduction = display(request.deduction, order.currency, order.language) if request.deduction else ""
    delivery = display(request.delivery_refund, order.currency, order.language) if request.delivery_refund else ""
    findings = "; ".join(line.finding for line in request.lines.all() if line.finding)
    _write(
        "return_refunded",
        request,
        "",
        {
            "amount": display(amount, order.currency, order.language),
            "delivery": delivery,
            "deduction": deduction,
            "deduction_reason": request.deduction_reason,
            "finding": findings,
        },
    )
