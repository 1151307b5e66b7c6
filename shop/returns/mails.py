"""What shoppers are told of withdrawals and returns: one function for each event, gathering the facts of its letter."""

from decimal import Decimal
from typing import Any

from babel.dates import format_date
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

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
    """The receipt on a durable medium: the statement's content, with date and time (article 11a(4)).

    It names no order of ours: whether there is one is not known yet, and nobody else's business.
    """
    with translation.override(statement.language):
        named = articles(statement)
        lines = [f"{one['quantity']} × {one['name']}" if one["quantity"] else one["name"] for one in named]
        stated = [
            (_("Your name"), statement.name),
            (_("Order number"), statement.order_number),
            (_("E-mail"), statement.email),
            (_("What you withdraw from"), "\n".join(lines) or _("The whole order")),
            (_("Submitted"), moment(statement)),
        ]
        steps = [
            _(
                "If nothing has left our warehouse yet, we cancel and pay back at once. Otherwise we write to you "
                "how to send the goods back. If the number does not match an order, a person looks for it; your "
                "statement counts from the moment above."
            )
        ]
    mail.write(
        kind="withdrawal_receipt",
        key=f"withdrawal_receipt:{statement.pk}",
        to=statement.email,
        language=statement.language,
        facts={
            "number": statement.order_number,
            "received": moment(statement),
            "statement": [{"label": label, "value": value} for label, value in stated],
            "next_steps": steps,
        },
    )


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


def _write(kind: str, request: ReturnRequest, key: str = "", **facts: Any) -> None:
    order = request.order
    mail.write(
        kind=kind,
        key=f"{kind}:{request.pk}{key}",
        to=order.email,
        language=order.language,
        order_id=order.pk,
        facts={
            "return_number": request.number,
            "number": order.number,
            "page": f"{settings.SITE_URL}/returns/{request.token}/",
            **facts,
        },
    )


def authorised(request: ReturnRequest) -> None:
    """The goods may come back: where to, by when; the slip is on the return's page."""
    from shop.returns.slip import NoSlip, address_of

    try:
        address = address_of(request)
    except NoSlip:
        address = []
    _write(
        "return_authorised",
        request,
        address="\n".join(address),
        send_by=_day(request.send_back_by, request.order.language),
    )


def refused(request: ReturnRequest) -> None:
    """They may not, and why."""
    again = request.events.filter(to_state="refused").count()
    _write("return_refused", request, f":{again}", reason=request.refused_reason)


def refunded(request: ReturnRequest, amount: Decimal) -> None:
    """The money went back: how much, and what was taken off and why."""
    order = request.order

    def money(sum_: Decimal) -> str:
        return display(sum_, order.currency, order.language)

    with translation.override(order.language):
        details = [(_("Delivery that goes back"), money(request.delivery_refund))] if request.delivery_refund else []
        if request.deduction:
            details.append((_("Taken off"), f"{money(request.deduction)}: {request.deduction_reason}"))
        details += [(line.order_line.name, line.finding) for line in _found(request)]
    _write(
        "return_refunded",
        request,
        amount=money(amount),
        details=[{"label": label, "value": value} for label, value in details],
    )


def _found(request: ReturnRequest) -> Any:
    return request.lines.exclude(finding="").select_related("order_line")
