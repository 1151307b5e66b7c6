"""Payments against a Stripe that is another process: signed events, an inbox, exactly one charge, honest refunds."""

import json
import time
from datetime import timedelta
from decimal import Decimal

import pytest
import stripe
from django.urls import reverse
from django.utils import timezone

from inventory.models import Balance
from inventory.stock import proofs
from licensing.models import RoyaltyEntry
from shop.checkout import actions as checkout
from shop.models import Order, Payment, StripeEvent
from shop.orders import actions as orders
from shop.payments import actions, refunding, tasks
from tests import factories as make
from tests.shop.payments.conftest import WEBHOOK_SECRET

pytestmark = pytest.mark.django_db


@pytest.fixture
def placed(stripe_side):
    """An order for two mugs whose payment page is open."""
    make.agreement()
    make.tax_rates()
    return checkout.place_order(
        basket=make.basket((make.variant("MUG-1"), 2)),
        email="ada@example.org",
        ship_to=make.address(),
        shipping_option="standard",
        cause_key="k",
    )


def sign(body: str, *, secret: str = WEBHOOK_SECRET, age: int = 0) -> str:
    stamp = int(time.time()) - age
    return f"t={stamp},v1={stripe.WebhookSignature._compute_signature(f'{stamp}.{body}', secret)}"


def deliver(client, event: dict, **signing):
    body = json.dumps(event)
    return client.post(
        reverse("stripe_webhook"),
        data=body,
        content_type="application/json",
        headers={"Stripe-Signature": sign(body, **signing)},
    )


def completed_event(stripe_side) -> dict:
    return next(one for one in stripe_side.state()["events"] if one["type"] == "checkout.session.completed")


def process_inbox() -> None:
    for row in StripeEvent.objects.filter(processed_at=None):
        actions.process_event(event_row_id=row.id)


def test_the_session_asks_for_exactly_the_total(placed, stripe_side):
    session = stripe_side.state()["sessions"][0]
    assert placed.payment.state == "open"
    assert placed.payment.url.startswith(stripe_side.address)
    assert (session["amount_total"], session["currency"]) == (4095, "gbp")
    assert session["metadata"]["order"] == placed.order.number
    assert session["expires_at"] < placed.order.expires_at.timestamp()


def test_pay_event_inbox_paid(placed, stripe_side, client):
    assert stripe_side.press(placed.payment.url, "card").status_code == 303
    assert deliver(client, completed_event(stripe_side)).status_code == 200
    process_inbox()
    placed.order.refresh_from_db()
    placed.payment.refresh_from_db()
    balance = Balance.objects.get()
    assert (placed.order.state, placed.payment.state) == ("paid", "succeeded")
    assert (balance.on_hand, balance.held, balance.allocated) == (10, 0, 2)
    assert RoyaltyEntry.objects.get().amount == Decimal("2.40")


def test_the_same_event_twice_is_processed_once(placed, stripe_side, client):
    stripe_side.press(placed.payment.url, "card")
    event = completed_event(stripe_side)
    for _ in range(3):
        assert deliver(client, event).status_code == 200
        process_inbox()
    row = StripeEvent.objects.get()
    assert row.attempts == 1
    assert RoyaltyEntry.objects.count() == 1
    assert actions.process_event(event_row_id=row.id) == row.outcome == "order paid"


@pytest.mark.parametrize(
    ("signing", "why"),
    [({"secret": "whsec_wrong"}, "wrong secret"), ({"age": 301}, "too old")],
)
def test_a_wrong_or_old_signature_is_refused_and_nothing_stored(placed, stripe_side, client, signing, why):
    stripe_side.press(placed.payment.url, "card")
    assert deliver(client, completed_event(stripe_side), **signing).status_code == 400, why
    assert not StripeEvent.objects.exists()
    placed.order.refresh_from_db()
    assert placed.order.state == "awaiting_payment"


def test_no_signature_or_no_json_is_refused(client, stripe_side):
    url = reverse("stripe_webhook")
    assert client.post(url, data="{}", content_type="application/json").status_code == 400
    bad = client.post(url, data="{", content_type="application/json", headers={"Stripe-Signature": sign("{")})
    assert bad.status_code == 400
    assert client.get(url).status_code == 405
    assert not StripeEvent.objects.exists()


def test_a_signature_that_is_no_ascii_is_refused(client, stripe_side):
    signature = f"t={int(time.time())},v1=\xe9"
    bad = client.post(reverse("stripe_webhook"), "{}", content_type="application/json", HTTP_STRIPE_SIGNATURE=signature)
    assert bad.status_code == 400
    assert not StripeEvent.objects.exists()


