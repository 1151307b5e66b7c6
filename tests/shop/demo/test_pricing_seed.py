"""The demo's prices: a policy for each market, derived prices that are kept, and one reduction."""

from decimal import Decimal

import pytest
from django.utils import timezone

from shop.crossborder.offers import offers, published
from shop.crossborder.pricing import actions
from shop.demo.seed import exchange, pricing
from shop.models import Market, Price, PriceChange, PriceList, PricePolicy
from tests import factories as make

pytestmark = pytest.mark.django_db
CURRENCIES = {"us": "USD", "kr": "KRW", "ch": "CHF", "no": "NOK", "de": "EUR", "xx": "THB"}


@pytest.fixture
def world() -> None:
    exchange.seed()
    make.tax_rates()
    make.agreement()
    for code in ("gb", "fr", "cn", "jp"):
        make.market(code)
    for position, (code, currency) in enumerate(CURRENCIES.items(), start=5):
        Market.objects.create(
            code=code, currency=currency, countries=[code.upper()], languages=["en"], position=position,
            prices_include_tax=code != "us",
        )  # fmt: skip
    for number in range(3):
        thing = make.variant(f"MUG-{number}", prices={"gb": "18.00"})
        actions.introduce_prices(
            market=make.market("fr"), amounts={thing.id: Decimal("22.00")}, since=pricing.ON_SALE, actor="seed"
        )


def amounts(code: str) -> set[Decimal]:
    return set(Price.objects.filter(market__code=code, price_list=None).values_list("amount", flat=True))


def test_markets_without_prices_get_them_at_their_points(world):
    pricing.seed()
    assert amounts("us") == {Decimal("19.95")}  # 18 / 1.2 × 1.25 × 1.05 = 19.69
    assert amounts("kr") == {Decimal(34000)}  # 18 × 1750 × 1.05 = 33 075, up
    assert amounts("ch") == {Decimal(20)}  # 18 × 0.94 / 0.88 × 1.05 = 20.19
    assert amounts("de") == {Decimal(22)}  # as in the first market of its currency
    assert amounts("fr") == {Decimal(22)}
    assert amounts("xx") == set()
    assert not PricePolicy.objects.filter(market__code="xx").exists()
    assert set(Price.objects.filter(market__code="kr").values_list("origin", flat=True)) == {"derived"}
    assert PriceChange.objects.filter(market__code="kr").count() == 3
    assert PricePolicy.objects.get(market__code="de").prior_price_days == 30
    assert PricePolicy.objects.get(market__code="ch").prior_price_days is None


def test_two_products_are_reduced_in_france_from_today(world):
    pricing.seed()
    found = offers(market=Market.objects.get(code="fr"), condition=published())
    assert [(one.amount, one.was, one.percent) for one in found] == [
        (Decimal("17.5"), Decimal(22), 20),
        (Decimal("17.5"), Decimal(22), 20),
        (Decimal(22), None, None),
    ]
    assert PriceList.objects.get().valid.lower == timezone.localdate()


def test_repeating_adds_nothing_and_leaves_what_a_person_changed(world):
    pricing.seed()
    PricePolicy.objects.filter(market__code="kr").update(margin=Decimal(2))
    before = Price.objects.count(), PriceChange.objects.count()
    pricing.seed()
    assert (Price.objects.count(), PriceChange.objects.count()) == before
    assert PricePolicy.objects.get(market__code="kr").margin == 2
