"""Sold and delivered orders for the tests of returns, with a warehouse that takes them back."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from inventory.models import Balance
from shop.models import LegalPage, Order, OrderLine, ReturnAddress, ReturnRequest, Variant
from shop.orders import actions as orders
from shop.payments import actions as payments
from shop.returns import actions
from shop.returns.models import ReturnKind
from tests import factories as make
from tests.shop.orders import sold

ADDRESSES = {
    "LON": ("Returns, Unit 4", "4 Bedford Yard", "London", "WC1B 3DE"),
    "LIL": ("Retours", "2 rue A", "Lille", "59000"),
}


def return_addresses() -> None:
    for code, (name, line1, city, postcode) in ADDRESSES.items():
        ReturnAddress.objects.get_or_create(
            warehouse=make.warehouse(code, {"LON": "GB", "LIL": "FR"}[code]),
            defaults={"name": name, "line1": line1, "city": city, "postcode": postcode},
        )


def told(code: str = "gb", language: str = "en") -> None:
    """The market has its page on withdrawal."""
    LegalPage.objects.get_or_create(
        market=make.market(code), kind="withdrawal", language=language, version=1,
        defaults={"valid_from": "2020-01-01", "title": "Withdrawal", "body": "Fourteen days."},
    )  # fmt: skip


def mugs(sku: str = "MUG-1", units: int = 10) -> Variant:
    return make.variant(sku, stock_at={"LON": units})


TILL: list[Any] = []  # where orders are paid; without one they are marked paid


def paid(*lines: tuple[Variant, int], market: str = "gb", **facts) -> Order:
    """A paid order; ``shipping`` is part of what was paid, 10 a unit."""
    units = sum(quantity for _variant, quantity in lines)
    shipping = facts.pop("shipping", Decimal(0))
    told(market)
    facts = {"market": make.market(market), "shipping": shipping, "total": Decimal(10) * units + shipping} | facts
    if not TILL:
        return sold.paid(*lines, **facts)
    order = sold.placed(*lines, **facts)
    payment = payments.open_session(payment=payments.prepare(order=order))
    TILL[0].press(payment.url, "card")
    payments.reconcile(payment_id=payment.id)
    order.refresh_from_db()
    return order


def shipped(*lines: tuple[Variant, int], warehouse: str = "LON", **facts) -> Order:
    order = paid(*lines, **facts)
    sold.ship(sold.pack(order, warehouse))
    order.refresh_from_db()
    return order


def deliver(order: Order, at: datetime | None = None) -> Order:
    at = at or timezone.now()
    # It left two days before, and was ordered three before.
    order.shipments.update(shipped_at=at - timedelta(days=2))
    Order.objects.filter(pk=order.pk).update(placed_at=at - timedelta(days=3))
    for parcel in order.shipments.filter(state="shipped"):
        orders.mark_delivered(shipment_id=parcel.pk, delivered_at=at, **sold.BY)
    order.refresh_from_db()
    return order


def delivered(*lines: tuple[Variant, int], ago: timedelta = timedelta(days=2), **facts) -> Order:
    """An order whose last parcel came a while ago."""
    return deliver(shipped(*lines, **facts), timezone.now() - ago)


def line(order: Order, sku: str = "") -> OrderLine:
    return order.lines.get(sku=sku) if sku else order.lines.order_by("position")[0]


def ask(order: Order, units: int = 1, *, kind: str = "return", key: str = "ask", **facts) -> ReturnRequest:
    return actions.open_return(
        order_id=order.pk,
        kind=ReturnKind(kind),
        lines={line(order).pk: actions.Wanted(units)},
        cause_key=f"{key}:{order.number}",
        actor="shopper",
        **facts,
    )


def counters(variant: Variant, code: str = "LON") -> tuple[int, int, int]:
    """On hand, quarantined, damaged."""
    found = Balance.objects.get(item=variant.item, warehouse__code=code)
    return found.on_hand, found.quarantined, found.damaged


def come(request: ReturnRequest, units: int, *, key: str = "parcel", code: str = "LON") -> ReturnRequest:
    return actions.receive(
        request_id=request.pk,
        units={request.lines.get().order_line_id: units},
        warehouse=make.warehouse(code),
        cause_key=key,
        actor="bench",
    )


def inspected(request: ReturnRequest, finding: actions.Finding | None = None, **facts) -> ReturnRequest:
    row = request.lines.get()
    finding = finding or actions.Finding(resaleable=row.received, accepted=row.received)
    return actions.inspect(request_id=request.pk, findings={row.order_line_id: finding}, actor="bench", **facts)
