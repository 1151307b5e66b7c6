"""Where the demo's warehouses take goods back. The addresses are invented."""

from inventory.stock.models import Warehouse
from shop.returns.models import ReturnAddress

ADDRESSES = {
    "LON": {
        "name": "Aldermere Trading, Returns",
        "line1": "Unit 4, 18 Bedford Yard",
        "city": "London",
        "postcode": "WC1B 3DE",
        "phone": "+44 20 7946 0812",
    },
    "LIL": {
        "name": "Aldermere Boutique, Retours",
        "line1": "12 rue des Ateliers",
        "city": "Lille",
        "postcode": "59000",
        "phone": "+33 3 20 00 00 12",
    },
    "NGB": {
        "name": "Aldermere 退货组",
        "line1": "保税东路 168 号 3 号库",
        "district": "北仑区",
        "city": "宁波市",
        "region": "浙江省",
        "postcode": "315800",
        "phone": "0574 8600 0012",
    },
}


def seed() -> None:
    """Write the addresses that are missing; what a person has written stays."""
    for warehouse in Warehouse.objects.filter(code__in=ADDRESSES):
        ReturnAddress.objects.get_or_create(warehouse=warehouse, defaults=ADDRESSES[warehouse.code])
