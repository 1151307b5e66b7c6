"""Stripe hangs, refuses or answers nobody, and workers die in the middle: one session, one charge, one refund."""

from decimal import Decimal

import pytest

from shop.models import Order, OrderLine, Payment, Refund
from shop.payments import actions, refunding, tasks
from tests.faults.books import books_agree
from tests.faults.shopping import place
from tests.faults.stripe_side import eventually
from tests.faults.sweeps import open_missing_sessions, sweep, time_passes, work_inbox
from tests.faults.workers import worker

TRIES = 3  # what the SDK does of itself when it reads a 500: one call and two more
pytestmark = pytest.mark.django_db(transaction=True)


def paid(stripe_side, payment: Payment) -> Order:
    """Pay on Stripe's page and let the webhook do the rest."""
    stripe_side.press(payment.url)
    eventually(stripe_side.delivered)
    work_inbox()
    order = Order.objects.get()
    assert order.state == "paid"
    return order


@pytest.mark.parametrize(
    ("fault", "sessions"), [({"timeout_after": 1}, 1), ({"timeout_before": 1}, 0), ({"fail_next": TRIES}, 0)], ids=str
)
def test_stripe_is_not_to_be_heard_while_an_order_is_placed(world, stripe_side, fault, sessions):
    stripe_side.faults(**fault)
    placed = place(world, 2)
    assert (placed.order.state, placed.payment.state, placed.payment.url) == ("awaiting_payment", "pending", "")
    # Whether Stripe has made one, the shop cannot know.
    assert len(stripe_side.state()["sessions"]) == sessions
    open_missing_sessions()
    placed.payment.refresh_from_db()
    assert placed.payment.state == "open"
    assert [one["id"] for one in stripe_side.state()["sessions"]] == [placed.payment.session_id]
    paid(stripe_side, placed.payment)
    books_agree(stripe_side)


def test_fewer_failures_than_tries_are_not_even_noticed(world, stripe_side):
    stripe_side.faults(fail_next=TRIES - 1)
    placed = place(world, 2)
    assert placed.payment.state == "open"
    paid(stripe_side, placed.payment)
    books_agree(stripe_side)


def test_without_the_key_an_unheard_answer_makes_a_second_session(world, stripe_side):
    """The negative control: were the key not kept, two pages could be paid for one order."""
    stripe_side.faults(timeout_after=1)
    placed = place(world, 2)
    stripe_side.forget_keys()
    actions.open_session(payment=placed.payment)
    pages = [one["url"] for one in stripe_side.state()["sessions"]]
    assert len(pages) == 2
    for page in pages:
        stripe_side.press(page)
    eventually(stripe_side.delivered)
    work_inbox()
    with pytest.raises(AssertionError, match="has no payment"):
        books_agree(stripe_side)


def test_stripe_fails_while_an_event_is_processed(placed, stripe_side):
    stripe_side.press(placed.payment.url)
    eventually(stripe_side.delivered)
    stripe_side.faults(fail_next=1000)
    work_inbox()
    assert Order.objects.get().state == "awaiting_payment"
    stripe_side.faults(fail_next=0)
    sweep()
    assert Order.objects.get().state == "paid"
    books_agree(stripe_side)


# --- A worker is killed after the refund call and before our commit ----------------------------------------------------


def kill_after_the_refund(stripe_side) -> Refund:
    """Claim a refund of one mug; a worker sends it, Stripe pays back, and the worker dies before it hears of it."""
    placed_order = paid(stripe_side, Payment.objects.get())
    line = OrderLine.objects.get()
    # The first call is not heard of at all, so that the row is there and the sweep's worker sends it.
    stripe_side.faults(timeout_before=1)
    row = refunding.refund(
        order_id=placed_order.id,
        lines={line.id: 1},
        reason=Refund.Reason.GOODWILL,
        cause_key="goodwill:1",
        actor="test",
    )
    assert row.state == "pending"
    stripe_side.faults(timeout_after=1, hang_seconds=60)
    time_passes()
    with worker(stripe_side.address, "shop.payments.send_refunds") as victim:
        eventually(lambda: stripe_side.state()["refunds"])
        victim.kill()
    stripe_side.faults(timeout_after=0, hang_seconds=0)
    row.refresh_from_db()
    assert (row.state, row.stripe_id) == ("pending", None)
    return row


def test_a_worker_dies_between_stripes_refund_and_our_commit(placed, stripe_side):
    row = kill_after_the_refund(stripe_side)
    with worker(stripe_side.address):
        time_passes()
        tasks.send_refunds.delay()
        eventually(lambda: Refund.objects.get().state == "succeeded")
    eventually(stripe_side.delivered)
    work_inbox()
    assert [one["amount"] for one in stripe_side.state()["refunds"]] == [1800]
    assert (Payment.objects.get().refunded, row.amount) == (Decimal(18), Decimal(18))
    books_agree(stripe_side)


def test_without_the_key_the_refund_goes_out_twice(placed, stripe_side):
    """The negative control: Stripe has forgotten the key, and the books say that too much went back."""
    kill_after_the_refund(stripe_side)
    stripe_side.forget_keys()
    time_passes()
    tasks.send_refunds()
    assert [one["amount"] for one in stripe_side.state()["refunds"]] == [1800, 1800]
    with pytest.raises(AssertionError, match="Stripe 3600"):
        books_agree(stripe_side)
