"""Many people refund the same units at once: never more goes back than was paid. With what happens without the guard."""

import pytest
from django.db.models import Sum

from shop.checkout import actions as checkout
from shop.models import Order, OrderLine, Payment, Refund
from shop.payments import actions, refund_claims, refunding
from tests import factories as make
from tests.concurrency.together import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def paid(stripe_side) -> Order:
    make.agreement()
    make.tax_rates()
    placed = checkout.place_order(
        basket=make.basket((make.variant("MUG-1"), 3)),
        email="ada@example.org",
        ship_to=make.address(),
        shipping_option="standard",
        cause_key="k",
    )
    stripe_side.press(placed.payment.url, "card")
    actions.reconcile(payment_id=placed.payment.id)
    return Order.objects.get()


def attempt(order: Order, *, cause: str):
    line = OrderLine.objects.get()

    def run(number: int) -> str:
        try:
            row = refunding.refund(
                order_id=order.id,
                lines={line.id: 1},
                reason=Refund.Reason.CANCELLED,
                cause_key=cause.format(number),
                actor="test",
            )
        except refunding.NotRefundable:
            return "refused"
        return row.state

    return run


def test_eight_people_pay_back_three_units(paid, stripe_side):
    outcomes = all_at_once(attempt(paid, cause="r-{}"))
    assert sorted(outcomes) == ["refused"] * 5 + ["succeeded"] * 3
    assert sum(one["amount"] for one in stripe_side.state()["refunds"]) == 5400
    assert Payment.objects.get().refunded == Refund.objects.aggregate(sum=Sum("amount"))["sum"] == 54


def test_one_cause_told_eight_times_pays_back_once(paid, stripe_side):
    assert set(all_at_once(attempt(paid, cause="same"))) <= {"succeeded", "pending"}
    assert [one["amount"] for one in stripe_side.state()["refunds"]] == [1800]
    assert Refund.objects.get().state == "succeeded"


def test_without_the_locks_the_checks_inside_the_writes_still_hold(paid, stripe_side, monkeypatch):
    """The negative control of the locks: taken away, two may compute from one state; the counters refuse the rest."""
    monkeypatch.setattr(refund_claims, "lock", lambda order_id: Order.objects.get(id=order_id))
    monkeypatch.setattr(refund_claims, "charged", lambda order_id: Payment.objects.filter(order_id=order_id).first())
    all_at_once(attempt(paid, cause="r-{}"))
    assert OrderLine.objects.get().refunded <= 3
    assert sum(one["amount"] for one in stripe_side.state()["refunds"]) <= 5400


def test_without_any_guard_too_much_would_go_back(paid, stripe_side, monkeypatch):
    """The negative control: with neither lock nor counter the same eight pay back more than three units."""
    monkeypatch.setattr(refund_claims, "lock", lambda order_id: Order.objects.get(id=order_id))
    monkeypatch.setattr(refund_claims, "charged", lambda order_id: Payment.objects.filter(order_id=order_id).first())
    monkeypatch.setattr(refund_claims, "_take", lambda *_facts: None)
    monkeypatch.setattr(refund_claims, "_keep_back", lambda *_facts, **_more: None)
    monkeypatch.setattr(refunding, "send", lambda *, refund_id: Refund.objects.get(id=refund_id))
    all_at_once(attempt(paid, cause="r-{}"))
    assert Refund.objects.count() > 3
