"""How the shop itself is while its neighbours misbehave, read in a fixed number of statements."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from config import task_metrics
from shop.alerts.models import Mail
from shop.orders.models import Order, OrderState
from shop.payments.case_models import PaymentCase
from shop.payments.models import Payment, Refund, StripeEvent

# The sweeps that make up for what a fault has lost.
SWEEPS = (
    ("shop.payments.redrive_events", "Events processed again"),
    ("shop.payments.create_missing_sessions", "Missing sessions opened"),
    ("shop.payments.reconcile_open_sessions", "Stripe asked about open sessions"),
    ("shop.payments.send_refunds", "Refunds sent again"),
    ("shop.payments.refund_paid_without_stock", "Late money sent back"),
    ("shop.orders.expire_unpaid", "Unpaid orders expired"),
    ("shop.channels.pull_orders", "Marketplace orders fetched"),
    ("shop.crossborder.send_customs", "Customs messages sent"),
)


@dataclass(frozen=True)
class Figure:
    """How many rows wait, and the list of them."""

    title: str
    count: int
    link: str
    grave: bool = False


@dataclass(frozen=True)
class Sweep:
    """When a sweep last ran through, and whether that is longer ago than it should be."""

    title: str
    ran: datetime | None
    late: bool


def figures() -> list[Figure]:
    """Count what waits."""

    def made(title: str, rows: Any, page: str, query: str, *, grave: bool = False) -> Figure:
        return Figure(title, rows.count(), reverse(f"admin:{page}_changelist") + query, grave)

    payment, order = Payment.State, OrderState
    return [
        made(
            _("Events unprocessed"), StripeEvent.objects.filter(processed_at=None), "shop_stripeevent", "", grave=True
        ),
        made(
            _("Sessions to open"),
            Payment.objects.filter(state=payment.PENDING),
            "shop_payment",
            "?state__exact=pending",
        ),
        made(_("Payments open"), Payment.objects.filter(state=payment.OPEN), "shop_payment", "?state__exact=open"),
        made(
            _("Orders awaiting payment"),
            Order.objects.filter(state=order.AWAITING_PAYMENT),
            "shop_order",
            "?state__exact=awaiting_payment",
        ),
        made(
            _("Paid without stock"),
            Order.objects.filter(state=order.PAID_WITHOUT_STOCK),
            "shop_order",
            "?state__exact=paid_without_stock",
            grave=True,
        ),
        made(_("Refunds being sent"), Refund.objects.filter(state=Refund.State.PENDING), "shop_refund", ""),
        made(_("Payment cases"), PaymentCase.objects.filter(resolved_at=None), "shop_paymentcase", "", grave=True),
        _mails(),
    ]


def _mails() -> Figure:
    waiting = Mail.objects.filter(state__in=[Mail.State.WAITING, Mail.State.SENDING]).count()
    return Figure(_("Mails waiting"), waiting, "")


def sweeps(now: datetime) -> list[Sweep]:
    """Return when each sweep last ran through. One is late after three of its periods and a minute."""
    ran = task_metrics.last_successes()
    found = []
    for task, title in SWEEPS:
        every = float(str(settings.CELERY_BEAT_SCHEDULE[task]["schedule"]))
        last = datetime.fromtimestamp(ran[task], UTC) if task in ran else None
        late = last is None or (now - last).total_seconds() > 3 * every + 60
        found.append(Sweep(title, last, late))
    return found
