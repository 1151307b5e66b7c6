"""Webhooks that come early, late, ten at once, in reverse, or never: the order is paid once, whichever it is."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import stripe

from shop.models import Order, Payment, StripeEvent
from shop.payments import refunding, tasks
from tests.concurrency.together import all_at_once
from tests.faults.books import books_agree
from tests.faults.stripe_side import WEBHOOK_SECRET, eventually
from tests.faults.sweeps import sweep, time_passes, work_inbox

COMPLETED = "checkout.session.completed"
pytestmark = pytest.mark.django_db(transaction=True)


def state() -> str:
    return Order.objects.values_list("state", flat=True).get()


def inbox(kind: str = COMPLETED) -> int:
    return StripeEvent.objects.filter(type=kind).count()


def page(web: Any, address: str) -> str:
    answer = httpx.get(address, headers={"Accept-Language": "en"}, trust_env=False)
    assert answer.status_code == 200
    return answer.text


def post_event(web: Any, event: dict[str, Any]) -> int:
    body, now = json.dumps(event), int(time.time())
    signed = stripe.WebhookSignature._compute_signature(f"{now}.{body}", WEBHOOK_SECRET)
    headers = {"Stripe-Signature": f"t={now},v1={signed}", "Content-Type": "application/json"}
    return httpx.post(f"{web.address}/webhooks/stripe", content=body, headers=headers, trust_env=False).status_code


def test_the_webhook_comes_before_the_browser_returns(placed, stripe_side, web):
    back = stripe_side.press(placed.payment.url).headers["location"]
    eventually(inbox)
    work_inbox()
    assert state() == "paid"
    # Only now does the browser arrive.
    assert "Your order is paid" in page(web, back)
    eventually(stripe_side.delivered)
    work_inbox()
    books_agree(stripe_side)


def test_the_browser_returns_and_the_webhook_is_an_hour_late(placed, stripe_side, web):
    stripe_side.faults(delay_webhooks=3600)
    back = stripe_side.press(placed.payment.url).headers["location"]
    assert "Confirming your payment" in page(web, back)
    assert state() == "awaiting_payment"
    # Nobody waits for it: the sweep asks Stripe.
    time_passes()
    tasks.reconcile_open_sessions()
    assert state() == "paid"
    assert "Your order is paid" in page(web, back)
    assert not StripeEvent.objects.exists()
    stripe_side.later(3601)
    eventually(inbox)
    eventually(stripe_side.delivered)
    work_inbox()
    assert StripeEvent.objects.get(type=COMPLETED).outcome == "applied before"
    books_agree(stripe_side)


def test_the_same_event_ten_times_at_once(placed, stripe_side, web):
    stripe_side.faults(drop_share=100)
    stripe_side.press(placed.payment.url)
    event = stripe_side.events(COMPLETED)[0]
    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(lambda _: post_event(web, event), range(10))) == {200}
    row = StripeEvent.objects.get()
    # Each of the ten has sent a task; the workers run them together.
    all_at_once(lambda _: str(tasks.process_event(row.id)), buyers=10)
    assert state() == "paid"
    books_agree(stripe_side)


def test_events_arrive_in_reverse_order(placed, stripe_side):
    stripe_side.faults(reorder_webhooks=3600)
    stripe_side.press(placed.payment.url, "decline")
    stripe_side.press(placed.payment.url)
    time_passes()
    tasks.reconcile_open_sessions()
    order = Order.objects.get()
    refunding.refund_in_full(order_id=order.id, actor="test", cause="asked")
    stripe_side.later(3601)
    eventually(lambda: stripe_side.delivered() and StripeEvent.objects.count() == len(stripe_side.state()["events"]))
    received = list(StripeEvent.objects.order_by("id").values_list("event_id", flat=True))
    assert received == [one["id"] for one in stripe_side.state()["events"]]  # newest first
    work_inbox()
    assert state() == "refunded"
    books_agree(stripe_side)


def test_a_webhook_that_never_comes_is_made_up_for(placed, stripe_side):
    stripe_side.faults(drop_share=100)
    stripe_side.press(placed.payment.url)
    sweep()
    assert state() == "paid"
    assert not StripeEvent.objects.exists()
    # Delivered by hand afterwards, it changes nothing.
    stripe_side.deliver_again(stripe_side.events(COMPLETED)[0]["id"])
    eventually(inbox)
    work_inbox()
    books_agree(stripe_side)


def test_without_the_sweep_a_lost_webhook_loses_the_order(placed, stripe_side):
    """The negative control: the books say so when nobody asks Stripe."""
    stripe_side.faults(drop_share=100)
    stripe_side.press(placed.payment.url)
    time_passes()
    work_inbox()
    with pytest.raises(AssertionError, match="an order is lost"):
        books_agree(stripe_side)
    assert Payment.objects.get().charged is None
