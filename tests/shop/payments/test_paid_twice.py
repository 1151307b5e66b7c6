"""Two pages for one order: one is charged, and where both are, the second goes back by itself."""

from decimal import Decimal

import pytest

from shop.models import Payment, PaymentCase, Refund
from shop.orders import actions as orders
from shop.payments import actions, tasks
from shop.payments.actions import attempts
from tests.concurrency.together import all_at_once
from tests.shop.payments.conftest import our_balance, place

pytestmark = pytest.mark.django_db(transaction=True)


def two_open(stripe_side) -> tuple[Payment, Payment]:
    """Two sessions of one order that are open at Stripe: the shop had lost sight of the first."""
    placed = place(methods=["card"])
    Payment.objects.update(state="expired")
    second = actions.try_again(order_id=placed.order.id)
    return Payment.objects.get(id=placed.payment.id), second


def test_the_second_charge_goes_back_by_itself(stripe_side):
    first, second = two_open(stripe_side)
    for one in (first, second):
        stripe_side.press(one.url, "card")
    assert actions.reconcile(payment_id=second.id) == "order paid"
    assert actions.apply_session(attempts.fetch_session(first.session_id), cause="t") == "second charge: sent back"
    for _ in range(2):
        tasks.send_refunds()
        actions.apply_session(attempts.fetch_session(first.session_id), cause="t")
    assert {one.state for one in Payment.objects.all()} == {"succeeded", "second"}
    row = Refund.objects.get()
    assert (row.state, row.amount, row.other, row.reason) == (
        "succeeded",
        Decimal("40.95"),
        row.amount,
        "second_charge",
    )
    assert PaymentCase.objects.get().kind == "second_charge"
    assert our_balance() == stripe_side.balance() == Decimal("40.95")
    assert first.order.payments.model.objects.get(id=second.id).order.state == "paid"


def test_both_heard_of_at_once_only_one_pays_the_order(stripe_side):
    pages = two_open(stripe_side)
    for one in pages:
        stripe_side.press(one.url, "card")
    sessions = [attempts.fetch_session(one.session_id) for one in pages]
    all_at_once(lambda number: actions.apply_session(sessions[number % 2], cause="t"))
    assert sorted(one.state for one in Payment.objects.all()) == ["second", "succeeded"]
    tasks.send_refunds()
    assert our_balance() == stripe_side.balance() == Decimal("40.95")


def test_without_the_look_at_other_payments_the_database_refuses_the_second(stripe_side, monkeypatch):
    """The negative control: the check taken away, the second would be booked as what paid; the constraint says no."""
    from django.db import IntegrityError

    from shop.payments.actions import outcomes

    first, second = two_open(stripe_side)
    for one in (first, second):
        stripe_side.press(one.url, "card")
    actions.reconcile(payment_id=second.id)
    real = outcomes.State
    monkeypatch.setattr(outcomes, "CHARGED", [real.PENDING])
    with pytest.raises(IntegrityError, match="payment_charged_once"):
        actions.apply_session(attempts.fetch_session(first.session_id), cause="t")


def test_eight_clicks_on_try_again_open_one_page(stripe_side):
    placed = place(methods=["card"])
    stripe_side.act(f"sessions/{placed.payment.session_id}/expire")
    actions.reconcile(payment_id=placed.payment.id)
    found = all_at_once(lambda _: actions.try_again(order_id=placed.order.id))
    assert {one.attempt for one in found if one} == {2}
    assert len([one for one in stripe_side.state()["sessions"] if one["status"] == "open"]) == 1


def test_replacing_a_page_ends_the_old_one_first(stripe_side):
    placed = place(methods=["card"])
    after = attempts.replace_session(payment=placed.payment, cause="test")
    assert after.attempt == 2
    assert stripe_side.session_of(placed.payment)["status"] == "expired"
    stripe_side.press(after.url, "card")
    # It was paid meanwhile: nothing else is opened.
    assert attempts.replace_session(payment=after, cause="test") is None
    assert our_balance() == stripe_side.balance() == Decimal("40.95")


def test_the_page_of_an_order_that_ended_is_ended_too(stripe_side):
    placed = place(methods=["card"])
    orders.cancel_unpaid(order_id=placed.order.id, actor="test", cause="test")
    tasks.reconcile_open_sessions()
    assert stripe_side.session_of(placed.payment)["status"] == "expired"
    assert Payment.objects.get().state == "expired"
