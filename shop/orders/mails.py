"""What a buyer is told of her order, event by event. Marketplaces write to their own buyers."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from shop.alerts.mail import write
from shop.crossborder.money import LOCALES, display
from shop.orders.models import Order, OrderLine
from shop.orders.shipment_models import Shipment


def moment(when: datetime | None, language: str) -> str:
    """Write a moment out to the minute, in the site's time zone, which is named."""
    if when is None:
        return ""
    local = timezone.localtime(when)
    return f"{format_date(local, format='long', locale=LOCALES.get(language, 'en_GB'))} {local:%H:%M} {local:%Z}"


def page(order: Order) -> str:
    """Return the address of the order's public page."""
    return f"{settings.SITE_URL}/orders/{order.token}/"


def _write(kind: str, order: Order, key: str, **facts: Any) -> None:
    if order.channel != "web":
        return
    write(
        kind=kind,
        key=f"{kind}:{order.id}{key}",
        to=order.email,
        language=order.language,
        order_id=order.id,
        facts={"number": order.number, "page": page(order), **facts},
    )


def _line(line: OrderLine, amount: str, quantity: int) -> dict[str, Any]:
    return {"name": line.name, "option": line.option, "quantity": quantity, "amount": amount}


def summary(order: Order, lines: Iterable[OrderLine]) -> dict[str, Any]:
    """Return the order as a table: its lines and the sums that lead to the total, written in its language."""

    def money(amount: Decimal) -> str:
        return display(amount, order.currency, order.language)

    on_top = order.tax - order.tax_in_prices
    with translation.override(order.language):
        sums = [
            (_("Goods"), order.goods, True),
            (_("Delivery"), order.shipping, True),
            (_("Duty"), order.duty, bool(order.duty)),
            (_("Fees"), order.fees, bool(order.fees)),
            (_("Tax"), on_top, bool(on_top)),
            (_("Tax included"), order.tax_in_prices, bool(order.tax_in_prices)),
            (_("To pay at the door"), order.due_on_delivery, bool(order.due_on_delivery)),
            (_("Total"), order.total, True),
        ]
        return {
            "lines": [_line(one, money(one.amount), one.quantity) for one in lines],
            "sums": [{"label": label, "amount": money(amount)} for label, amount, shown in sums if shown],
        }


def placed(order: Order, lines: Iterable[OrderLine]) -> None:
    """The order stands and awaits payment."""
    if order.expires_at is not None:
        _write("order_placed", order, "", until=moment(order.expires_at, order.language), summary=summary(order, lines))


def paid(order: Order, lines: Iterable[OrderLine]) -> None:
    """The money is there."""
    _write("order_paid", order, "", summary=summary(order, lines))


def payment_failed(order: Order, *, key: str) -> None:
    """The payment did not go through; ``key`` names the attempt."""
    _write("payment_failed", order, f":{key}", until=moment(order.expires_at, order.language))


def shipped(order: Order, shipment: Shipment, *, more_to_come: bool) -> None:
    """A parcel has left."""
    lines = [
        _line(one.order_line, "", one.quantity) for one in shipment.lines.select_related("order_line") if one.quantity
    ]
    _write(
        "order_shipped",
        order,
        f":{shipment.number}",
        carrier=shipment.carrier,
        tracking_number=shipment.tracking_number,
        tracking_url=shipment.tracking_url,
        more_to_come=more_to_come,
        summary={"lines": lines, "sums": []},
    )


def refunded(order: Order, amount: Decimal, *, key: str) -> None:
    """An amount went back; ``key`` names the refund."""
    _write("order_refunded", order, f":{key}", amount=display(amount, order.currency, order.language))


def sent_back(order: Order) -> None:
    """The money came when the goods had gone: all of it goes back."""
    _write("order_sent_back", order, "", amount=display(order.total, order.currency, order.language))
