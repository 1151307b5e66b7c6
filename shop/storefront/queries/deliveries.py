"""Delivery methods in words: price, days or dates, or why a method does not take the goods."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.dates import format_interval
from django.utils import timezone

from shop.catalogue.models import Variant
from shop.crossborder.delivery.goods import NOWHERE, Origin
from shop.crossborder.delivery.methods import DeliveryOption, RefusedOption
from shop.crossborder.delivery.queries import goods_of, options
from shop.crossborder.models import Market
from shop.crossborder.money import LOCALES, display
from shop.storefront import markets

WEEKDAY_AND_DAY = "MMMEd"  # CLDR skeleton: abbreviated month and weekday, day


@dataclass(frozen=True)
class Delivery:
    """A delivery method as a page shows it; ``refused`` says why it cannot be chosen, and then it has no price."""

    code: str
    name: str
    price: str = ""
    free_above: str = ""
    days_from: int = 0
    days_to: int = 0
    dates: str = ""
    refused: str = ""


def dates_text(earliest: date, latest: date, language: str) -> str:
    """Return the days of delivery as the language writes them, e.g. ``Wed 2 Dec – Fri 4 Dec``."""
    return format_interval(earliest, latest, skeleton=WEEKDAY_AND_DAY, locale=LOCALES.get(language, "en_GB"))


def written(option: DeliveryOption | RefusedOption, language: str) -> Delivery:
    """Write a method out in the language."""
    if isinstance(option, RefusedOption):
        return Delivery(code=option.code, name=option.name, refused=" ".join(option.texts))
    mark = option.free_above
    return Delivery(
        code=option.code,
        name=option.name,
        price=display(option.amount, option.currency, language) if option.amount else "",
        free_above=display(mark, option.currency, language) if mark else "",
        days_from=option.days_from,
        days_to=option.days_to,
        dates=dates_text(option.earliest, option.latest, language),
    )


def of_variant(market: Market, language: str, *, variant: Variant) -> list[Delivery]:
    """Return how one unit of a variant travels to the market's first country. Two statements.

    The price is shown as it is for goods of no value: from where on it is free is said beside it.
    """
    found = options(
        market=market,
        country=market.countries[0],
        lines=[goods_of(variant, 1)],
        warehouses_by_line={variant.sku: _origin(market)},
        goods_amount=Decimal(0),
        now=timezone.now(),
        language=language,
    )
    return [written(one, language) for one in found]


def _origin(market: Market) -> Origin:
    """Return where the market's preferred warehouse is; markets are remembered for a few seconds."""
    return next(iter(markets.origins(market)), NOWHERE)
