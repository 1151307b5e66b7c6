"""Offers follow catalogue, prices, rights and stock; whatever changed, and however it was written."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from inventory.models import Balance
from licensing.models import LicensedSku
from shop.crossborder.models import Market, OfferSweep, ProductOffer, Publication, StockState, VariantOffer
from shop.crossborder.offering.refreshing import SWEEP_EVERY, follow, refresh
from shop.models import Price, Product, ProductText, Variant
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def gb() -> Market:
    make.agreement()
    return make.market("gb")


def offer(variant: Variant, market: Market) -> VariantOffer:
    return VariantOffer.objects.get(variant=variant, market=market)


def whole(variant: Variant, market: Market) -> ProductOffer | None:
    return ProductOffer.objects.filter(product=variant.product, market=market).first()


def test_a_product_on_sale(gb: Market) -> None:
    mug = make.variant("MUG-1", prices={"gb": "18.00"}, stock_at={"LON": 10})
    refresh(market=gb)
    one, product = offer(mug, gb), whole(mug, gb)
    assert (one.sellable, one.refusal, one.amount, one.state) == (True, "", Decimal("18.00"), StockState.IN_STOCK)
    assert product is not None
    assert (product.amount, product.languages, product.variant) == (Decimal("18.00"), gb.languages, mug)
    assert product.revision == Product.objects.get(pk=mug.product_id).revision > 0


def unpublish(mug: Variant, _gb: Market) -> None:
    Product.objects.filter(pk=mug.product_id).update(published=False)


def publish_later(mug: Variant, _gb: Market) -> None:
    Product.objects.filter(pk=mug.product_id).update(publish_from=timezone.now() + timedelta(hours=1))


def withdraw(mug: Variant, _gb: Market) -> None:
    Product.objects.filter(pk=mug.product_id).update(publish_until=timezone.now() - timedelta(hours=1))


def leave_out(mug: Variant, gb: Market) -> None:
    Publication.objects.create(product=mug.product, market=gb, shown=False)


def show_later(mug: Variant, gb: Market) -> None:
    Publication.objects.create(product=mug.product, market=gb, shown_from=timezone.now() + timedelta(hours=1))


def take_the_price(mug: Variant, _gb: Market) -> None:
    Price.objects.filter(variant=mug).delete()


def take_the_right(mug: Variant, _gb: Market) -> None:
    LicensedSku.objects.filter(sku=mug.sku).delete()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (unpublish, "unpublished"),
        (publish_later, "unpublished"),
        (withdraw, "unpublished"),
        (leave_out, "unpublished"),
        (show_later, "unpublished"),
        (take_the_price, "no_price"),
        (take_the_right, "unlicensed"),
    ],
)
def test_what_is_not_offered_says_why(gb: Market, change: Callable[[Variant, Market], None], refusal: str) -> None:
    mug = make.variant("MUG-1")
    refresh(market=gb)
    assert whole(mug, gb)
    change(mug, gb)
    refresh(market=gb)
    assert (offer(mug, gb).sellable, offer(mug, gb).refusal) == (False, refusal)
    assert whole(mug, gb) is None


def test_a_language_can_be_left_out(gb: Market) -> None:
    mug = make.variant("MUG-1")
    language = gb.languages[-1]
    Publication.objects.create(product=mug.product, market=gb, language=language, shown=False)
    refresh(market=gb)
    product = whole(mug, gb)
    assert product is not None
    assert product.languages == [one for one in gb.languages if one != language]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda mug: ProductText.objects.filter(product=mug.product).update(name="New"), id="text"),
        pytest.param(lambda mug: mug.product.texts.filter(language="ja").delete(), id="text deleted"),
        pytest.param(lambda mug: Price.objects.filter(variant=mug).update(amount=F("amount") + 1), id="price"),
        pytest.param(lambda mug: Variant.objects.filter(pk=mug.pk).update(weight_g=1), id="variant"),
        pytest.param(lambda mug: mug.product.images.create(file="a.webp", width=1, height=1), id="picture"),
        pytest.param(lambda mug: Publication.objects.create(product=mug.product, market=Market.objects.get(code="gb"), shown=False), id="publication"),
    ],
)  # fmt: skip
def test_every_change_of_a_product_is_followed(gb: Market, change: Callable[[Variant], Any]) -> None:
    mug, other = make.variant("MUG-1"), make.variant("MUG-2")
    follow(market=gb)
    before = Product.objects.get(pk=mug.product_id).revision
    untouched = Product.objects.get(pk=other.product_id).revision
    version = OfferSweep.objects.get(market=gb).version
    change(mug)
    assert Product.objects.get(pk=mug.product_id).revision > before
    assert Product.objects.get(pk=other.product_id).revision == untouched
    assert follow(market=gb) > 0
    assert OfferSweep.objects.get(market=gb).version == version + 1
    assert follow(market=gb) == 0


def test_a_movement_of_stock_is_followed(gb: Market) -> None:
    mug = make.variant("MUG-1", stock_at={"LON": 6})
    follow(market=gb)
    assert offer(mug, gb).state == StockState.IN_STOCK
    make.balance(1, sku="MUG-1")
    assert follow(market=gb) == 0, "7 units are said of like 6"
    Balance.objects.filter(item=mug.item).update(safety=5)
    make.balance(1, sku="MUG-1")
    assert follow(market=gb) > 0
    assert (offer(mug, gb).state, offer(mug, gb).left) == (StockState.FEW, 3)


def test_time_passes_without_anybody_writing(gb: Market) -> None:
    mug = make.variant("MUG-1")
    Product.objects.filter(pk=mug.product_id).update(publish_from=timezone.now() + timedelta(minutes=2))
    follow(market=gb)
    assert whole(mug, gb) is None
    assert follow(market=gb, now=timezone.now() + SWEEP_EVERY) > 0
    assert whole(mug, gb) is not None


def test_the_statements_do_not_grow(gb: Market, django_assert_max_num_queries: Any) -> None:
    for number in range(12):
        make.variant(f"MUG-{number}")
    with django_assert_max_num_queries(22):
        refresh(market=gb)
    with django_assert_max_num_queries(20):
        refresh(market=gb)


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_out_of_order_is_followed(gb: Market) -> None:
    """Who takes the smaller revision may commit last: following by the greatest revision seen would miss it."""
    early, late = (make.variant(sku, prices={"gb": "18.00"}, stock_at={"LON": 10}) for sku in ("E-1", "L-1"))
    refresh(market=gb)
    with psycopg.connect(**connection.get_connection_params()) as elsewhere:
        elsewhere.execute("UPDATE shop_product SET published = false WHERE id = %s", [early.product_id])
        Product.objects.filter(pk=late.product_id).update(sort_order=7)
        seen = Product.objects.get(pk=late.product_id).revision
        follow(market=gb)
        assert whole(early, gb) is not None
        elsewhere.commit()
    # The negative control: whoever asks for greater revisions than the greatest that was seen finds nothing.
    assert not Product.objects.filter(revision__gt=seen).exists()
    follow(market=gb)
    assert whole(early, gb) is None
