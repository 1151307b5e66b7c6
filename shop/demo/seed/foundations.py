"""Where the demo museum sells: warehouses, markets, delivery options and the dated tax rows with their sources."""

from datetime import date
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange

from inventory.stock.models import Warehouse
from shop.crossborder.models import Market, MarketWarehouse, ShippingOption

# code, name, country, kind, countries it may ship to (none: all)
WAREHOUSES: list[tuple[str, str, str, str, list[str]]] = [
    ("LON", "London", "GB", Warehouse.Kind.OWN, []),
    ("LIL", "Lille", "FR", Warehouse.Kind.THIRD_PARTY, []),
    ("NGB", "宁波保税仓 Ningbo bonded", "CN", Warehouse.Kind.BONDED, ["CN"]),
]

# code, currency, countries, languages, prices include tax, warehouses in order
MARKETS: list[tuple[str, str, list[str], list[str], bool, list[str]]] = [
    ("gb", "GBP", ["GB"], ["en", "fr", "zh-hans", "ja"], True, ["LON"]),
    ("fr", "EUR", ["FR"], ["fr", "en", "zh-hans", "ja"], True, ["LIL"]),
    ("cn", "CNY", ["CN"], ["zh-hans", "en"], True, ["NGB", "LON"]),
    ("jp", "JPY", ["JP"], ["ja", "en", "zh-hans"], False, ["LON"]),
]

STANDARD = {"en": "Standard", "fr": "Standard", "zh-hans": "标准配送", "ja": "通常配送"}
EXPRESS = {"en": "Express", "fr": "Express", "zh-hans": "特快配送", "ja": "お急ぎ便"}
# market, code, names, amount, free above, working days
SHIPPING: list[tuple[str, str, dict[str, str], str, str | None, tuple[int, int]]] = [
    ("gb", "standard", STANDARD, "4.95", "60", (2, 4)),
    ("gb", "express", EXPRESS, "9.95", None, (1, 2)),
    ("fr", "standard", STANDARD, "5.90", "80", (3, 5)),
    ("fr", "express", EXPRESS, "12.90", None, (1, 2)),
    ("cn", "standard", STANDARD, "25", "399", (3, 6)),
    ("cn", "express", EXPRESS, "58", None, (2, 3)),
    ("jp", "standard", STANDARD, "1800", "15000", (7, 12)),
    ("jp", "express", EXPRESS, "3600", None, (3, 5)),
]

EVER = DateRange(date(2016, 1, 1), None)


def seed() -> None:
    """Write the rows that are missing; rows that a merchandiser has changed stay as they are."""
    warehouses = {
        code: Warehouse.objects.get_or_create(
            code=code, defaults={"name": name, "country": country, "kind": kind, "serves": serves}
        )[0]
        for code, name, country, kind, serves in WAREHOUSES
    }
    for position, (code, currency, countries, languages, included, places) in enumerate(MARKETS):
        market, created = Market.objects.get_or_create(
            code=code,
            defaults={
                "currency": currency,
                "countries": countries,
                "languages": languages,
                "prices_include_tax": included,
                "position": position,
            },
        )
        if created:
            for rank, place in enumerate(places):
                MarketWarehouse.objects.create(market=market, warehouse=warehouses[place], rank=rank)
    markets = Market.objects.in_bulk(field_name="code")
    for position, (market_code, code, names, amount, free_above, days) in enumerate(SHIPPING):
        ShippingOption.objects.get_or_create(
            market=markets[market_code],
            code=code,
            defaults={
                "names": names,
                "amount": Decimal(amount),
                "free_above": Decimal(free_above) if free_above else None,
                "days_from": days[0],
                "days_to": days[1],
                "position": position,
            },
        )
