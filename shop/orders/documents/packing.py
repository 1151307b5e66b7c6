"""The packing slip: what lies in a parcel, without prices, in the language of where it goes."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from shop.crossborder.customs.typesetting import typeset
from shop.crossborder.models import Seller
from shop.orders.customs import language_of
from shop.orders.documents import writing
from shop.orders.documents.content import address_block, seller_block
from shop.orders.documents.papers import TEMPLATES
from shop.orders.documents.rules import labels
from shop.orders.models import Order
from shop.orders.shipment_models import Shipment


class NoSlip(Exception):
    """The order has no packing slip; the message says why."""


def packing_slip(order: Order, *, shipment: Shipment | None = None) -> bytes:
    """Return the slip of one parcel as PDF, else of the whole order less what was cancelled. Three statements at most.

    :raises NoSlip: the order is not paid, or nothing of it is to be sent.
    """
    if order.paid_at is None:
        raise NoSlip(f"Order {order.number} is not paid: nothing is packed for it.")
    lines = _of_parcel(shipment) if shipment else _of_order(order)
    if not lines:
        raise NoSlip(f"Nothing of order {order.number} is to be sent.")
    language = language_of(order)
    words = labels(language)
    today = timezone.localdate()
    number = shipment.number if shipment else order.number
    data: dict[str, Any] = {
        "title": f"{words['packing_slip']} {number}",
        "heading": words["packing_slip"],
        "number": number,
        "local": writing.TYPESET[language],
        "seller": _sender(order, language),
        "deliver_to": list(address_block(order.ship_to, order.country, language)),
        "facts": [
            [words["order"], order.number],
            [words["order_date"], writing.day(timezone.localdate(order.placed_at), language)],
            [words["packed"], writing.day(timezone.localdate(shipment.packed_at), language)]
            if shipment and shipment.packed_at
            else [],
        ],
        "labels": {key: words[key] for key in ("deliver_to", "description", "quantity", "units")},
        "lines": [
            {
                "quantity": str(units),
                "description": writing.legible(name),
                "option": writing.legible(option),
                "sku": f"{words['item_no']} {sku}",
            }
            for units, name, option, sku in lines
        ],
        "units": str(sum(units for units, *_rest in lines)),
        "gift": _gift(order, words),
        "note": [words["note"], writing.legible(order.note)] if order.note else [],
        "closing": words["thank_you"],
    }
    data["facts"] = [pair for pair in data["facts"] if pair]
    return typeset("packing_slip", data, on=today, folder=TEMPLATES)


def _gift(order: Order, words: Mapping[str, str]) -> list[str]:
    """Return heading and message of a present; a message keeps its lines."""
    if not (order.gift_wrap or order.gift_message):
        return []
    return [words["gift"], *(writing.legible(line) for line in order.gift_message.splitlines() if line.strip())]


def _of_parcel(shipment: Shipment) -> list[tuple[int, str, str, str]]:
    rows = shipment.lines.filter(quantity__gt=0).select_related("order_line").order_by("order_line__position")
    return [(row.quantity, row.order_line.name, row.order_line.option, row.order_line.sku) for row in rows]


def _of_order(order: Order) -> list[tuple[int, str, str, str]]:
    return [
        (line.quantity - line.cancelled, line.name, line.option, line.sku)
        for line in order.lines.all()
        if line.quantity > line.cancelled
    ]


def _sender(order: Order, language: str) -> dict[str, Any]:
    seller = Seller.objects.filter(markets=order.market_id).first() if order.market_id else None
    if seller is None:
        return {"name": "Vitrine", "address": [], "contact": [], "numbers": []}
    return seller_block(seller, (), language)
