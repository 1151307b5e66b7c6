"""How the demo's markets price: a policy each, derived prices where the content names none, and one reduction."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from shop.crossborder.models import Market, Price, PriceList, PriceOrigin, PricePolicy
from shop.crossborder.models.price_policies import RoundingChoice
from shop.crossborder.pricing import actions
from shop.crossborder.pricing.actions.suggesting import computed
from shop.crossborder.pricing.rates import latest
from shop.demo.seed.catalogue import ON_SALE

ACTOR = "seed"
BASE_MARKET = "gb"


@dataclass(frozen=True)
class Points:
    """Price points and margin factor of a currency."""

    step: str
    endings: tuple[str, ...]
    margin: str = "1.05"
    rounding: str = RoundingChoice.NEAREST


# Each currency's customary endings.
POINTS = {
    "GBP": Points("1", ("0", "0.50", "0.95"), "1"),
    "EUR": Points("1", ("0", "0.50", "0.90")),
    "USD": Points("1", ("0", "0.95")),
    "CNY": Points("10", ("0", "5", "8", "9")),
    "JPY": Points("100", ("0",)),
    "KRW": Points("1000", ("0",), rounding=RoundingChoice.UP),
    "AUD": Points("1", ("0", "0.95")),
    "CHF": Points("1", ("0", "0.50", "0.90")),
    "CAD": Points("1", ("0", "0.95")),
    "NOK": Points("10", ("0", "5", "9")),
    "SGD": Points("1", ("0", "0.90")),
    "NZD": Points("1", ("0", "0.95")),
    "HKD": Points("10", ("0", "5", "8")),
}
PRIOR_PRICE = (30, date(2022, 5, 28), "Directive 98/6/EC, article 6a, by Directive (EU) 2019/2161; CJEU C-330/23")
# The member states of the European Union, where article 6a is national law.
UNION = {
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
}  # fmt: skip
SALE = ("fr", "Offre de fin d’automne", Decimal(20), 2, timedelta(days=28))  # market, name, per cent, products, days


def seed() -> None:
    """Write policies, derived prices and the reduction that are not there yet. Today's rates are seeded before."""
    _policies()
    for policy in PricePolicy.objects.select_related("market", "base_market").order_by("market__position", "market"):
        if policy.base_market:
            _derive(policy.market)
    _reduction()


def _policies() -> None:
    """Write a policy for each market whose currency has price points.

    Further markets of a currency take over the prices of its first one.
    """
    markets = list(Market.objects.all())
    first = {market.currency: market for market in reversed(markets)}
    base = next((market for market in markets if market.code == BASE_MARKET), None)
    for market in markets:
        points = POINTS.get(market.currency)
        if points is None or base is None:
            continue
        leader = first[market.currency]
        other = leader if leader != market else base if base != market else None
        days, since, source = PRIOR_PRICE if UNION & set(market.countries) else (None, None, "")
        PricePolicy.objects.get_or_create(
            market=market,
            defaults={
                "base_market": other,
                "margin": Decimal(1) if other and other.currency == market.currency else Decimal(points.margin),
                "step": Decimal(points.step),
                "endings": [Decimal(ending) for ending in points.endings],
                "rounding": points.rounding,
                "prior_price_days": days,
                "prior_price_since": since,
                "prior_price_source": source,
            },
        )


def _derive(market: Market) -> None:
    """Give each variant that never had a price in the market one derived from the base, and keep it."""
    priced = set(Price.objects.filter(market=market).values_list("variant_id", flat=True))
    today = timezone.localdate()
    found = computed(market=market, rates=latest(today), on=today)
    amounts = {one.variant_id: one.amount for one in found if one.variant_id not in priced}
    if amounts:
        actions.introduce_prices(market=market, amounts=amounts, since=ON_SALE, actor=ACTOR, origin=PriceOrigin.DERIVED)


def _reduction() -> None:
    """Start the demo's reduction today, once."""
    code, name, percent, products, length = SALE
    market, today = Market.objects.filter(code=code).first(), timezone.localdate()
    if market is None or PriceList.objects.filter(market=market, name=name).exists():
        return
    priced = Price.objects.filter(market=market, variant__product__published=True, valid__contains=today)
    rows = priced.order_by("variant__product__sort_order", "variant__position").values_list(
        "variant__product_id", "variant_id"
    )
    chosen = list(dict.fromkeys(product_id for product_id, _variant_id in rows))[:products]
    amounts = actions.percent_off(
        market=market,
        variant_ids=[variant_id for product_id, variant_id in rows if product_id in chosen],
        percent=percent,
        on=today,
    )
    if not amounts:
        return
    sale = actions.open_price_list(market=market, name=name, valid=DateRange(today, today + length), actor=ACTOR)
    actions.start_reduction(price_list=sale, amounts=amounts, actor=ACTOR)
