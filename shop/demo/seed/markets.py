"""Where the demo museum sells: warehouses and markets."""

from dataclasses import dataclass, field

from django.db import transaction

from inventory.stock.models import Warehouse
from inventory.stock.sourcing import EU
from shop.crossborder.models import Incoterm, Market, MarketWarehouse, PaymentMethod
from shop.demo.seed import sellers

# code, name, country, kind, countries it may ship to (none: all)
WAREHOUSES: list[tuple[str, str, str, str, list[str]]] = [
    ("LON", "London", "GB", Warehouse.Kind.OWN, []),
    ("LIL", "Lille", "FR", Warehouse.Kind.THIRD_PARTY, []),
    ("NGB", "宁波保税仓 Ningbo bonded", "CN", Warehouse.Kind.BONDED, ["CN"]),
]
CARD, LINK = PaymentMethod.CARD.value, PaymentMethod.LINK.value
ALIPAY, WECHAT = PaymentMethod.ALIPAY.value, PaymentMethod.WECHAT_PAY.value
# Bank debits take days: orders that stay "confirming" for a while can be tried too.
BACS = PaymentMethod.BACS_DEBIT.value
EURO = [CARD, LINK, PaymentMethod.SEPA_DEBIT.value]
FOUR = ["en", "fr", "zh-hans", "ja"]


@dataclass(frozen=True)
class Facts:
    """A market of the demo; the first country and language are its own."""

    currency: str
    countries: list[str]
    languages: list[str]
    warehouses: list[str]
    seller: str = sellers.TRADING
    prices_include_tax: bool = True
    incoterm: str = Incoterm.DDP
    methods: list[str] = field(default_factory=lambda: [CARD, LINK])


# The other member states, Germany first: its tax and language are what most of them are shown first.
UNION = sorted(EU - {"FR"}, key=lambda one: (one != "DE", one))
# Switzerland, Japan and Korea: the seller is not registered there, so the shopper pays what is due at the door, and
# prices are without tax.
MARKETS: dict[str, Facts] = {
    "gb": Facts("GBP", ["GB"], FOUR, ["LON"], methods=[CARD, LINK, BACS]),
    "fr": Facts("EUR", ["FR", "MC"], ["fr", "en", "zh-hans", "ja"], ["LIL", "LON"], sellers.BOUTIQUE, methods=EURO),
    "cn": Facts("CNY", ["CN"], ["zh-hans", "en"], ["NGB", "LON"], methods=[ALIPAY, WECHAT, CARD]),
    "jp": Facts("JPY", ["JP"], ["ja", "en", "zh-hans"], ["LON"], prices_include_tax=False, incoterm=Incoterm.DAP),
    "eu": Facts("EUR", UNION, ["en", "fr"], ["LIL", "LON"], sellers.BOUTIQUE, methods=EURO),
    "us": Facts("USD", ["US"], ["en"], ["LON"], prices_include_tax=False),
    "kr": Facts("KRW", ["KR"], ["en"], ["LON"], prices_include_tax=False, incoterm=Incoterm.DAP),
    "au": Facts("AUD", ["AU"], ["en"], ["LON"]),
    "ch": Facts("CHF", ["CH", "LI"], ["fr", "en"], ["LON"], prices_include_tax=False, incoterm=Incoterm.DAP),
}  # fmt: skip


@transaction.atomic
def seed() -> None:
    """Write what is missing, also in a demo of an earlier version; what somebody has changed stays as it is."""
    warehouses = {
        code: Warehouse.objects.get_or_create(
            code=code, defaults={"name": name, "country": country, "kind": kind, "serves": serves}
        )[0]
        for code, name, country, kind, serves in WAREHOUSES
    }
    companies = sellers.seed()
    for position, (code, facts) in enumerate(MARKETS.items()):
        market, created = Market.objects.get_or_create(
            code=code,
            defaults={
                "currency": facts.currency,
                "countries": facts.countries,
                "languages": facts.languages,
                "prices_include_tax": facts.prices_include_tax,
                "position": position,
                "seller": companies[facts.seller],
                "incoterm": facts.incoterm,
                "payment_methods": facts.methods,
            },
        )
        if not created and market.seller_id is None:
            # A market from before there were sellers: what it could not have is added.
            market.seller = companies[facts.seller]
            market.incoterm, market.payment_methods = facts.incoterm, facts.methods
            market.countries = [*market.countries, *(one for one in facts.countries if one not in market.countries)]
            market.save(update_fields=["seller", "incoterm", "payment_methods", "countries"])
            created = True
        if created:
            for rank, place in enumerate(facts.warehouses):
                MarketWarehouse.objects.get_or_create(
                    market=market, warehouse=warehouses[place], defaults={"rank": rank}
                )
