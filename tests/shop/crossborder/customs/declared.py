"""Declarations to test with: a sale of a London museum shop to Hangzhou, that nothing is wrong with."""

from datetime import date
from decimal import Decimal
from typing import Any

from shop.crossborder.customs import s10
from shop.crossborder.customs.declaration import Declaration, DeclaredLine, FxUsed, Party, References

SELLER = Party(
    name="Aldermere Trading Ltd",
    lines=("4 Bedford Yard",),
    city="London",
    postcode="WC1B 3DE",
    country="GB",
    phone="+44 20 7946 0812",
    email="export@aldermere.example",
    references=References(eori="GB123456789000", vat="GB123456789", ioss="IM0400000000"),
)
BUYER = Party(
    name="王小明",
    lines=("文三路 90 号 3 幢 501 室",),
    city="杭州市",
    region="浙江省",
    postcode="310012",
    country="CN",
    phone="+86 571 8765 4321",
    email="wang@example.com",
    latin=("Wang Xiaoming", "Room 501, Building 3, 90 Wensan Road", "310012 Hangzhou, Zhejiang", "CHINA"),
    references=References(cn_id_masked="3301**********1234"),
)


def line(**fields: Any) -> DeclaredLine:
    facts: dict[str, Any] = {
        "sku": "LON-MUG-0001",
        "description": "Porcelain mug, printed decoration",
        "description_local": "瓷杯, 印花",
        "quantity": 2,
        "unit_value": Decimal("15.00"),
        "currency": "GBP",
        "net_weight_g": 760,
        "hs_code": "691110",
        "origin": "CN",
        "merchant_product_id": "LON-MUG-0001",
        "manufacturer_product_id": "YJ-7781",
        "composition": "Jingdezhen porcelain",
    } | fields
    facts.setdefault("value", facts["unit_value"] * facts["quantity"])
    return DeclaredLine(**facts)


def replica(**fields: Any) -> DeclaredLine:
    return line(
        **{
            "sku": "LON-RPL-0001-S",
            "description": "Statuette of a cat, cast resin",
            "description_local": "树脂猫摆件",
            "quantity": 1,
            "unit_value": Decimal("26.67"),
            "net_weight_g": 480,
            "hs_code": "392640",
            "origin": "JP",
            "merchant_product_id": "LON-RPL-0001-S",
            "manufacturer_product_id": "KNY-0001",
            "composition": "Cast resin, bronze patina",
            "reproduction_year": 2026,
        }
        | fields
    )


def declaration(**fields: Any) -> Declaration:
    return Declaration(
        **{
            "number": "VT-2026-000042",
            "on": date(2026, 11, 20),
            "sender": SELLER,
            "addressee": BUYER,
            "incoterm": "DDP",
            "incoterm_place": "Hangzhou",
            "currency": "GBP",
            "lines": (line(), replica()),
            "gross_weight_g": 1500,
            "invoice_number": "VT-2026-000042",
            "freight": Decimal("9.50"),
            "insurance": Decimal("1.20"),
            "taxes_collected": Decimal("5.16"),
            "fx": FxUsed("GBP", "CNY", Decimal("9.2841"), date(2026, 11, 19), "European Central Bank"),
            "origin_statement": "The country of origin of each article is stated in its line.",
            "route": "Post, air",
            "item_id": s10.build(service="LX", serial=47312482, country="GB"),
            "comments": "Porcelain for table use; replica not for table use.",
        }
        | fields
    )
