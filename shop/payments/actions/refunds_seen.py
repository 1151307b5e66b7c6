"""What Stripe says of refunds: ours, and those that somebody made in Stripe's dashboard."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import stripe
import structlog
from django.db import transaction
from django.utils import timezone

from shop.orders.actions.moving import lock
from shop.payments import cases, gateway, refunding
from shop.payments.actions.intents import payment_of_intent
from shop.payments.case_models import PaymentCase
from shop.payments.models import Payment, Refund
from shop.payments.stripe_amounts import from_stripe

log = structlog.get_logger("vitrine.payments")
ZERO = Decimal(0)
STRIPE = "stripe"


def apply_refund(said: stripe.Refund, *, cause: str) -> str:
    """Apply what a refund is now; one that is not ours is written down and becomes a case. Repeatable, in any order.

    :raises stripe.StripeError: Stripe could not be asked.
    :raises shop.payments.refunding.NotRefundable: a refund of ours claims the same money still; try again later.
    """
    row = _known(said)
    if row is None:
        if said.status in {"failed", "canceled"}:
            return "not ours, and it failed"
        intent = said.payment_intent
        intent_id = intent if isinstance(intent, str) else intent.id if intent else ""
        payment = payment_of_intent(intent_id, cause=cause)
        if payment is None:
            return "not ours"
        row = _write_down(said, payment_id=payment.id)
    after = refunding.apply(refund_id=row.id, said=said)
    return f"refund {after.state}"


def apply_refunds_of_charge(charge_id: str, *, cause: str) -> str:
    """Apply all refunds of a charge.

    :raises stripe.StripeError: Stripe could not be asked.
    :raises shop.payments.refunding.NotRefundable: as :func:`apply_refund`.
    """
    found = gateway.client().v1.refunds.list(params={"charge": charge_id, "limit": 100})
    outcomes = [apply_refund(one, cause=cause) for one in found.auto_paging_iter()]
    return ", ".join(dict.fromkeys(outcomes)) or "nothing to do"


def _known(said: stripe.Refund) -> Refund | None:
    row = Refund.objects.filter(stripe_id=said.id).first()
    names = said.metadata.to_dict() if said.metadata else {}
    if row is None and names.get("refund"):
        try:
            wanted = UUID(names["refund"])
        except ValueError:
            return None
        row = Refund.objects.filter(id=wanted).first()
    return row


@transaction.atomic
def _write_down(said: stripe.Refund, *, payment_id: UUID) -> Refund:
    payment = Payment.objects.select_for_update().get(id=payment_id)
    order = lock(payment.order_id)
    standing = Refund.objects.filter(stripe_id=said.id).first()
    if standing:
        return standing
    amount = from_stripe(said.amount, said.currency)
    row = Refund.objects.create(
        order=order,
        payment=payment,
        cause_key=f"stripe:{said.id}",
        reason=Refund.Reason.MADE_AT_STRIPE,
        actor=STRIPE,
        currency=said.currency.upper(),
        amount=amount,
        goods=ZERO,
        shipping=ZERO,
        duty=ZERO,
        fees=ZERO,
        tax_on_top=ZERO,
        other=amount,
        stripe_id=said.id,
        due_at=timezone.now() + timedelta(minutes=1),
    )
    refunding.take_money(row, payment)
    cases.open_case(
        kind=PaymentCase.Kind.REFUND_ELSEWHERE,
        cause_key=f"refund:{said.id}",
        payment=payment,
        refund=row,
        facts=f"{amount} {row.currency} were sent back at Stripe ({said.id}), not here. What that was for the shop "
        "does not know: units, royalties and papers are as they were.",
    )
    log.error("refund made at Stripe", order=order.number, amount=str(amount), refund=said.id)
    return row
