"""How the demo's goods travel: zones of each market, carriers' limits, and tariffs by weight from each warehouse.

Amounts are the demo's own, in the currency of the market; the zones follow how carriers divide each country. The first
band of a method that is already there keeps the method's price.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from shop.catalogue.goods import GoodsFlag
from shop.crossborder.models import FuelSurcharge, Market, ShippingOption, Tariff, Zone
from shop.demo.seed.delivery_tables import EXPRESS, MARKETS, STANDARD, Prices

SINCE = DateRange(date(2026, 1, 1), None)
STEP_G = 1000
AIR_REFUSES = [GoodsFlag.AEROSOL, GoodsFlag.FLAMMABLE, GoodsFlag.LIQUID, GoodsFlag.BATTERY, GoodsFlag.MAGNET]
POST_REFUSES = [GoodsFlag.AEROSOL, GoodsFlag.FLAMMABLE]
FUEL_SOURCE = "Demo carrier's monthly notice"


@dataclass(frozen=True)
class Kind:
    """What a kind of method carries, wherever it goes."""

    names: dict[str, str]
    max_weight_g: int
    max_side_cm: int
    max_girth_cm: int
    divisor: int
    refuses: list[GoodsFlag]
    cut_off: int


KINDS = {
    "standard": Kind(STANDARD, 20_000, 120, 300, 0, POST_REFUSES, 12),
    "express": Kind(EXPRESS, 30_000, 120, 300, 5000, AIR_REFUSES, 15),
}


def seed() -> None:
    """Give each market of the tables its zones, methods and tariffs; a market that has zones stays as it is."""
    for market in Market.objects.filter(code__in=MARKETS, zones=None):
        _market(market)


@transaction.atomic
def _market(market: Market) -> None:
    facts = MARKETS[market.code]
    zones = {}
    for region in facts.regions:
        countries = [one for one in region.countries or market.countries if one in market.countries]
        if countries:
            zones[region.key] = Zone.objects.create(
                market=market,
                name=region.name,
                countries=countries,
                postcodes=list(region.postcodes),
                extra_days=region.extra_days,
                valid=SINCE,
            )
    for position, (code, prices) in enumerate(facts.methods.items()):
        kind = KINDS[code]
        method, _made = ShippingOption.objects.get_or_create(
            market=market,
            code=code,
            defaults={
                "names": kind.names,
                "days_from": prices.days[0],
                "days_to": prices.days[1],
                "position": position,
            },
        )
        _tariffs(method, kind, prices, zones)


def _tariffs(method: ShippingOption, kind: Kind, prices: Prices, zones: dict[str, Zone]) -> None:
    """Price a method by weight; what it cost flat is what its lightest parcels cost."""
    flat, mark = method.amount, method.free_above
    for (region, origin), bands in prices.bands.items():
        if region not in zones:
            continue
        for number, (up_to, amount) in enumerate(bands):
            last = number == len(bands) - 1
            home = region == next(iter(prices.bands))[0]
            Tariff.objects.create(
                method=method,
                zone=zones[region],
                origin=origin,
                up_to_grams=up_to,
                amount=flat if number == 0 and home and flat is not None else Decimal(amount),
                step_grams=STEP_G if last else None,
                step_amount=Decimal(prices.step) if last else None,
                free_above=(mark if flat is not None else _decimal(prices.free_above)) if number == 0 else None,
                valid=SINCE,
            )
    if prices.fuel:
        FuelSurcharge.objects.create(method=method, rate=Decimal(prices.fuel), valid=SINCE, source=FUEL_SOURCE)
    method.amount = method.free_above = None
    method.carrier, method.tracked, method.cut_off = prices.carrier, True, kind.cut_off
    method.max_weight_g, method.max_side_cm, method.max_girth_cm = (
        kind.max_weight_g,
        kind.max_side_cm,
        kind.max_girth_cm,
    )
    method.volumetric_divisor, method.refuses = kind.divisor, list(kind.refuses)
    method.save()


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
