"""The demo's rates of exchange: a table of today, so that a demo is never out of date."""

from decimal import Decimal

from django.utils import timezone

from shop.crossborder.exchange import actions
from shop.crossborder.exchange.ecb import Table
from shop.crossborder.models import ExchangeRate

ACTOR = "seed"
SOURCE = "Demonstration rates, not the market's"
# Units for one euro.
RATES = {
    "GBP": "0.88",
    "USD": "1.10",
    "CNY": "7.80",
    "JPY": "165",
    "KRW": "1540",
    "AUD": "1.70",
    "CHF": "0.94",
    "CAD": "1.50",
    "NOK": "11.8",
    "SGD": "1.45",
    "NZD": "1.90",
    "HKD": "8.6",
    "RON": "5.0",
    "SEK": "11.2",
    "DKK": "7.46",
    "PLN": "4.3",
    "CZK": "25",
    "HUF": "400",
}


def seed() -> None:
    """Add today's table, unless today has imported rates: those of a bank are better."""
    today, kind = timezone.localdate(), ExchangeRate.Kind.REFERENCE
    if ExchangeRate.objects.filter(kind=kind, on=today, origin=ExchangeRate.Origin.IMPORTED).exists():
        return
    table = Table(today, {code: Decimal(rate) for code, rate in RATES.items()})
    actions.import_tables(tables=[table], kind=kind, source=SOURCE, actor=ACTOR)
