"""A sale that customs should take: facts for tests, and customs' side of the wire."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx

from shop.crossborder.china.documents import (
    Company,
    Consignee,
    FilingRequest,
    Identity,
    Item,
    LogisticsDocument,
    OrderDocument,
    PaymentDocument,
    Transfer,
)
from shop.crossborder.china.http_gateway import HttpGateway

PLATFORM = Company("3301960P01", "博物馆商城")
MERCHANT = Company("3301960M02", "博物馆商店")
PAY = Company("3301960Z03", "支付公司")
CARRIER = Company("3301960L04", "物流公司")
TRANSFER = Transfer(company=MERCHANT, dxp_id="DXPENT0000000001")
REGISTERED = frozenset(one.code for one in (PLATFORM, MERCHANT, PAY, CARRIER))
WANG = Identity("王小明", "11010519491231002X")
LI = Identity("李四", "110105199003071239")
CONSIGNEE = Consignee("王小明", "13800138000", "上海市 浦东新区 世纪大道1号")
PAID_AT = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)


def request(number: str = "VT-2026-000123", *, ref: str = "wang", waybill: bool = True, **order: Any) -> FilingRequest:
    """A mug for 168.00 and a jigsaw for 199.00 with freight 45.00 and tax 37.49: 449.49 in all."""
    document = OrderDocument(
        order_no=number,
        platform=PLATFORM,
        merchant=MERCHANT,
        goods=Decimal("367.00"),
        freight=Decimal("45.00"),
        discount=Decimal(0),
        tax=Decimal("37.49"),
        paid=Decimal("449.49"),
        currency="CNY",
        buyer_account="42",
        buyer_telephone="13800138000",
        consignee=CONSIGNEE,
        items=(
            Item("MUG-1", "马克杯", 1, Decimal("168.00"), "011", "303"),
            Item("PUZ-1", "拼图", 1, Decimal("199.00"), "140", "303"),
        ),
    )
    document = replace(document, **order)
    return FilingRequest(
        source=f"order:{number}",
        order=document,
        payment=PaymentDocument(
            order_no=number,
            platform=PLATFORM,
            pay_company=PAY,
            transaction_id=f"pi_{number}",
            telephone="13800138000",
            paid=document.paid,
            currency="CNY",
            paid_at=PAID_AT,
        ),
        logistics=LogisticsDocument(
            order_no=number,
            company=CARRIER,
            number=f"SF{number}",
            freight=document.freight,
            insured_fee=Decimal(0),
            currency="CNY",
            weight=Decimal("1.2"),
            packs=1,
            goods_info="马克杯; 拼图",
            consignee=document.consignee,
        )
        if waybill
        else None,
        identity_ref=ref,
        payer_ref=ref,
    )


class Clock:
    """Customs' clock, moved by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


class CustomsSide:
    """The simulated customs as a test sees it."""

    def __init__(self, address: str, clock: Clock) -> None:
        self.address = address
        self.clock = clock
        self.door = httpx.Client(base_url=address, timeout=10)
        self.gateway = HttpGateway(url=address)

    def fault(self, **fault: Any) -> None:
        answer = self.door.post("/__control__/faults", json=fault)
        assert answer.status_code == 200, answer.text

    def documents(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.door.get("/__control__/state").json()["documents"]
        return found

    def post(self, body: bytes) -> httpx.Response:
        return self.door.post("/messages", content=body, headers={"Content-Type": "application/xml"})
