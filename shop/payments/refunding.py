"""Money back. The row is written first, then Stripe is asked outside any transaction, then the outcome is applied once.

A worker that dies in between leaves a row that is due again; the row's id is the idempotency key, so that asking again
never pays back twice. Locks are taken payment first, then order, as everywhere in this room.
"""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import stripe
import structlog
from django.db.models import F
from django.utils import timezone

from shop.crossborder.money import round_money
from shop.orders.models import Order, OrderState
from shop.orders.shipment_models import LEFT
from shop.payments import gateway
from shop.payments.models import Refund
from shop.payments.refund_claims import NotRefundable, claim, claim_whole, shipping_left, take_money, worked_out
from shop.payments.refund_outcomes import apply, settle
from shop.payments.stripe_amounts import to_stripe

__all__ = [
    "NotRefundable",
    "again_key",
    "apply",
    "claim_whole",
    "latest_try",
    "refund",
    "refund_in_full",
    "send",
    "shipping_left",
    "take_money",
    "worked_out",
]
log = structlog.get_logger("vitrine.payments")
# Stripe forgets an idempotency key after 24 hours; from then on it is asked what it has before it is told anything.
KEY_LIVES = timedelta(hours=20)
AWAY = {OrderState.SHIPPED, OrderState.DELIVERED, OrderState.COMPLETED, OrderState.RETURNED}
ZERO = Decimal(0)


def refund(
    *,
    order_id: UUID,
    lines: Mapping[int, int] | None,
    shipping: Decimal = ZERO,
    reason: str,
    cause_key: str,
    actor: str,
    note: str = "",
    deduction: Decimal = ZERO,
    duties: bool = True,
) -> Refund:
    """Pay back units of an order (order line id → units) and an amount for delivery; None: all that is left.

    Duty, fees and tax follow the goods; ``duties=False`` keeps duty and fees. ``deduction`` is kept of the sum, for
    goods that lost value. Units that have not left are cancelled at once, so that they cannot leave without being
    paid for. The same ``cause_key`` pays back once. The refund is pending while Stripe cannot be asked.

    :raises NotRefundable: unpaid or paid elsewhere (a marketplace), more than is left, or units that stand packed.
    :raises shop.payments.gateway.NotConfigured: no Stripe key is set.
    """
    row = claim(
        order_id=order_id,
        lines=lines,
        shipping=shipping,
        reason=reason,
        cause_key=cause_key,
        actor=actor,
        note=note,
        deduction=deduction,
        duties=duties,
    )
    return send(refund_id=row.id)


def send(*, refund_id: UUID) -> Refund:
    """Ask Stripe to pay back, and apply what it says; a refund that was settled stays as it is.

    While Stripe cannot be asked the refund stays pending and the sweep asks again.
    """
    row = Refund.objects.select_related("payment", "order").get(id=refund_id)
    if row.state != Refund.State.PENDING:
        return row
    wait = timedelta(seconds=min(2**row.attempts * 15, 3600))
    Refund.objects.filter(id=row.id).update(attempts=F("attempts") + 1, due_at=timezone.now() + wait)
    try:
        said = _ask(row)
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        # Stripe will say the same tomorrow: a person has to look.
        return settle(row.id, Refund.State.FAILED, error=error.user_message or str(error))
    except stripe.StripeError as error:
        Refund.objects.filter(id=row.id).update(last_error=str(error)[:2000])
        log.warning("refund waits", order=row.order.number, error=str(error))
        row.refresh_from_db()
        return row
    return apply(refund_id=row.id, said=said)


def _ask(row: Refund) -> stripe.Refund:
    client = gateway.client()
    if row.stripe_id:
        return client.v1.refunds.retrieve(row.stripe_id)
    if row.created_at < timezone.now() - KEY_LIVES:
        known = client.v1.refunds.list(params={"payment_intent": row.payment.payment_intent, "limit": 100})
        for one in known.auto_paging_iter():
            if one.metadata and one.metadata.to_dict().get("refund") == str(row.id):
                return one
    return client.v1.refunds.create(
        params={
            "payment_intent": row.payment.payment_intent,
            "amount": to_stripe(round_money(row.amount, row.currency), row.currency),
            "metadata": {"order": row.order.number, "refund": str(row.id)},
        },
        options={"idempotency_key": f"refund:{row.id}"},
    )


def again_key(failed: Refund) -> str:
    """Return the cause key under which a failed refund is tried once more: one for all doors, so one new try."""
    return f"again:{failed.id}"


def latest_try(row: Refund) -> Refund:
    """Return the refund that stands for this one: the last of the tries that followed where it failed."""
    while row.state == Refund.State.FAILED:
        following = Refund.objects.filter(cause_key=again_key(row)).first()
        if following is None:
            break
        row = following
    return row


def refund_in_full(*, order_id: UUID, actor: str, cause: str) -> Refund:
    """Send back all of an order of which nothing has left; its units go back on sale. Repeating pays back once.

    :raises NotRefundable: as :func:`refund`, and when a parcel has left.
    """
    order = Order.objects.get(id=order_id)
    if order.shipments.filter(state__in=LEFT).exists() or order.state in AWAY:
        raise NotRefundable(f"Parcels of order {order.number} have left: pay back by line, or take a return.")
    without = order.state == OrderState.PAID_WITHOUT_STOCK
    # A refund that failed is no reason not to try again; one that hangs or is through is the one that stands.
    tried = order.refunds.filter(state=Refund.State.FAILED).count()
    return refund(
        order_id=order_id,
        lines=None,
        reason=Refund.Reason.WITHOUT_STOCK if without else Refund.Reason.CANCELLED,
        cause_key=f"full:{order_id}:{tried}",
        actor=actor,
        note=cause,
    )
