"""Documents as JSON and back: what a filing keeps. No identity number is among them. Pure."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from shop.crossborder.china.documents import (
    Company,
    Consignee,
    Item,
    LogisticsDocument,
    OrderDocument,
    PaymentDocument,
)

Data = dict[str, Any]


def _company(company: Company) -> Data:
    return {"code": company.code, "name": company.name}


def _consignee(consignee: Consignee) -> Data:
    return {"name": consignee.name, "telephone": consignee.telephone, "address": consignee.address}


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def from_order(document: OrderDocument) -> Data:
    """Return the order as JSON-ready data, amounts as text."""
    return {
        "order_no": document.order_no,
        "platform": _company(document.platform),
        "merchant": _company(document.merchant),
        "goods": _plain(document.goods),
        "freight": _plain(document.freight),
        "discount": _plain(document.discount),
        "tax": _plain(document.tax),
        "paid": _plain(document.paid),
        "currency": document.currency,
        "buyer_account": document.buyer_account,
        "buyer_telephone": document.buyer_telephone,
        "consignee": _consignee(document.consignee),
        "items": [
            {
                "sku": line.sku,
                "name": line.name,
                "quantity": line.quantity,
                "price": _plain(line.price),
                "unit": line.unit,
                "country": line.country,
            }
            for line in document.items
        ],
    }


def to_order(data: Data) -> OrderDocument:
    """Return the order that :func:`from_order` wrote."""
    return OrderDocument(
        **_amounts(data, "goods", "freight", "discount", "tax", "paid"),
        order_no=data["order_no"],
        platform=Company(**data["platform"]),
        merchant=Company(**data["merchant"]),
        currency=data["currency"],
        buyer_account=data["buyer_account"],
        buyer_telephone=data["buyer_telephone"],
        consignee=Consignee(**data["consignee"]),
        items=tuple(Item(**{**line, "price": Decimal(line["price"])}) for line in data["items"]),
    )


def from_payment(document: PaymentDocument) -> Data:
    """Return the payment as JSON-ready data."""
    return {
        "order_no": document.order_no,
        "platform": _company(document.platform),
        "pay_company": _company(document.pay_company),
        "transaction_id": document.transaction_id,
        "telephone": document.telephone,
        "paid": _plain(document.paid),
        "currency": document.currency,
        "paid_at": document.paid_at.isoformat(),
    }


def to_payment(data: Data) -> PaymentDocument:
    """Return the payment that :func:`from_payment` wrote."""
    return PaymentDocument(
        **_amounts(data, "paid"),
        order_no=data["order_no"],
        platform=Company(**data["platform"]),
        pay_company=Company(**data["pay_company"]),
        transaction_id=data["transaction_id"],
        telephone=data["telephone"],
        currency=data["currency"],
        paid_at=datetime.fromisoformat(data["paid_at"]),
    )


def from_logistics(document: LogisticsDocument) -> Data:
    """Return the waybill as JSON-ready data."""
    return {
        "order_no": document.order_no,
        "company": _company(document.company),
        "number": document.number,
        "freight": _plain(document.freight),
        "insured_fee": _plain(document.insured_fee),
        "currency": document.currency,
        "weight": _plain(document.weight),
        "packs": document.packs,
        "goods_info": document.goods_info,
        "consignee": _consignee(document.consignee),
    }


def to_logistics(data: Data) -> LogisticsDocument:
    """Return the waybill that :func:`from_logistics` wrote."""
    return LogisticsDocument(
        **_amounts(data, "freight", "insured_fee", "weight"),
        order_no=data["order_no"],
        company=Company(**data["company"]),
        number=data["number"],
        currency=data["currency"],
        packs=data["packs"],
        goods_info=data["goods_info"],
        consignee=Consignee(**data["consignee"]),
    )


def _amounts(data: Data, *names: str) -> Any:
    return {name: Decimal(data[name]) for name in names}


def same(first: Data, second: Data) -> bool:
    """Say whether two pieces of JSON say the same."""
    return json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)
