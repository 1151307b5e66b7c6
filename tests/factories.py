"""Small worlds for tests: real rows, made through the product's own actions where it has them."""

from datetime import date
from decimal import Decimal
from functools import cache
from itertools import count

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from inventory.models import Balance, Item, Warehouse
from inventory.stock import actions as stock
from licensing.models import Agreement, AgreementVersion, Grant, LicensedSku, Party, Property
from shop.checkout.consents.texts import TEXTS
from shop.crossborder.identities.declared import DeclaredIdentity, declare
from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.files import INITIAL, read_rows
from shop.models import (
    Basket,
    ExchangeRate,
    Listing,
    Market,
    MarketWarehouse,
    Museum,
    MuseumText,
    Price,
    Product,
    ProductText,
    Promotion,
    Registration,
    RuleSet,
    SalesChannel,
    Seller,
    ShippingOption,
    Variant,
)

SERIAL = count(1)
ALWAYS = DateRange(date(2020, 1, 1), None)


def warehouse(code: str = "LON", country: str = "GB", **fields) -> Warehouse:
    bonded = {"kind": Warehouse.Kind.BONDED, "serves": ["CN"]} if code == "NGB" else {}
    made, _ = Warehouse.objects.get_or_create(
        code=code, defaults={"name": code, "country": country, **bonded, **fields}
    )
    return made


def item(sku: str | None = None) -> Item:
    sku = sku or f"TST-{next(SERIAL):05d}"
    made, _ = Item.objects.get_or_create(sku=sku, defaults={"description": sku})
    return made


def balance(units: int, *, sku: str | None = None, at: Warehouse | None = None) -> Balance:
    """An item with units on hand, received through the ledger."""
    thing, place = item(sku), at or warehouse()
    if not units:
        return Balance.objects.get_or_create(item=thing, warehouse=place)[0]
    return stock.receive(
        item=thing, warehouse=place, quantity=units, cause="test", cause_key=f"test:{thing.sku}:{next(SERIAL)}"
    )


def market(code: str = "gb") -> Market:
    facts = {
        "gb": ("GBP", ["GB"], ["en", "fr", "zh-hans", "ja"], [("LON", "GB")], True),
        "fr": ("EUR", ["FR"], ["fr", "en"], [("LIL", "FR")], True),
        "cn": ("CNY", ["CN"], ["zh-hans", "en"], [("NGB", "CN"), ("LON", "GB")], True),
        "jp": ("JPY", ["JP"], ["ja", "en"], [("LON", "GB")], False),
        "eu": ("EUR", ["DE", "BE", "IE"], ["en", "fr"], [("LIL", "FR")], True),
        "us": ("USD", ["US"], ["en"], [("LON", "GB")], False),
        "ch": ("CHF", ["CH", "LI"], ["fr", "en"], [("LON", "GB")], True),
        "kr": ("KRW", ["KR"], ["en", "ja"], [("LON", "GB")], True),
        "au": ("AUD", ["AU"], ["en"], [("LON", "GB")], True),
    }
    currency, countries, languages, places, included = facts[code]
    made, created = Market.objects.get_or_create(
        code=code,
        defaults={
            "currency": currency,
            "countries": countries,
            "languages": languages,
            "prices_include_tax": included,
            "position": list(facts).index(code),
            "seller": seller(),
        },
    )
    if created:
        rule_book()
        rates()
        for rank, (place, country) in enumerate(places):
            MarketWarehouse.objects.create(market=made, warehouse=warehouse(place, country), rank=rank)
        ShippingOption.objects.create(
            market=made,
            code="standard",
            names={"en": "Standard", "fr": "Standard", "zh-hans": "标准配送", "ja": "通常配送"},
            amount=Decimal(500) if currency == "JPY" else Decimal("4.95"),
            days_from=2,
            days_to=4,
        )
    return made


@cache
def _initial_book() -> RuleBook:
    return RuleBook(read_rows(INITIAL))


# What the tests' rule desk has confirmed beyond the initial book: goods that customs of China lets in by retail import.
DESK = ("cn-cbec-permit-6912", "cn-cbec-permit-6911", "cn-cbec-permit-6214", "cn-cbec-permit-9503")


@cache
def _confirmed_book(keys: tuple[str, ...]) -> RuleBook:
    content = _initial_book().as_json()
    for rows in content.values():
        for row in rows:
            if row["key"] in keys:
                row |= {"confirmed_by": "Test desk", "confirmed_on": "2026-11-22"}
    return RuleBook.from_json(content)


