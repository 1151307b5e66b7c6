"""A basket that is changed from several places at once loses nothing."""

import pytest
from django.contrib.auth.models import User

from shop.checkout import basket as verbs
from shop.checkout.merging import merge, open_for
from shop.models import Basket, BasketLine
from tests import factories as make
from tests.concurrency.together import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
TABS = 6


@pytest.fixture
def mugs():
    make.agreement()
    make.tax_rates()
    return [make.variant(f"MUG-{number}") for number in range(2)]


def test_units_added_at_once_are_all_there(mugs):
    basket = make.basket((mugs[0], 1))

    def add(number: int) -> str:
        return str(verbs.add(basket=basket, sku=f"MUG-{number % 2}", quantity=1).quantity)

    all_at_once(add, TABS)
    assert dict(basket.lines.values_list("variant__sku", "quantity")) == {"MUG-0": 4, "MUG-1": 3}


def test_negative_control_reading_before_writing_loses_units(mugs):
    from threading import Barrier

    basket, read = make.basket((mugs[0], 1)), Barrier(TABS)

    def add(_number: int) -> str:
        line = BasketLine.objects.get(basket=basket)
        read.wait(timeout=30)
        line.quantity += 1
        line.save(update_fields=["quantity"])
        return "added"

    all_at_once(add, TABS)
    assert basket.lines.get().quantity < 1 + TABS


def test_an_account_opens_one_basket_on_many_devices(mugs):
    ada = User.objects.create_user("ada")
    market = make.market()
    found = all_at_once(lambda _number: str(open_for(ada, market=market, language="en").pk), TABS)
    assert len(set(found)) == Basket.objects.filter(user=ada).count() == 1


def test_guests_that_join_an_account_at_once_all_arrive(mugs):
    ada = User.objects.create_user("ada")
    guests = [make.basket((mugs[0], 2)) for _each in range(TABS)]
    all_at_once(lambda number: str(merge(guest=guests[number], user=ada).pk), TABS)
    assert Basket.objects.get().user == ada
    assert Basket.objects.get().lines.get().quantity == 2 * TABS
