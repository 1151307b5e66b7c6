"""What each message says: element → text. Times are Beijing's; amounts have two decimals."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from shop.crossborder.china.codes import YUAN
from shop.crossborder.china.documents import (
    Identity,
    Item,
    LogisticsDocument,
    OrderDocument,
    PaymentDocument,
    Stamp,
    Transfer,
)

BEIJING = timezone(timedelta(hours=8), "UTC+8")
DECLARED = "2"  # appStatus: declared, as opposed to kept as a draft
IMPORT = "I"
RESIDENT_CARD = "1"
CENT = Decimal("0.01")

Elements = Mapping[str, str]


def moment(at: datetime) -> str:
    """Return YYYYMMDDhhmmss in Beijing."""
    return at.astimezone(BEIJING).strftime("%Y%m%d%H%M%S")


def amount(value: Decimal) -> str:
    """Return an amount with two decimals; more than the specification's are kept, for the check to name."""
    cents = value.quantize(CENT)
    return f"{cents if cents == value else value.normalize():f}"


def number(value: Decimal) -> str:
    """Return a number without an exponent and without trailing zeros."""
    return f"{value.normalize():f}"


def _currency(code: str) -> str:
    return YUAN if code == "CNY" else code


def head(stamp: Stamp) -> Elements:
    """Return what every message begins with."""
    return {
        "guid": stamp.guid,
        "appType": str(stamp.app_type),
        "appTime": moment(stamp.at),
        "appStatus": DECLARED,
    }


def transfer(carrier: Transfer) -> Elements:
    """Return who carries the message."""
    return {
        "copCode": carrier.company.code,
        "copName": carrier.company.name,
        "dxpMode": "DXP",
        "dxpId": carrier.dxp_id,
    }


def order(document: OrderDocument, payment: PaymentDocument | None = None) -> Elements:
    """Return the order's head without the buyer's identity; with the payment it names the payment's number."""
    paid_by = (
        {
            "payCode": payment.pay_company.code,
            "payName": payment.pay_company.name,
            "payTransactionId": payment.transaction_id,
        }
        if payment
        else {}
    )
    return {
        "orderType": IMPORT,
        "orderNo": document.order_no,
        "ebpCode": document.platform.code,
        "ebpName": document.platform.name,
        "ebcCode": document.merchant.code,
        "ebcName": document.merchant.name,
        "goodsValue": amount(document.goods),
        "freight": amount(document.freight),
        "discount": amount(document.discount),
        "taxTotal": amount(document.tax),
        "acturalPaid": amount(document.paid),
        "currency": _currency(document.currency),
        "buyerRegNo": document.buyer_account,
        "buyerTelephone": document.buyer_telephone,
        "consignee": document.consignee.name,
        "consigneeTelephone": document.consignee.telephone,
        "consigneeAddress": document.consignee.address,
        **paid_by,
    }


def item(line: Item, *, position: int, currency: str) -> Elements:
    """Return one line of the order; ``position`` counts from 1."""
    return {
        "gnum": str(position),
        "itemNo": line.sku,
        "itemName": line.name,
        "unit": line.unit,
        "qty": str(line.quantity),
        "price": amount(line.price),
        "totalPrice": amount(line.total),
        "currency": _currency(currency),
        "country": line.country,
    }


def payment(document: PaymentDocument) -> Elements:
    """Return the payment's head without the payer's identity."""
    return {
        "payCode": document.pay_company.code,
        "payName": document.pay_company.name,
        "payTransactionId": document.transaction_id,
        "orderNo": document.order_no,
        "ebpCode": document.platform.code,
        "ebpName": document.platform.name,
        "telephone": document.telephone,
        "amountPaid": amount(document.paid),
        "currency": _currency(document.currency),
        "payTime": moment(document.paid_at),
    }


def logistics(document: LogisticsDocument) -> Elements:
    """Return the waybill's head."""
    return {
        "logisticsCode": document.company.code,
        "logisticsName": document.company.name,
        "logisticsNo": document.number,
        "orderNo": document.order_no,
        "freight": amount(document.freight),
        "insuredFee": amount(document.insured_fee),
        "currency": _currency(document.currency),
        "weight": number(document.weight),
        "packNo": str(document.packs),
        "goodsInfo": document.goods_info,
        "consignee": document.consignee.name,
        "consigneeAddress": document.consignee.address,
        "consigneeTelephone": document.consignee.telephone,
    }


def buyer(identity: Identity) -> Elements:
    """Return the person who ordered."""
    return {"buyerName": identity.name, "buyerIdType": RESIDENT_CARD, "buyerIdNumber": identity.number}


def payer(identity: Identity) -> Elements:
    """Return the person who paid."""
    return {"payerName": identity.name, "payerIdType": RESIDENT_CARD, "payerIdNumber": identity.number}