def rule_book(*confirmed: str) -> RuleSet:
    """The book that comes with Vitrine, published (one row: its tables stay empty), with further rows confirmed."""
    last = RuleSet.objects.first()
    if last and not confirmed:
        return last
    book = _confirmed_book((*DESK, *confirmed))
    return RuleSet.objects.create(
        version=last.version + 1 if last else 1, digest=book.digest, content=book.as_json(), frozen_by="test"
    )


REGISTERED = {"IOSS": "IM3720000224", "GB_VAT": "GB123456789", "EU_OSS": "EU372000041", "CN_CBEC": "3301960M01"}


def seller() -> Seller:
    """A seller in London, registered where the demo's is."""
    made, created = Seller.objects.get_or_create(
        code="trading",
        defaults={"legal_name": "Test Trading Ltd", "line1": "1 Bell Yard", "city": "London", "country": "GB"},
    )
    if created:
        for kind, number in REGISTERED.items():
            Registration.objects.create(seller=made, kind=kind, number=number, valid=ALWAYS)
    return made


def tax_rates() -> None:
    rule_book()


# Units for one euro.
PER_EUR = {
    "GBP": "0.88",
    "USD": "1.1",
    "CNY": "7.8",
    "JPY": "165",
    "KRW": "1540",
    "AUD": "1.7",
    "CHF": "0.94",
    "RON": "5",
}


def rates() -> None:
    """Today's rates of exchange: rules are in the money of their country."""
    today = timezone.localdate()
    if not ExchangeRate.objects.filter(on=today).exists():
        ExchangeRate.objects.bulk_create(
            ExchangeRate(currency=code, per_eur=Decimal(rate), on=today, source="test", origin="imported")
            for code, rate in PER_EUR.items()
        )


def party(code: str, role: str = "licensee") -> Party:
    made, _ = Party.objects.get_or_create(code=code, defaults={"name": code.title(), "role": role, "country": "GB"})
    return made


def agreement(
    number: str = "LIC-1",
    *,
    licensee: str = "atelier",
    territories: tuple[str, ...] = ("*",),
    channels: tuple[str, ...] = ("web", "tmall"),
    categories: tuple[str, ...] = ("*",),
    rates: dict[str, str] | None = None,
    term: DateRange | None = None,
) -> AgreementVersion:
    """A signed agreement granting the test collection."""
    museum, partner = party("museum", "rights_holder"), party(licensee)
    collection, _ = Property.objects.get_or_create(
        code="collection", defaults={"name": "Collection", "kind": "collection", "owner": museum}
    )
    made = Agreement.objects.create(
        number=number, licensor=museum, licensee=partner, state=Agreement.State.ACTIVE, currency="GBP"
    )
    version = AgreementVersion.objects.create(
        agreement=made,
        partner=partner,
        number=1,
        effective=term or ALWAYS,
        terms={"base": "net_sales", "rates": rates or {"*": "0.0800", "tmall": "0.1200"}},
    )
    Grant.objects.create(
        version=version,
        partner=partner,
        prop=collection,
        territories=list(territories),
        channels=list(channels),
        categories=list(categories),
        term=term or ALWAYS,
    )
    version.signed_at = timezone.now()
    version.save()
    return version


HS = {"books": "490199", "prints": "491191", "scarves": "621410", "puzzles": "950300"}


def variant(
    sku: str = "MUG-1",
    *,
    category: str = "mugs",
    prices: dict[str, str] | None = None,
    stock_at: dict[str, int] | None = None,
    licensed: bool = True,
) -> Variant:
    """A published variant with prices (market code → amount) and stock (warehouse code → units)."""
    museum, _ = Museum.objects.get_or_create(slug="museum", defaults={"city": "London", "country": "GB"})
    MuseumText.objects.get_or_create(museum=museum, language="en", defaults={"name": "The Museum"})
    product = Product.objects.create(museum=museum, slug=sku.lower(), category=category, published=True)
    for language, name in (
        ("en", f"Mug {sku}"),
        ("fr", f"Tasse {sku}"),
        ("zh-hans", f"马克杯 {sku}"),
        ("ja", f"マグ {sku}"),
    ):
        ProductText.objects.create(product=product, language=language, name=name, description=f"{name}.")
    made = Variant.objects.create(
        product=product, item=item(sku), sku=sku, hs_code=HS.get(category, "691200"), origin="GB", weight_g=400
    )
    for code, amount in (prices or {"gb": "18.00"}).items():
        Price.objects.create(variant=made, market=market(code), amount=Decimal(amount), valid=ALWAYS)
    countries = {"LON": "GB", "LIL": "FR", "NGB": "CN"}
    for place, units in ({"LON": 10} if stock_at is None else stock_at).items():
        balance(units, sku=sku, at=warehouse(place, countries[place]))
    if licensed:
        museum_party = party("museum", "rights_holder")
        collection, _ = Property.objects.get_or_create(
            code="collection", defaults={"name": "Collection", "kind": "collection", "owner": museum_party}
        )
        LicensedSku.objects.create(sku=sku, prop=collection, category=category)
    return made


