"""Sold orders for the tests of fulfilment: placed and paid through the product's own verbs."""

from datetime import timedelta
from decimal import Decimal
from itertools import count

from django.utils import timezone

from inventory.models import BundleComponent
from shop.models import Allotment, Order, OrderLine, Shipment, Variant
from shop.orders import actions as orders
from shop.orders.fulfilment.allotting import allotments
from tests import factories as make

SERIAL = count(1)
COUNTRIES = {"LON": "GB", "LIL": "FR"}
BY = {"actor": "picker", "cause": "test"}


def placed(*lines: tuple[Variant, int], at: tuple[str, ...] = ("LON", "LIL"), country: str = "GB", **facts) -> Order:
    """An order that claims its units from the warehouses, the first preferred, at 10 a unit."""
    units = sum(quantity for _variant, quantity in lines)
    goods = Decimal(10) * units
    return orders.place(
        orders.NewOrder(
            **{
                "cause_key": f"sold-{next(SERIAL)}",
                "channel": "web",
                "market": make.market("gb"),
                "language": "en",
                "email": "ada@example.org",
                "ship_to": make.address(country),
                "country": country,
                "currency": "GBP",
                "lines": [
                    orders.NewLine(
                        variant=variant,
                        name=f"Mug {variant.sku}",
                        quantity=quantity,
                        unit_price=Decimal(10),
                        tax=Decimal(0),
                        tax_rate=Decimal(0),
                    )
                    for variant, quantity in lines
                ],
                "goods": goods,
                "shipping": Decimal(0),
                "tax": Decimal(0),
                "tax_included": True,
                "tax_in_prices": Decimal(0),
                "total": goods,
                "quote": {},
                "warehouses": [make.warehouse(code, COUNTRIES[code]).id for code in at],
                "expires_at": timezone.now() + timedelta(minutes=30),
                **facts,
            }
        )
    )


def paid(*lines: tuple[Variant, int], **facts) -> Order:
    order = placed(*lines, **facts)
    return orders.mark_paid(order_id=order.id, actor="test", cause="test")


def bundle(sku: str, parts: dict[str, int]) -> Variant:
    """A variant that is made of others (SKU → units), which lie where they lie."""
    made = make.variant(sku, stock_at={})
    for part, units in parts.items():
        BundleComponent.objects.create(bundle=made.item, component=make.item(part), quantity=units)
    return made


def rows(order: Order) -> dict[tuple[str, str], Allotment]:
    """(SKU of the item, warehouse code) → allotment."""
    return {(row.item.sku, row.warehouse.code): row for row in allotments(order)}


def pack(order: Order, warehouse: str, units: dict[str, int] | None = None, *, key: str = "", **facts) -> Shipment:
    """Pack units (SKU → units, None: all) of the order in a warehouse; weighed, unless told otherwise."""
    known = rows(order)
    return orders.pack(
        order_id=order.id,
        warehouse_id=make.warehouse(warehouse).id,
        units=None if units is None else {known[sku, warehouse].id: number for sku, number in units.items()},
        cause_key=key or f"pack-{next(SERIAL)}",
        **{"weight_g": 500, **BY, **facts},
    )


def ship(parcel: Shipment, **facts) -> Shipment:
    return orders.ship(shipment_id=parcel.id, **BY, **facts)


def state(order: Order) -> str:
    return Order.objects.values_list("state", flat=True).get(id=order.id)


def contents(parcel: Shipment) -> dict[str, int]:
    """SKU of the line → units of it that the parcel counts."""
    return {line.order_line.sku: line.quantity for line in parcel.lines.select_related("order_line")}


def counted(order: Order) -> list[tuple[int, int, int]]:
    """Ordered, packed and cancelled units of each line."""
    return list(OrderLine.objects.filter(order=order).values_list("quantity", "packed", "cancelled"))
