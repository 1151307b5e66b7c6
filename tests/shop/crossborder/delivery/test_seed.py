"""The demo's delivery: the known prices stay, every region has one, and tables contradict nothing."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from shop.crossborder.admin.shipping_forms import row_of
from shop.crossborder.delivery.goods import Goods, Origin
from shop.crossborder.delivery.queries import options
from shop.crossborder.delivery.tables import faults, gaps
from shop.crossborder.delivery.zones import check_pattern
from shop.demo import museum
from shop.demo.seed import delivery, flat_delivery, markets
from shop.demo.seed.delivery_tables import MARKETS
from shop.models import Market, ShippingOption, Tariff, Zone

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
def seeded(db) -> None:
    markets.seed()
    flat_delivery.seed()
    delivery.seed()


def cost(code: str, grams: int, *, goods: str = "1", country: str = "", postcode: str = "", origin: str = "GB") -> dict:
    market = Market.objects.get(code=code)
    found = options(
        market=market,
        country=country or market.countries[0],
        postcode=postcode,
        lines=[Goods("A", 1, grams)],
        warehouses_by_line={"A": Origin(1, origin)},
        goods_amount=Decimal(goods),
        now=NOW,
        language="en",
    )
    return {one.code: None if one.refused else one.amount for one in found}


@pytest.mark.parametrize(
    ("market", "code", "amount", "mark", "days"),
    [(row[0], row[1], Decimal(row[3]), row[4], row[5]) for row in flat_delivery.SHIPPING],
)
def test_the_prices_of_before_stay(seeded, market, code, amount, mark, days):
    assert cost(market, 5000)[code] == amount
    assert cost(market, 5001)[code] > amount
    if mark:
        assert cost(market, 5000, goods=mark)[code] == 0
    method = ShippingOption.objects.get(market__code=market, code=code)
    assert ((method.days_from, method.days_to), method.amount, method.tracked) == (days, None, True)


def test_every_market_sends_to_each_of_its_countries(seeded):
    for market in Market.objects.all():
        for country in market.countries:
            assert all(cost(market.code, 900, country=country).values()), (market.code, country)


@pytest.mark.parametrize(
    ("market", "postcode", "express"),
    [
        ("gb", "ZE1 0AA", False),
        ("fr", "97110", False),
        ("fr", "20000", True),
        ("us", "96815", True),
        ("kr", "63000", True),
    ],
)
def test_far_places_cost_more(seeded, market, postcode, express):
    near, far = cost(market, 900), cost(market, 900, postcode=postcode)
    assert far["standard"] > near["standard"]
    assert bool(far["express"]) is express


def test_from_near_it_is_cheaper(seeded):
    assert cost("kr", 400, origin="CN")["standard"] < cost("kr", 400, origin="GB")["standard"]
    assert cost("ch", 400, origin="FR")["standard"] < cost("ch", 400, origin="GB")["standard"]


def test_no_table_contradicts_itself_and_none_has_gaps(seeded):
    for method in ShippingOption.objects.all():
        rows = [row_of(one) for one in method.tariffs.select_related("zone")]
        assert rows
        assert faults(rows) == [], method
        assert gaps(rows, max_weight_g=method.max_weight_g, today=NOW.date()) == [], method
    for zone in Zone.objects.all():
        assert [check_pattern(one) for one in zone.postcodes] == zone.postcodes


def test_seeding_again_changes_nothing(seeded):
    before = list(Tariff.objects.order_by("id").values()), list(Zone.objects.order_by("id").values())
    ShippingOption.objects.filter(code="express").update(active=False)
    markets.seed()
    flat_delivery.seed()
    delivery.seed()
    assert (list(Tariff.objects.order_by("id").values()), list(Zone.objects.order_by("id").values())) == before
    assert set(ShippingOption.objects.filter(code="express").values_list("active", flat=True)) == {False}
    assert set(MARKETS) == set(Market.objects.values_list("code", flat=True))


def test_everything_in_the_demo_fits_the_standard_method(seeded):
    for product in museum.load().products:
        for one in product.variants:
            goods = Goods(one.sku, 1, one.weight_g, tuple(one.size_mm))
            found = options(
                market=Market.objects.get(code="gb"), country="GB", lines=[goods], warehouses_by_line={},
                goods_amount=Decimal(1), now=NOW, language="en",
            )  # fmt: skip
            assert not any(option.refused for option in found), one.sku
