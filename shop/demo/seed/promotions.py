"""What the demo's markets charge for wrapping, and three codes to try: 10 % off, an amount off, free delivery."""

from datetime import UTC, date, datetime
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange

from shop.checkout.promotions.models import Promotion, PromotionCode
from shop.checkout.wrapping_models import WrappingPrice
from shop.crossborder.models import Market

SINCE = DateRange(date(2026, 1, 1), None)
START = datetime(2026, 1, 1, tzinfo=UTC)
# In the currency of each market; those that are not named do not wrap.
WRAPPING = {"gb": "4.50", "fr": "5.00", "us": "5.50", "cn": "30", "jp": "600"}
AMOUNTS = {"GBP": "5", "EUR": "5", "USD": "6", "CNY": "40", "JPY": "800"}
MINIMA = {"GBP": "30", "EUR": "35", "USD": "40", "CNY": "300", "JPY": "5000"}


def seed() -> None:
    """Write what is missing; what a merchandiser has changed stays as it is."""
    markets = Market.objects.in_bulk(field_name="code")
    for code, amount in WRAPPING.items():
        market = markets.get(code)
        if market and not WrappingPrice.objects.filter(market=market).exists():
            WrappingPrice.objects.create(market=market, amount=Decimal(amount), valid=SINCE)
    everywhere = list(markets.values())
    _promotion("WELCOME10", "Ten per cent", everywhere, kind="percentage", percent=Decimal(10), stacking="stackable")
    five = _promotion("THANKYOU", "A little thanks", everywhere, kind="amount", limit_per_customer=1)
    for currency, amount in AMOUNTS.items():
        minimum = Decimal(MINIMA[currency])
        five.money.get_or_create(currency=currency, defaults={"amount": Decimal(amount), "minimum": minimum})
    _promotion("SHIPFREE", "Delivery on us", everywhere, kind="free_delivery", stacking="stackable", limit=500)


def _promotion(code: str, name: str, markets: list[Market], **fields: object) -> Promotion:
    standing = PromotionCode.objects.filter(code=code).select_related("promotion").first()
    if standing:
        return standing.promotion
    made = Promotion.objects.create(name=name, starts_at=START, **fields)
    made.markets.set(markets)
    made.codes.create(code=code)
    return made
