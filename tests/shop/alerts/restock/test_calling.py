"""Who is told, when, and how many at a time."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from licensing.models import LicensedSku
from shop.alerts.restock import calling
from shop.alerts.restock.calling import WAVE, call_waiters
from shop.alerts.restock.models import StockAlert
from shop.models import Mail, Product
from tests import factories as make
from tests.concurrency.together import all_at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def mug():
    make.agreement()
    return make.variant("MUG-1", stock_at={})


def wait(variant, people: int, *, market: str = "gb") -> list[StockAlert]:
    return [
        StockAlert.objects.create(
            email=f"{number}-{market}@example.org",
            variant=variant,
            market=make.market(market),
            language="en",
            state="waiting",
            confirmed_at=timezone.now(),
        )
        for number in range(people)
    ]


def told() -> list[int]:
    return list(StockAlert.objects.filter(state="told").order_by("id").values_list("id", flat=True))


def test_nobody_is_told_without_stock(mug):
    wait(mug, 3)
    assert call_waiters() == 0


def test_in_the_order_of_asking_and_no_more_than_a_wave(mug, settings):
    settings.RESTOCK_WAVE = 3
    people = wait(mug, 10)
    make.balance(2, sku="MUG-1")
    assert call_waiters() == 6
    assert told() == [one.pk for one in people[:6]]
    assert call_waiters() == 0, "the next wave waits"
    StockAlert.objects.filter(state="told").update(told_at=timezone.now() - WAVE - timedelta(minutes=1))
    assert call_waiters() == 4
    assert call_waiters() == 0
    assert Mail.objects.filter(kind="restock_alert").count() == 10


def test_who_has_not_confirmed_is_not_told(mug):
    StockAlert.objects.create(email="a@e.org", variant=mug, market=make.market("gb"), language="en")
    make.balance(5, sku="MUG-1")
    assert call_waiters() == 0


def test_sold_out_again_tells_nobody(mug):
    wait(mug, 3)
    held = make.balance(2, sku="MUG-1")
    held.__class__.objects.filter(pk=held.pk).update(safety=2)
    assert call_waiters() == 0


@pytest.mark.parametrize("why", ["unpublished", "no right"])
def test_what_may_not_be_sold_is_not_announced(mug, why):
    wait(mug, 3)
    make.balance(5, sku="MUG-1")
    if why == "unpublished":
        Product.objects.update(published=False)
    else:
        LicensedSku.objects.all().delete()
    assert call_waiters() == 0


def test_another_markets_stock_is_not_this_ones(mug):
    wait(mug, 2)
    make.balance(5, sku="MUG-1", at=make.warehouse("NGB", "CN"))
    assert call_waiters() == 0


@pytest.mark.django_db(transaction=True)
def test_eight_workers_tell_one_wave(mug, settings):
    settings.RESTOCK_WAVE = 2
    wait(mug, 30)
    make.balance(3, sku="MUG-1")
    all_at_once(lambda _n: str(call_waiters()))
    assert len(told()) == Mail.objects.filter(kind="restock_alert").count() == 6


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_wave_grows(mug, settings, monkeypatch):
    """The negative control: workers that do not wait for each other count the same wave."""
    settings.RESTOCK_WAVE = 2
    wait(mug, 40)
    make.balance(3, sku="MUG-1")
    monkeypatch.setattr(calling, "LOCK", "SELECT %s")
    before = calling._tell

    def slowly(alert):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.02)")
        before(alert)

    monkeypatch.setattr(calling, "_tell", slowly)
    all_at_once(lambda _n: str(call_waiters()))
    assert len(told()) > 6


def test_the_statements_do_not_grow(mug, django_assert_max_num_queries):
    for number in range(12):
        wait(make.variant(f"MUG-X{number}", stock_at={}), 1)
    with django_assert_max_num_queries(9):
        assert call_waiters() == 0
