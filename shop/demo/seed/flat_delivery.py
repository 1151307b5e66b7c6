"""What delivery costs in the demo's first markets for a light parcel; the tariffs by weight begin with it."""

from decimal import Decimal

from shop.crossborder.models import Market, ShippingOption

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


def seed() -> None:
    """Write the methods that are missing; what a merchandiser has changed stays as it is."""
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
