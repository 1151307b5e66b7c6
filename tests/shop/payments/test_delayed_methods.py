"""Banks that answer in days: the order waits with its units set aside, then it is paid, or may be paid anew."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import Balance
from inventory.stock import proofs
from shop.alerts.models import Mail
from shop.models import Order, Payment, StripeEvent
from shop.orders import actions as orders
from shop.payments import actions, tasks
from shop.storefront.queries.orders import status_of
from tests.shop.payments.conftest import deliver, our_balance, place, process_inbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(stripe_side):
    """An order whose buyer has told his bank to pay."""
    placed = place()
    stripe_side.press(placed.payment.url, "bacs_debit")
    return placed


def seen(stripe_side, client, *, order=1, times=1) -> None:
    """Hand all events over, in the order given, each so many times, and process them."""
    events = stripe_side.state()["events"][::-1]  # the oldest first
    for event in events[::order]:
        for _ in range(times):
            assert deliver(client, event).status_code == 200
    process_inbox()


def fresh(placed) -> tuple[Order, Payment]:
    return Order.objects.get(id=placed.order.id), Payment.objects.get(id=placed.payment.id)


def test_while_the_bank_works_the_order_waits_and_keeps_its_units(asked, stripe_side, client, settings):
    seen(stripe_side, client)
    order, payment = fresh(asked)
    assert (order.state, payment.state, payment.charged) == ("awaiting_payment", "processing", None)
    in_days = timezone.now() + settings.PAYMENT_PROCESSING_LIMIT
    assert abs(order.expires_at - in_days) < timedelta(minutes=1)
    assert order.hold.expires_at == order.expires_at
    status = status_of(order, returned=True)
    assert (status.title, status.payable, status.moving) == ("Your bank is working on your payment", False, False)
    assert actions.try_again(order_id=order.id) is None
    assert our_balance() == stripe_side.balance() == 0


@pytest.mark.parametrize(("order", "times"), [(1, 1), (-1, 2)])
def test_the_bank_pays_after_days(asked, stripe_side, client, order, times):
    seen(stripe_side, client)
    stripe_side.act(f"sessions/{asked.payment.session_id}/settle")
    StripeEvent.objects.update(processed_at=None)
    seen(stripe_side, client, order=order, times=times)
    after, payment = fresh(asked)
    assert (after.state, payment.state) == ("paid", "succeeded")
    balance = Balance.objects.get()
    assert (balance.on_hand, balance.held, balance.allocated) == (10, 0, 2)
    assert our_balance() == stripe_side.balance() == Decimal("40.95")
    assert proofs.differences() == {}


def test_the_bank_refuses_and_the_buyer_pays_otherwise(asked, stripe_side, client, settings):
    seen(stripe_side, client)
    stripe_side.act(f"sessions/{asked.payment.session_id}/fail")
    seen(stripe_side, client, order=-1)
    order, payment = fresh(asked)
    assert (order.state, payment.state) == ("payment_failed", "failed")
    assert payment.last_error == "The payment was declined."
    assert Balance.objects.get().held == 2
    assert abs(order.expires_at - timezone.now() - settings.PAYMENT_RETRY_WINDOW) < timedelta(minutes=1)
    assert status_of(order).payable
    assert Mail.objects.filter(kind="payment_failed", order_id=order.id).count() == 1
    again = actions.try_again(order_id=order.id)
    assert (again.attempt, again.state) == (2, "open")
    assert actions.try_again(order_id=order.id).id == again.id
    assert Order.objects.get().state == "awaiting_payment"
    stripe_side.press(again.url, "card")
    assert actions.reconcile(payment_id=again.id) == "order paid"
    assert our_balance() == stripe_side.balance() == Decimal("40.95")


def test_a_lost_event_is_found_by_asking(asked, stripe_side):
    actions.reconcile(payment_id=asked.payment.id)
    stripe_side.act(f"sessions/{asked.payment.session_id}/settle")
    Payment.objects.update(updated_at=timezone.now() - timedelta(hours=7))
    tasks.reconcile_open_sessions()
    assert fresh(asked)[0].state == "paid"


def test_waiting_has_a_limit_and_late_money_still_counts_while_units_are_there(asked, stripe_side, settings):
    actions.reconcile(payment_id=asked.payment.id)
    Order.objects.update(expires_at=timezone.now())
    assert orders.expire_unpaid() == 1
    stripe_side.act(f"sessions/{asked.payment.session_id}/settle")
    assert actions.reconcile(payment_id=asked.payment.id) == "order paid after its time"
    assert Balance.objects.get().allocated == 2


def test_late_money_goes_back_where_the_units_are_gone(asked, stripe_side):
    actions.reconcile(payment_id=asked.payment.id)
    orders.cancel_unpaid(order_id=asked.order.id, actor="test", cause="test")
    stripe_side.act(f"sessions/{asked.payment.session_id}/settle")
    actions.reconcile(payment_id=asked.payment.id)
    assert fresh(asked)[0].state == "paid_without_stock"
    tasks.refund_paid_without_stock()
    # A bank that takes days to pay takes days to be paid back.
    (row,) = asked.order.refunds.all()
    assert row.state == "pending"
    stripe_side.act(f"refunds/{row.stripe_id}/settle")
    asked.order.refunds.update(due_at=timezone.now())
    tasks.send_refunds()
    assert fresh(asked)[0].state == "refunded"
    assert Mail.objects.filter(kind="order_sent_back").count() == 1
    assert our_balance() == stripe_side.balance() == 0


def test_tries_have_an_end(stripe_side, settings):
    placed = place(methods=["card"])
    Payment.objects.update(state="expired")
    Order.objects.update(placed_at=timezone.now() - settings.PAYMENT_TRIES_LIMIT)
    assert actions.try_again(order_id=placed.order.id) is None
    Order.objects.update(placed_at=timezone.now() - settings.PAYMENT_TRIES_LIMIT + timedelta(minutes=36))
    assert actions.try_again(order_id=placed.order.id).attempt == 2
