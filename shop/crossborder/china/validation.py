"""What customs would refuse, found before anything is sent; each fault names its field.

Sources: message specification (formats); announcement GAC 2018 No. 194 (order, payment and waybill agree, payer and
orderer are one person); Circular Cai Guan Shui [2018] 49 (limits).
"""

import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from shop.crossborder.china import codes, elements
from shop.crossborder.china.codes import Field
from shop.crossborder.china.documents import (
    Fault,
    FilingRequest,
    Identity,
    LogisticsDocument,
    OrderDocument,
    PaymentDocument,
)
from shop.crossborder.china.elements import BEIJING, Elements
from shop.crossborder.identities.numbers import BadNumber, NumberKind, check

# Put in only when the message is made: who sends it and when, and the identity card.
LATE = {
    "guid", "appType", "appTime", "appStatus", "buyerName", "buyerIdType", "buyerIdNumber",
    "payerName", "payerIdType", "payerIdNumber",
}  # fmt: skip


def request_faults(request: FilingRequest) -> list[Fault]:
    """Return everything that is wrong with what is to be filed; empty: it may be."""
    order, payment, logistics = request.order, request.payment, request.logistics
    faults = [
        *_block("OrderHead", elements.order(order, payment), "/order"),
        *_items(order),
        *_block("PaymentHead", elements.payment(payment), "/payment"),
        *_arithmetic(order),
        *_limits(request),
        *_same_sale(order, payment),
    ]
    if logistics:
        faults += [
            *_block("LogisticsHead", elements.logistics(logistics), "/logistics"),
            *_same_parcel(order, logistics),
        ]
    if not request.source or len(request.source) > 120:
        faults.append(Fault("/source", "format", "The source must have 1 to 120 characters."))
    if request.payer_ref and request.identity_ref and request.payer_ref != request.identity_ref:
        faults.append(Fault("/payer_ref", "payer_is_not_buyer", "The payer must be the person who ordered."))
    return faults


def block_faults(block: str, values: Elements, pointer: str) -> list[Fault]:
    """Return the breaches of format in a complete block, as it goes into a message."""
    return list(_block(block, values, pointer, late=True))


def identity_faults(identity: Identity, pointer: str) -> list[Fault]:
    """Return what is wrong with a resident identity: GB 11643-1999 (length, digits, date, place, check character)."""
    faults = []
    if not identity.name.strip():
        faults.append(Fault(f"{pointer}/name", "required", "The name on the identity card is missing."))
    try:
        check(NumberKind.CN_RESIDENT_ID, identity.number)
    except BadNumber:
        faults.append(
            Fault(f"{pointer}/number", "identity_number", "This is not the number of a resident identity card.")
        )
    return faults


def _block(block: str, values: Elements, pointer: str, *, late: bool = False) -> Iterator[Fault]:
    for field in codes.fields(block):
        if field.element in LATE and not late:
            continue
        fault = _format(field, values.get(field.element, ""))
        if fault:
            yield Fault(f"{pointer}/{field.element}", *fault)


def _format(field: Field, text: str) -> tuple[str, str] | None:
    if not text:
        return ("required", "This is missing.") if field.required else None
    if any(unicodedata.category(one) in {"Cc", "Cs", "Cn", "Co"} for one in text):
        return "characters", "Control characters are not allowed."
    if field.numeric:
        return _number(field, text)
    if field.exact and len(text) != field.longest:
        return "length", f"This must have {field.longest} characters."
    if len(text) > field.longest:
        return "length", f"This must have at most {field.longest} characters."
    return None


def _number(field: Field, text: str) -> tuple[str, str] | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return "number", "This must be a number."
    if not value.is_finite() or value < 0:
        return "number", "This must be a number, not below zero."
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > field.decimals:
        return "decimals", f"This must have at most {field.decimals} decimals."
    if value >= Decimal(10) ** (field.longest - field.decimals):
        return "length", "This number is too large."
    return None


def _items(order: OrderDocument) -> Iterator[Fault]:
    if not order.items:
        yield Fault("/order/items", "required", "An order has at least one line.")
    for index, line in enumerate(order.items):
        pointer = f"/order/items/{index}"
        yield from _block("OrderList", elements.item(line, position=index + 1, currency=order.currency), pointer)
        if line.quantity < 1:
            yield Fault(f"{pointer}/qty", "number", "The quantity must be at least 1.")
        if line.unit and line.unit not in codes.units():
            yield Fault(f"{pointer}/unit", "code", "This is not a code of a unit of measure that is known here.")
        if line.country and line.country not in codes.countries().values():
            yield Fault(f"{pointer}/country", "code", "This is not a code of a country that is known here.")


def _arithmetic(order: OrderDocument) -> Iterator[Fault]:
    if order.currency != "CNY":
        yield Fault("/order/currency", "currency", "The currency must be CNY.")
    amounts = {
        "goodsValue": order.goods,
        "freight": order.freight,
        "discount": order.discount,
        "taxTotal": order.tax,
        "acturalPaid": order.paid,
    }
    for element, value in amounts.items():
        if value != value.quantize(elements.CENT):
            yield Fault(f"/order/{element}", "cents", "An amount of money ends at the cent.")
    if order.goods + order.freight + order.tax - order.discount != order.paid:
        yield Fault("/order/acturalPaid", "sum", "Goods + freight + tax - discount is not the amount paid.")
    if sum((line.total for line in order.items), Decimal(0)) != order.goods:
        yield Fault("/order/goodsValue", "sum", "The lines do not add up to the value of the goods.")
    if order.paid <= 0:
        yield Fault("/order/acturalPaid", "number", "The amount paid must be above zero.")


def _limits(request: FilingRequest) -> Iterator[Fault]:
    on: date = request.payment.paid_at.astimezone(BEIJING).date()
    limit = codes.limit("transaction", on=on)
    single = sum(line.quantity for line in request.order.items) == 1
    # One thing that cannot be divided may cost more, at the full tax.
    if limit and not single and request.order.paid > limit.amount:
        yield Fault(
            "/order/acturalPaid",
            "transaction_limit",
            f"One transaction may cost at most {limit.amount} {limit.currency}.",
        )


def _same_sale(order: OrderDocument, payment: PaymentDocument) -> Iterator[Fault]:
    if payment.currency != "CNY":
        yield Fault("/payment/currency", "currency", "The currency must be CNY.")
    if payment.paid != order.paid:
        yield Fault("/payment/amountPaid", "mismatch", "The payment's amount is not the order's.")
    if payment.order_no != order.order_no:
        yield Fault("/payment/orderNo", "mismatch", "The payment names another order.")
    if payment.platform != order.platform:
        yield Fault("/payment/ebpCode", "mismatch", "The payment names another platform.")


def _same_parcel(order: OrderDocument, logistics: LogisticsDocument) -> Iterator[Fault]:
    if logistics.currency != "CNY":
        yield Fault("/logistics/currency", "currency", "The currency must be CNY.")
    if logistics.order_no != order.order_no:
        yield Fault("/logistics/orderNo", "mismatch", "The waybill names another order.")
    if logistics.consignee != order.consignee:
        yield Fault("/logistics/consignee", "mismatch", "The waybill names another consignee.")
    if logistics.weight <= 0:
        yield Fault("/logistics/weight", "number", "The weight must be above zero.")
    if logistics.packs < 1:
        yield Fault("/logistics/packNo", "number", "There is at least one parcel.")
