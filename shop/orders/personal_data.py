"""Personal data in the books of orders."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from config.personal_data import Holding, Obstacle, Person, erased, kept, reduced
from shop.orders.models import Order, OrderState, order_token

STAFF = "Names of staff or of parts of the program: kept for accountability."
OPEN = (
    OrderState.AWAITING_PAYMENT,
    OrderState.PAYMENT_FAILED,
    OrderState.PAID,
    OrderState.PICKING,
    OrderState.PARTLY_SHIPPED,
    OrderState.SHIPPED,
    OrderState.DELIVERED,
    OrderState.PAID_WITHOUT_STOCK,
)
# What an invoice needs of an address (Directive 2006/112/EC, article 226(5)): the name and the address, no telephone.
ON_INVOICES = ("name", "company", "line1", "line2", "district", "city", "region", "postcode", "country")
WHERE_TAXED = ("country", "region")  # what is left in the end: where the goods went, for the sums of tax


def _only(names: tuple[str, ...], address: Mapping[str, Any]) -> dict[str, Any]:
    return {name: address[name] for name in names if name in address}


def _without_place(quote: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in quote.items() if name != "postcode"}


def _without_buyer(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return an invoice's content without the buyer; the database lets this pass, and only this, when it is old."""
    return {**content, "buyer": ["–"], "reduced": True}


def _of_order(person: Person) -> Q:
    return Q(order_id__in=person.order_ids)


def _open_orders(person: Person) -> Iterable[str]:
    return Order.objects.filter(pk__in=person.order_ids, state__in=OPEN).values_list("number", flat=True)


HOLDINGS = (
    Holding(
        "shop.Order",
        "orders",
        "What was ordered, at which price, and where it went.",
        {
            "user": erased(None),
            "email": erased(),
            "token": erased(lambda _old, _pk: order_token()),
            "gift_message": erased(),
            "note": erased(),
            "ship_to": reduced(
                lambda old, _pk: _only(WHERE_TAXED, old), at_once=lambda old, _pk: _only(ON_INVOICES, old)
            ),
            "quote": reduced(lambda old, _pk: _without_place(old)),
        },
        of=lambda person: Q(pk__in=person.order_ids),
        order="pk",
        hidden={"token": "It is the key of the order's page, which the letters carry."},
    ),
    Holding(
        "shop.OrderLine",
        "order_lines",
        "The articles of the orders.",
        {"name": kept("Of an article."), "royalty_terms": kept("Terms with the museum.")},
        of=_of_order,
        hidden={"royalty_terms": "A contract of others."},
    ),
    Holding(
        "shop.OrderEvent",
        "order_events",
        "What happened to the orders, and when.",
        {"actor": kept(STAFF)},
        of=_of_order,
        hidden={"actor": "May be the name of a member of staff."},
    ),
    Holding(
        "shop.Invoice",
        "invoices",
        "Invoices and credit notes.",
        {"content": reduced(lambda old, _pk: _without_buyer(old))},
        of=_of_order,
        order="order",
    ),
    Holding(
        "shop.Shipment",
        "parcels",
        "Parcels of the orders.",
        {"tracking_number": reduced(), "tracking_url": reduced()},
        of=_of_order,
        order="order",
    ),
    Holding(
        "shop.ShipmentEvent",
        "parcel_events",
        "What happened to the parcels.",
        {"actor": kept(STAFF)},
        of=lambda person: Q(shipment__order_id__in=person.order_ids),
        hidden={"actor": "The name of a member of staff or of a part of the program."},
    ),
    Holding(
        "shop.LineCancellation",
        "cancelled_units",
        "Units that did not leave.",
        {"actor": kept(STAFF)},
        of=lambda person: Q(order_line__order_id__in=person.order_ids),
        hidden={"actor": "The name of a member of staff or of a part of the program."},
    ),
    Holding(
        "inventory.Hold",
        "stock_claims",
        "Claims of the orders on stock, by a digest of the address.",
        {"holder": erased("erased")},
        of=lambda person: Q(pk__in=Order.objects.filter(pk__in=person.order_ids).exclude(hold=None).values("hold_id")),
        hidden={"holder": "A digest of the address."},
    ),
)
OBSTACLES = (Obstacle("order", _open_orders),)
