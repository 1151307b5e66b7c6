"""The demo sells in nine markets, and says of each purchase whether its price is final."""

import pytest

from shop.crossborder.models import Market, MarketWarehouse, Registration, RuleSet, Seller
from shop.crossborder.rulebook.queries import published_book
from shop.crossborder.sellers.queries import registrations
from shop.demo.seed import delivery, flat_delivery, markets, rules
from tests.shop.crossborder.landed_cost.purchases import cost, line

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded():
    markets.seed()
    flat_delivery.seed()
    delivery.seed()
    rules.seed()


def test_nine_markets_with_a_seller_warehouses_and_delivery(seeded):
    assert set(Market.objects.values_list("code", flat=True)) == set(markets.MARKETS)
    for market in Market.objects.select_related("seller"):
        assert market.seller is not None, market
        assert market.marketwarehouse_set.exists(), market
        assert market.shipping_options.filter(active=True).exists(), market
        assert market.payment_methods, market
    assert {code for one in Market.objects.all() for code in one.countries} >= {"FR", "MC", "DE", "LI", "CN"}


def test_a_second_seeding_changes_nothing_and_completes_an_earlier_demo(seeded):
    fr, gb = Market.objects.get(code="fr"), Market.objects.get(code="gb")
    Market.objects.filter(pk=fr.pk).update(seller=None, countries=["FR"])
    MarketWarehouse.objects.filter(market=fr, warehouse__code="LON").delete()
    Market.objects.filter(pk=gb.pk).update(languages=["en"])
    before = (Seller.objects.count(), Registration.objects.count(), RuleSet.objects.count())
    markets.seed()
    rules.seed()
    fr.refresh_from_db()
    gb.refresh_from_db()
    assert (Seller.objects.count(), Registration.objects.count(), RuleSet.objects.count()) == before
    assert (fr.countries, fr.seller.code) == (["FR", "MC"], "boutique")
    assert list(fr.marketwarehouse_set.values_list("warehouse__code", flat=True)) == ["LIL", "LON"]
    assert gb.languages == ["en"]


MUG = line("691200", "18.00", origin="CN")
SCARF = line("621410", "45.00", origin="FR")
BOOK = line("490199", "30.00", origin="GB")
PURCHASES = [
    ("gb", [MUG, BOOK, SCARF], "GB", {}, "FINAL"),
    ("fr", [MUG, BOOK, SCARF], "FR", {"sender": "FR"}, "FINAL"),
    ("fr", [MUG], "FR", {"sender": "GB"}, "FINAL"),
    ("eu", [MUG, BOOK, SCARF], "DE", {"sender": "FR"}, "FINAL"),
    ("eu", [SCARF], "IT", {"sender": "FR"}, "FINAL"),
    ("cn", [MUG, SCARF], "CN", {"sender": "CN", "bonded": True}, "FINAL"),
    ("cn", [BOOK], "CN", {"sender": "CN", "bonded": True}, "ESTIMATE"),
    ("au", [MUG, SCARF], "AU", {}, "FINAL"),
    ("us", [MUG], "US", {}, "FINAL"),
    ("us", [BOOK], "US", {}, "ESTIMATE"),
    ("ch", [BOOK], "CH", {}, "FINAL"),
    ("kr", [line("691200", "400000", origin="CN")], "KR", {}, "ESTIMATE"),
]


@pytest.mark.parametrize(("code", "goods", "country", "more", "kind"), PURCHASES)
def test_typical_baskets(seeded, code, goods, country, more, kind):
    market = Market.objects.get(code=code)
    registered = registrations(seller_id=market.seller_id, on=market.seller.registrations.first().valid.lower)
    found = cost(
        country,
        market.currency,
        *goods,
        of=published_book(),
        registered=list(registered),
        prices_include_tax=market.prices_include_tax,
        **more,
    )
    assert found.kind == kind, found.reasons