def basket(*lines: tuple[Variant, int], market_code: str = "gb", language: str = "en") -> Basket:
    made = Basket.objects.create(market=market(market_code), language=language)
    for thing, quantity in lines:
        made.lines.create(variant=thing, quantity=quantity)
    return made


def address(country: str = "GB") -> dict[str, str]:
    """An address as a shopper of the country types it."""
    typed = {
        "GB": {"line1": "12 St James's Square", "city": "London", "postcode": "SW1Y 4LB"},
        "FR": {"line1": "107 rue de Rivoli", "city": "Paris", "postcode": "75001"},
        "CN": {
            "line1": "北山街 1 号",
            "city": "杭州市",
            "region": "浙江省",
            "postcode": "310007",
            "phone": "138 1234 5678",
        },
        "JP": {
            "line1": "上野公園13-9",
            "city": "台東区",
            "region": "東京都",
            "postcode": "110-8712",
            "phone": "03-3822-1111",
        },
        "KR": {
            "line1": "서빙고로 137",
            "city": "용산구",
            "region": "서울특별시",
            "postcode": "04383",
            "phone": "02-2077-9000",
        },
        "US": {"line1": "1000 Fifth Avenue", "city": "New York", "region": "NY", "postcode": "10028"},
        "CH": {"line1": "Museumstrasse 2", "city": "Zürich", "postcode": "8001"},
        "HK": {"line1": "38 Museum Drive", "city": "West Kowloon", "region": "Kowloon"},
    }
    return {"name": "王小明" if country == "CN" else "Ada Byron", **typed[country], "country": country}


def identity(number: str = "360426199101010071", name: str = "王小明") -> DeclaredIdentity:
    """What a buyer in China declares; the number is the example of python-stdnum's documentation."""
    return declare({"kind": "cn_resident_id", "number": number, "name": name, "consent": True})


def tmall_channel() -> SalesChannel:
    made, created = SalesChannel.objects.get_or_create(
        code="tmall",
        defaults={"name": "Tmall", "kind": "tmall", "currency": "CNY", "country": "CN", "market": market("cn")},
    )
    if created:
        made.warehouses.set([warehouse("NGB", "CN"), warehouse("LON", "GB")])
    return made


def listing(thing: Variant, *, item_id: str, sku_id: str = "") -> Listing:
    return Listing.objects.create(
        channel=tmall_channel(), variant=thing, external_item_id=item_id, external_sku_id=sku_id
    )


def consents() -> list[dict[str, str]]:
    """Every text agreed to in its version of now, as the store API takes it; what is not asked is not kept."""
    return [{"kind": str(one.kind), "version": one.version} for one in TEXTS]


def promotion(code: str = "SPRING", *, kind: str = "percentage", markets: tuple[str, ...] = ("gb",), **fields):
    """A code of a new promotion; ``amounts`` and ``minima`` are by currency, ``code_limit`` is of the code alone."""
    amounts, minima = fields.pop("amounts", {}), fields.pop("minima", {})
    code_limit = fields.pop("code_limit", None)
    products, museums = fields.pop("products", ()), fields.pop("museums", ())
    fields = {"percent": Decimal(10) if kind == "percentage" else None, "starts_at": timezone.now()} | fields
    made = Promotion.objects.create(name=code.lower(), kind=kind, **fields)
    made.markets.set([market(one) for one in markets])
    made.products.set(products)
    made.museums.set(museums)
    for currency in {*amounts, *minima}:
        made.money.create(currency=currency, amount=amounts.get(currency), minimum=minima.get(currency, Decimal(0)))
    return made.codes.create(code=code, limit=code_limit)
