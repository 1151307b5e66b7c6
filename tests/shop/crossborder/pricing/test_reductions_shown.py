"""Reductions and quantity breaks where shoppers see them: cards, product page, basket, store API."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from shop.checkout import quoting
from shop.crossborder.offering.refreshing import refresh
from shop.crossborder.offers import offers, published
from shop.crossborder.pricing import actions
from shop.crossborder.pricing.queries import percent_below
from shop.models import PricePolicy
from tests import factories as make
from tests.shop.storefront.conftest import _compiled_words  # noqa: F401 (compiles the words)
from tests.shop.storefront.counting import statements_of

pytestmark = pytest.mark.django_db


def reduce(variant, market, today, amount="16.50"):
    sale = actions.open_price_list(market=market, name="Sale", valid=DateRange(today, None), actor="a")
    actions.start_reduction(price_list=sale, amounts={variant.id: Decimal(amount)}, actor="a")


def only(market):
    (offer,) = offers(market=market, condition=published())
    return offer


def test_an_offer_names_the_lowest_price_of_thirty_days(mug, fr, today, django_assert_num_queries):
    actions.set_price(variant=mug, market=fr, amount=Decimal(17), min_quantity=10, actor="a")
    with django_assert_num_queries(2):
        assert only(fr).was is None
    reduce(mug, fr, today)
    with django_assert_num_queries(3):
        offer = only(fr)
    assert (offer.amount, offer.was, offer.was_days, offer.percent) == (Decimal("16.5"), Decimal(20), 30, 17)


def test_where_no_rule_holds_nothing_is_named(mug, fr, today):
    PricePolicy.objects.filter(market=fr).update(prior_price_days=None)
    reduce(mug, fr, today)
    assert (only(fr).amount, only(fr).was, only(fr).percent) == (Decimal("16.5"), None, None)
    PricePolicy.objects.filter(market=fr).update(prior_price_days=30, prior_price_since=today + timedelta(days=1))
    assert only(fr).was is None


def test_what_is_not_below_the_lowest_is_no_reduction(mug, fr, today, go_to):
    go_to(today - timedelta(days=9))
    actions.set_price(variant=mug, market=fr, amount=Decimal(16), actor="a")
    go_to(today - timedelta(days=4))
    actions.set_price(variant=mug, market=fr, amount=Decimal(20), actor="a")
    go_to(today)
    reduce(mug, fr, today)
    assert (only(fr).amount, only(fr).was) == (Decimal("16.5"), None)


@pytest.mark.parametrize(("now", "was", "percent"), [("16.50", "20", 17), ("13.34", "20", 33), ("19.99", "20", 0)])
def test_the_percentage_is_never_more_than_true(now, was, percent):
    assert percent_below(Decimal(now), Decimal(was)) == percent


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Prix le plus bas des 30 derniers jours : 20,00 €"),
        ("en", "Lowest price of the last 30 days: €20.00"),
        ("zh-hans", "近 30 天最低价：€20.00"),
        ("ja", "過去30日間の最低価格：€20.00"),
    ],
)
def test_card_and_product_page_say_it_in_each_language(mug, fr, today, client, language, words):
    fr.languages = ["fr", "en", "zh-hans", "ja"]
    fr.save()
    reduce(mug, fr, today)
    for path in ("shop/", "products/mug-1/"):
        page = client.get(f"/fr/{language}/{path}").text.replace("\xa0", " ").replace("\u202f", " ")
        assert words in page, path
        assert "−17" in page


def test_without_a_reduction_nothing_is_said(mug, fr, client):
    assert "derniers jours" not in client.get("/fr/fr/shop/").text


@pytest.mark.parametrize(("path", "most"), [("/fr/en/shop/", 6), ("/fr/en/products/mug-1/", 8), ("/fr/en/", 6)])
def test_a_reduction_costs_no_statement_whatever_the_rows(mug, fr, today, client, settings, path, most):
    without = statements_of(client, path, settings)
    reduce(mug, fr, today)
    refresh(market=fr)
    reduced = statements_of(client, path, settings)
    for number in range(9):
        other = make.variant(f"V-{number}", prices={"gb": "9.00"}, stock_at={"LIL": 3})
        since = today - timedelta(days=99)
        actions.introduce_prices(market=fr, amounts={other.id: Decimal(20)}, since=since, actor="a")
        reduce_more(other, fr)
    refresh(market=fr)
    assert statements_of(client, path, settings) == reduced == without <= most


def reduce_more(variant, market):
    sale = market.price_lists.get()
    actions.start_reduction(price_list=sale, amounts={variant.id: Decimal(15)}, actor="a")


def test_the_basket_takes_the_price_of_its_quantity(mug, fr, client, django_assert_max_num_queries):
    actions.set_price(variant=mug, market=fr, amount=Decimal(17), min_quantity=10, actor="a")
    for quantity, unit in ((9, 20), (10, 17)):
        basket = make.basket((mug, quantity), market_code="fr", language="fr")
        with django_assert_max_num_queries(6):
            (row,) = quoting.rows(basket)
        assert (row.unit_price, row.amount) == (Decimal(unit), Decimal(unit * quantity))
    page = client.get("/fr/fr/products/mug-1/").text.replace("\xa0", " ")
    assert "dès 10 pièces, 17,00 € l’unité" in page


def test_the_store_api_tells_prior_price_and_breaks(mug, fr, today, client):
    actions.set_price(variant=mug, market=fr, amount=Decimal(15), min_quantity=10, actor="a")
    reduce(mug, fr, today)
    (variant,) = client.get("/api/v1/store/products/mug-1?market=fr").json()["variants"]
    wanted = {"price", "was", "lowest_30_days", "reduced_by_percent", "price_breaks"}
    assert {name: variant[name] for name in wanted} == {
        "price": "16.50",
        "was": "20.00",
        "lowest_30_days": "20.00",
        "reduced_by_percent": 17,
        "price_breaks": [{"min_quantity": 10, "price": "15.00"}],
    }
