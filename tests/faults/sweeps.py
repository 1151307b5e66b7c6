"""What beat and the workers do, with time moved in the database instead of waited for."""

from datetime import timedelta
from types import SimpleNamespace
from unittest import mock

from django.utils import timezone

from shop.models import Order, Payment, Refund, StripeEvent
from shop.orders import tasks as order_tasks
from shop.payments import tasks

LONG = timedelta(minutes=10)


def time_passes() -> None:
    """Every row that waits has waited long enough."""
    now = timezone.now()
    StripeEvent.objects.filter(processed_at=None).update(due_at=now)
    Payment.objects.filter(state__in=["open", "processing"]).update(updated_at=now - LONG)
    Refund.objects.filter(state="pending").update(due_at=now)


def work_inbox() -> None:
    """Process what the inbox holds, as the worker would."""
    for row_id in StripeEvent.objects.filter(processed_at=None).order_by("id").values_list("id", flat=True):
        tasks.process_event(row_id)


def sweep() -> None:
    """One round of every sweep of payments and orders, after some time."""
    time_passes()
    work_inbox()
    order_tasks.expire_unpaid()
    open_missing_sessions()
    tasks.reconcile_open_sessions()
    tasks.refund_paid_without_stock()
    tasks.send_refunds()


def open_missing_sessions() -> None:
    """Half a minute later. A payment's own time stays as it is: its session's parameters are made of it."""
    moved = SimpleNamespace(now=lambda: timezone.now() + timedelta(seconds=30))
    with mock.patch.object(tasks, "timezone", moved):
        tasks.create_missing_sessions()


def let_expire() -> None:
    """The payment window of every waiting order is over."""
    Order.objects.filter(state__in=["awaiting_payment", "payment_failed"]).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    order_tasks.expire_unpaid()
