"""Orders that cross a border, placed through the product's own actions."""

from django.utils import timezone

from shop.checkout import actions as checkout
from shop.models import Basket, Order, Variant
from shop.orders import actions as orders
from tests import factories as make

SELLER = {
    "name": "Aldermere Trading Ltd",
    "lines": ["4 Bedford Yard"],
    "city": "London",
    "postcode": "WC1B 3DE",
    "country": "GB",
    "phone": "+44 20 7946 0812",
    "email": "export@aldermere.example",
    "eori": "GB123456789000",
    "ioss": "IM0400000000",
}
TOKYO = {
    "name": "山田 花子",
    "line1": "神南 1-2-3",
    "city": "渋谷区",
    "region": "東京都",
    "postcode": "150-0041",
    "country": "JP",
    "phone": "+81 3 1234 5678",
}
HANGZHOU = {
    "name": "王小明",
    "line1": "文三路 90 号",
    "city": "杭州市",
    "postcode": "310012",
    "country": "CN",
    "phone": "+86 571 8765 4321",
}


def mug(sku: str = "MUG-1", *, described: bool = True, **fields) -> Variant:
    """A variant with the facts that customs ask for."""
    prices = {"gb": "18.00", "jp": "3400", "cn": "168.00"}
    made = make.variant(sku, **({"prices": prices} | fields))
    if described:
        made.customs_description = "Stoneware mug, printed decoration"
        made.customs_description_zh = "炻器杯, 印花"
        made.manufacturer_product_id = f"MK-{sku}"
        made.save()
    return made


def paid(basket: Basket, ship_to: dict, *, key: str = "k") -> Order:
    order = checkout.place_order(
        basket=basket,
        email="buyer@example.org",
        ship_to=ship_to,
        shipping_option="standard",
        cause_key=key,
        identity=make.identity() if ship_to["country"] == "CN" else None,
    ).order
    return orders.mark_paid(order_id=order.id, actor="test", cause="test", paid_at=timezone.now())