def test_the_inbox_keeps_no_personal_data(placed, stripe_side, client):
    stripe_side.press(placed.payment.url, "card")
    event = completed_event(stripe_side)
    assert "ada@example.org" in json.dumps(event)
    deliver(client, event)
    assert "ada@example.org" not in json.dumps(StripeEvent.objects.get().payload)


def test_declined_stays_unpaid_and_can_be_paid_after(placed, stripe_side):
    stripe_side.press(placed.payment.url, "decline")
    assert actions.reconcile(payment_id=placed.payment.id) == "declined; the session is still open"
    assert Payment.objects.get().last_error == "Your card was declined."
    stripe_side.press(placed.payment.url, "card")
    assert actions.reconcile(payment_id=placed.payment.id) == "order paid"


def test_a_lost_event_is_found_by_reconciliation(placed, stripe_side):
    stripe_side.press(placed.payment.url, "card")
    Payment.objects.update(updated_at=timezone.now() - timedelta(minutes=5))
    tasks.reconcile_open_sessions()
    placed.order.refresh_from_db()
    assert placed.order.state == "paid"


def test_paid_without_stock_refunds_itself(placed, stripe_side):
    Order.objects.update(expires_at=timezone.now())
    orders.expire_unpaid()
    mug = placed.order.lines.get().variant
    winner = checkout.place_order(
        basket=make.basket((mug, 10)),
        email="bob@example.org",
        ship_to=make.address(),
        shipping_option="standard",
        cause_key="winner",
    ).order
    orders.mark_paid(order_id=winner.id, actor="test", cause="test")
    stripe_side.press(placed.payment.url, "card")
    actions.reconcile(payment_id=placed.payment.id)
    placed.order.refresh_from_db()
    assert placed.order.state == "paid_without_stock"
    for _ in range(2):
        tasks.refund_paid_without_stock()
    placed.order.refresh_from_db()
    refunds = stripe_side.state()["refunds"]
    assert placed.order.state == "refunded"
    assert [refund["amount"] for refund in refunds] == [4095]
    assert RoyaltyEntry.objects.count() == 1  # the winner's alone


def test_a_refund_returns_money_stock_and_royalty_once(placed, stripe_side):
    stripe_side.press(placed.payment.url, "card")
    actions.reconcile(payment_id=placed.payment.id)
    for _ in range(2):
        refunding.refund_in_full(order_id=placed.order.id, actor="test", cause="asked")
    assert len(stripe_side.state()["refunds"]) == 1
    balance = Balance.objects.get()
    assert (balance.on_hand, balance.held, balance.allocated) == (10, 0, 0)
    assert sum(entry.amount for entry in RoyaltyEntry.objects.all()) == 0
    assert proofs.differences() == {}


def test_an_amount_that_differs_is_never_paid(placed, stripe_side):
    Payment.objects.update(amount=Decimal("99.00"))
    stripe_side.press(placed.payment.url, "card")
    assert "mismatch" in actions.reconcile(payment_id=placed.payment.id)
    placed.order.refresh_from_db()
    assert placed.order.state == "awaiting_payment"


def test_stripe_away_while_placing_the_sweep_opens_the_session(stripe_side, settings):
    from shop.payments import gateway

    make.agreement()
    make.tax_rates()
    base, settings.STRIPE_API_BASE = settings.STRIPE_API_BASE, "http://127.0.0.1:9"
    gateway.client.cache_clear()
    placed = checkout.place_order(
        basket=make.basket((make.variant("MUG-1"), 1)),
        email="ada@example.org",
        ship_to=make.address(),
        shipping_option="standard",
        cause_key="k",
    )
    assert (placed.payment.state, placed.payment.url, placed.order.state) == ("pending", "", "awaiting_payment")
    settings.STRIPE_API_BASE = base
    gateway.client.cache_clear()
    Payment.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    tasks.create_missing_sessions()
    placed.payment.refresh_from_db()
    assert placed.payment.state == "open"


def test_a_session_whose_answer_was_lost_is_not_made_twice(placed, stripe_side, monkeypatch):
    first = placed.payment.session_id
    later = timezone.now() + timedelta(minutes=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    Payment.objects.update(state="pending", session_id=None, url="")
    placed.payment.refresh_from_db()
    assert actions.open_session(payment=placed.payment).session_id == first
    assert len(stripe_side.state()["sessions"]) == 1


def test_an_event_for_a_session_we_never_heard_back_about_is_adopted(placed, stripe_side, client):
    stripe_side.press(placed.payment.url, "card")
    Payment.objects.update(state="pending", session_id=None, url="")
    deliver(client, completed_event(stripe_side))
    process_inbox()
    placed.order.refresh_from_db()
    assert placed.order.state == "paid"
