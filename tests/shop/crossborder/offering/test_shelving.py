"""A kept shelf is as true as the database: changes are put in, what went is gone, what was rolled back never was."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from shop.crossborder.models import Market, ProductOffer
from shop.crossborder.offering import shelving
from shop.crossborder.offering.browsing import Found, browse
from shop.crossborder.offering.narrowing import Filters
from shop.crossborder.offering.refreshing import refresh
from shop.models import Price, Product, Theme, ThemeProduct, ThemeText
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gb() -> Market:
    make.agreement()
    market = make.market("gb")
    for number in range(3):
        make.variant(f"M-{number}", prices={"gb": "18.00"}, stock_at={"LON": 10})
    refresh(market=market)
    return market


def asked(market: Market, **more: object) -> tuple[Found, int]:
    with CaptureQueriesContext(connection) as captured:
        found = browse(market=market, language="en", filters=Filters(**more))  # type: ignore[arg-type]
    return found, len(captured)


def dearer(market: Market, slug: str, amount: str) -> None:
    product = Product.objects.get(slug=slug)
    Price.objects.filter(variant__product=product).update(amount=amount)
    refresh(market=market, product_ids=[product.pk])


def test_one_statement_while_nothing_changes(gb):
    first, statements = asked(gb)
    again, fewer = asked(gb)
    assert (statements, fewer) == (2, 1)
    assert first == again
    assert first.total == 3


def test_a_change_is_put_in(gb, monkeypatch):
    asked(gb)
    dearer(gb, "m-1", "99.00")
    # The few rows that changed are put in; laying out everything anew would fail here.
    monkeypatch.setattr(shelving.Shelf, "of", None)
    found, statements = asked(gb, sort="-price")
    assert statements == 2
    assert found.ids[0] == Product.objects.get(slug="m-1").pk
    assert ("50-100", "", 1) in found.counts["price"]


def test_what_went_is_gone_also_where_as_much_came(gb):
    asked(gb)
    gone = Product.objects.get(slug="m-0")
    Product.objects.filter(pk=gone.pk).update(published=False)
    make.variant("M-9", prices={"gb": "18.00"})
    refresh(market=gb)
    found, _statements = asked(gb)
    assert found.total == 3 == ProductOffer.objects.count()
    assert gone.pk not in found.ids


def test_what_is_rolled_back_is_not_kept(gb):
    asked(gb)
    with transaction.atomic():
        dearer(gb, "m-1", "99.00")
        inside, _statements = asked(gb, sort="-price")
        assert ("50-100", "", 1) in inside.counts["price"]
        transaction.set_rollback(True)
    # The next version has the number of the one that was rolled back.
    dearer(gb, "m-2", "60.00")
    found, _statements = asked(gb, sort="-price")
    assert found.counts["price"] == [("0-25", "", 2), ("50-100", "", 1)]
    assert found.ids[0] == Product.objects.get(slug="m-2").pk


def test_words_of_a_theme_and_whether_it_is_shown_are_those_of_now(gb):
    theme = Theme.objects.create(slug="waves", published=True)
    ThemeProduct.objects.create(theme=theme, product=Product.objects.get(slug="m-0"))
    refresh(market=gb)
    assert asked(gb)[0].counts["theme"] == [("waves", "waves", 1)]
    ThemeText.objects.create(theme=theme, language="en", name="The wave")
    assert asked(gb)[0].counts["theme"] == [("waves", "The wave", 1)]
    Theme.objects.update(published=False)
    found, statements = asked(gb, chosen={"theme": ("waves",)})
    assert (found.total, found.counts["theme"], statements) == (0, [], 1)


def test_a_market_is_told_from_another(gb):
    other = make.market("fr")
    asked(gb)
    refresh(market=other)
    assert asked(other)[0].total == 0
    assert asked(gb)[0].total == 3
