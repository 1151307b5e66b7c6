"""Celery: fetch the work, call an action, nothing more. Each is idempotent; sweeps find what a lost message left."""

from datetime import timedelta

import stripe
import structlog
from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from shop.orders.models import Order, OrderState
from shop.payments import actions, crediting, refunding
from shop.payments.models import Payment, Refund, StripeEvent

log = structlog.get_logger("vitrine.payments")
BATCH = 100


@shared_task(name="shop.payments.process_event")
def process_event(event_row_id: int) -> None:
    """Process one event of the inbox; when Stripe cannot be asked, the row is due again later."""
    try:
        actions.process_event(event_row_id=event_row_id)
    except (stripe.StripeError, refunding.NotRefundable) as error:
        log.warning("event waits", row=event_row_id, error=str(error))


@shared_task(name="shop.payments.redrive_events")
def redrive_events() -> None:
    """Send every unprocessed event that is due again."""
    due = StripeEvent.objects.filter(processed_at=None).filter(Q(due_at=None) | Q(due_at__lte=timezone.now()))
    for row_id in due.order_by("id").values_list("id", flat=True)[:BATCH]:
        process_event.delay(row_id)


@shared_task(name="shop.payments.create_missing_sessions")
def create_missing_sessions() -> None:
    """Open sessions for payments whose first try failed, while the order still waits."""
    waiting = Payment.objects.filter(
        state=Payment.State.PENDING,
        order__state=OrderState.AWAITING_PAYMENT,
        created_at__lte=timezone.now() - timedelta(seconds=20),
    )
    for payment in waiting.select_related("order")[:BATCH]:
        actions.open_session(payment=payment)


@shared_task(name="shop.payments.reconcile_open_sessions")
def reconcile_open_sessions() -> None:
    """Ask Stripe about sessions that have been open for a while (an event may have been lost) or that nobody needs."""
    waiting = [OrderState.AWAITING_PAYMENT, OrderState.PAYMENT_FAILED]
    now = timezone.now()
    quiet = Q(state=Payment.State.OPEN, updated_at__lte=now - timedelta(minutes=2))
    needless = Q(state=Payment.State.OPEN) & ~Q(order__state__in=waiting)
    slow = Q(state=Payment.State.PROCESSING, updated_at__lte=now - timedelta(hours=6))
    asked = Payment.objects.filter(quiet | needless | slow).order_by("updated_at")
    for payment_id in asked.values_list("id", flat=True)[:BATCH]:
        try:
            actions.reconcile(payment_id=payment_id)
        except stripe.StripeError as error:
            log.warning("reconciliation waits", payment=str(payment_id), error=str(error))
    Payment.objects.filter(state=Payment.State.PENDING).exclude(order__state__in=waiting).update(
        state=Payment.State.EXPIRED, updated_at=now
    )


@shared_task(name="shop.payments.refund_paid_without_stock")
def refund_paid_without_stock() -> None:
    """Give the money back for orders that were paid when the stock was gone."""
    stranded = Order.objects.filter(state=OrderState.PAID_WITHOUT_STOCK, channel="web", refunds=None)
    for order_id in stranded.values_list("id", flat=True)[:BATCH]:
        refunding.refund_in_full(order_id=order_id, actor="sweeper", cause="paid without stock")


@shared_task(name="shop.payments.send_refunds")
def send_refunds() -> None:
    """Ask Stripe again for refunds whose answer never came."""
    due = Refund.objects.filter(state=Refund.State.PENDING, due_at__lte=timezone.now()).order_by("due_at")
    for refund_id in due.values_list("id", flat=True)[:BATCH]:
        refunding.send(refund_id=refund_id)


@shared_task(name="shop.payments.write_credit_notes")
def write_credit_notes() -> None:
    """Issue the credit notes of refunds that went back."""
    crediting.sweep()
