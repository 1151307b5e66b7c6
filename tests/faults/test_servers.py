"""Valkey is emptied and PostgreSQL restarts in the middle of a sale: it costs time, never an order."""

import pytest
from django.core.cache import cache
from django.test import Client

from shop.models import Order, StripeEvent
from shop.payments import tasks
from tests import factories as make
from tests.faults.books import books_agree
from tests.faults.stripe_side import eventually
from tests.faults.sweeps import time_passes
from tests.faults.workers import worker

pytestmark = pytest.mark.django_db(transaction=True)


def empty_valkey() -> None:
    """FLUSHDB: queues, cache, counters, throttles, everything."""
    cache.clear()


def test_valkey_is_emptied_between_the_webhook_and_the_worker(placed, stripe_side):
    stripe_side.press(placed.payment.url)
    eventually(lambda: StripeEvent.objects.filter(type="checkout.session.completed").exists())
    eventually(stripe_side.delivered)
    empty_valkey()
    with worker(stripe_side.address):
        # The tasks that the webhook's door has sent are gone; the rows are not.
        assert Order.objects.get().state == "awaiting_payment"
        time_passes()
        tasks.redrive_events.delay()
        eventually(lambda: not StripeEvent.objects.filter(processed_at=None).exists())
    assert Order.objects.get().state == "paid"
    books_agree(stripe_side)


def test_a_shopper_keeps_the_basket_when_valkey_is_emptied(world, stripe_side, web):
    shopper = Client(headers={"Origin": web.address})
    added = shopper.post("/gb/en/basket/add/", {"sku": world.sku, "quantity": 2})
    assert added.status_code in {200, 302, 303}, added.content
    empty_valkey()
    page = shopper.get("/gb/en/basket/").content.decode()
    assert world.sku.lower() in page.lower()
    assert make.Basket.objects.count() == 1
