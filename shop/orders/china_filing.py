"""From a paid order for mainland China to what its customs is to know: amounts without tax, in whole cents.

Route: the quote says ``"route": "cbec"``. Identity: ``order.identity`` where there is one, an object with ``name`` and
``number`` (a text, or a method that returns it); orders without wait. Waybill: the tracking number of the order's only
parcel, else ``order.waybill_no`` where there is one, else it is given in the admin.
"""

from collections.abc import Iterable
from decimal import ROUND_FLOOR, Decimal
from typing import Any
from uuid import UUID

import structlog
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from shop.catalogue.models import ProductText
from shop.crossborder.china import actions, codes, connections
from shop.crossborder.china.connections import Register
from shop.crossborder.china.documents import (
    Consignee,
    FilingRequest,
    Identity,
    InvalidFiling,
    Item,
    LogisticsDocument,
    OrderDocument,
    PaymentDocument,
)
from shop.crossborder.identities.actions import IdentityErased, reveal
from shop.crossborder.models import CustomsFiling
from shop.orders.models import Order, OrderLine, OrderState
from shop.orders.shipment_models import Shipment, ShipmentState
from shop.orders.transitions import SENT

log = structlog.get_logger("vitrine.customs")
ROUTE = "cbec"
PIECE = "011"  # unit of measure: article
CENT = Decimal("0.01")
PREFIX = "order:"
ACTOR = "customs filing"  # in the log of who looked at a buyer's number


class NotFilable(Exception):
    """The order cannot be filed; a sentence that says why."""


def source_of(order: Order) -> str:
    """Return the filing's key."""
    return f"{PREFIX}{order.number}"


# --- Identity -------------------------------------------------------------------------------------------------------


def resolve_identity(ref: str) -> Identity | None:
    """Return the person of the order that the reference names, or None when her identity is not kept."""
    try:
        order = Order.objects.select_related("identity").filter(id=UUID(ref.removeprefix(PREFIX))).first()
    except ValueError:
        return None
    if order is None or order.identity is None:
        return None
    try:
        opened = reveal(identity=order.identity, actor=ACTOR, reason=f"Customs filing of order {order.number}")
    except IdentityErased:
        return None
    return Identity(name=opened.name, number=opened.number)


def _identity_ref(order: Order) -> str:
    return f"{PREFIX}{order.id}" if order.identity_id else ""


# --- Documents ------------------------------------------------------------------------------------------------------


def split_evenly(amount: Decimal, quantity: int) -> list[tuple[int, Decimal]]:
    """Return (pieces, price a piece) with whole cents that add up to ``amount`` exactly: one pair, or two.

    Customs multiplies price by quantity itself, and 100.00 for three pieces has no price in cents: two at 33.33 and
    one at 33.34 have.
    """
    price = (amount / quantity).quantize(CENT, rounding=ROUND_FLOOR)
    dearer = int((amount - price * quantity) / CENT)
    pairs = [(quantity - dearer, price), (dearer, price + CENT)]
    return [(pieces, each) for pieces, each in pairs if pieces]


def _items(lines: Iterable[OrderLine], *, tax_included: bool) -> tuple[Item, ...]:
    lines = list(lines)
    names = dict(
        ProductText.objects.filter(
            product__in=[line.variant.product_id for line in lines], language="zh-hans"
        ).values_list("product_id", "name")
    )
    countries = codes.countries()
    return tuple(
        Item(
            sku=line.sku[:30],
            name=names.get(line.variant.product_id, line.name),
            quantity=pieces,
            price=price,
            unit=PIECE,
            country=countries.get(line.variant.origin, ""),
        )
        for line in lines
        for pieces, price in split_evenly(line.amount - (line.tax if tax_included else 0), line.quantity)
    )


def _consignee(address: dict[str, Any]) -> Consignee:
    parts = (address.get(name, "") for name in ("region", "city", "line1", "line2"))
    return Consignee(
        name=address.get("name", ""),
        telephone=address.get("phone", ""),
        address=" ".join(part for part in parts if part),
    )


def request_for(order: Order, register: Register) -> FilingRequest:
    """Return what customs is to know of the order. The amounts are what was paid, after every discount.

    :raises NotFilable: it is not this route's, not paid, or nothing of ours was charged for it.
    """
    if order.quote.get("route") != ROUTE:
        raise NotFilable(f"Order {order.number} does not go by cross-border e-commerce.")
    payment = order.payments.filter(state="succeeded").first()
    if payment is None or order.paid_at is None:
        raise NotFilable(f"No payment of ours was made for order {order.number}.")
    lines = list(order.lines.select_related("variant"))
    items = _items(lines, tax_included=order.tax_included)
    goods_tax = sum((line.tax for line in lines), Decimal(0))
    # Where prices contain the tax it is taken out of the delivery, too: it is declared on its own.
    freight = order.shipping - (order.tax_in_prices - goods_tax) if order.tax_included else order.shipping
    consignee = _consignee(order.ship_to)
    document = OrderDocument(
        order_no=order.number,
        platform=register.platform,
        merchant=register.merchant,
        goods=sum((line.total for line in items), Decimal(0)),
        freight=freight,
        discount=Decimal(0),
        tax=order.tax + order.duty + order.fees,
        paid=payment.amount,
        currency=payment.currency,
        buyer_account=str(order.user_id or order.number),
        buyer_telephone=consignee.telephone,
        consignee=consignee,
        items=items,
    )
    ref = _identity_ref(order)
    return FilingRequest(
        source=source_of(order),
        order=document,
        payment=PaymentDocument(
            order_no=order.number,
            platform=register.platform,
            pay_company=register.pay_company,
            transaction_id=payment.payment_intent,
            telephone=consignee.telephone,
            paid=payment.amount,
            currency=payment.currency,
            paid_at=order.paid_at,
        ),
        logistics=_waybill(order, document, lines, register),
        identity_ref=ref,
        payer_ref=ref,
    )


def weight_of(lines: Iterable[OrderLine]) -> Decimal:
    """Return the shipping weight in kilograms."""
    return Decimal(sum(line.variant.weight_g * line.quantity for line in lines)) / 1000


def _only_parcel(order: Order) -> Shipment | None:
    """Return the parcel that holds the whole order, whose waybill customs files; None: there is none, or several."""
    if any(line.quantity > line.packed + line.cancelled for line in order.lines.all()):
        return None
    parcels = list(order.shipments.exclude(state=ShipmentState.DROPPED)[:2])
    return parcels[0] if len(parcels) == 1 else None


def _waybill(
    order: Order, document: OrderDocument, lines: list[OrderLine], register: Register
) -> LogisticsDocument | None:
    parcel = _only_parcel(order)
    number = (parcel.tracking_number if parcel else "") or getattr(order, "waybill_no", "")
    if not number:
        return None
    return LogisticsDocument(
        order_no=order.number,
        company=register.logistics,
        number=number,
        freight=document.freight,
        insured_fee=Decimal(0),
        currency=document.currency,
        weight=Decimal(parcel.weight_g) / 1000 if parcel and parcel.weight_g else weight_of(lines),
        packs=1,
        goods_info="; ".join(dict.fromkeys(line.name for line in document.items))[:200],
        consignee=document.consignee,
    )


# --- Filing ---------------------------------------------------------------------------------------------------------


def file_order(order: Order, register: Register) -> CustomsFiling:
    """File one order, or note in words why it cannot be. Safe to repeat."""
    try:
        return actions.file(request_for(order, register))
    except (InvalidFiling, NotFilable) as error:
        log.warning("order not filed", order=order.number, error=str(error))
        return actions.hold_back(source=source_of(order), reason=str(error), needs_person=True)


def _with_source(orders: QuerySet[Order]) -> QuerySet[Order]:
    return orders.annotate(filing_source=Concat(Value(PREFIX), F("number"), output_field=CharField()))


def unfiled() -> QuerySet[Order]:
    """Return the paid orders of the route that have no filing, and those whose filing waits; the first come first."""
    filings = CustomsFiling.objects.filter(source=OuterRef("filing_source"))
    waiting = filings.filter(Q(state=CustomsFiling.State.WAITING) | Q(payload={}), withdrawn_at=None)
    return (
        _with_source(Order.objects.filter(state__in=SENT, quote__route=ROUTE))
        .annotate(has_filing=Exists(filings), waits=Exists(waiting))
        .filter(Q(has_filing=False) | Q(waits=True))
        .annotate(looked_at=Subquery(filings.values("checked_at")[:1]))
        .order_by(F("looked_at").asc(nulls_first=True), "paid_at")
    )


def sweep(*, limit: int = 50) -> int:
    """File paid orders that have none, look again at those that wait, withdraw refunded ones; return how many.

    Nothing is done until our numbers in the customs register are set.
    """
    try:
        register = connections.register()
    except connections.NotConfigured as error:
        log.info("customs filings are off", reason=str(error))
        return 0
    count = 0
    for order in unfiled()[:limit]:
        file_order(order, register)
        count += 1
    off = CustomsFiling.objects.filter(source=OuterRef("filing_source"), withdrawn_at=None)
    refunded = _with_source(Order.objects.filter(state=OrderState.REFUNDED, quote__route=ROUTE)).filter(Exists(off))
    for order in refunded[:limit]:
        actions.withdraw(source=source_of(order), reason="The order was refunded.")
        count += 1
    return count
