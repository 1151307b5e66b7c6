"""Disputes: what a bank takes back, and what the shop answers."""

from datetime import UTC, datetime
from io import BytesIO

import stripe
import structlog
from django.db import transaction
from django.utils import timezone
from stripe.params import DisputeUpdateParams, DisputeUpdateParamsEvidence

from shop.payments import cases, gateway
from shop.payments.actions.intents import payment_of_intent
from shop.payments.case_models import OVER, TO_ANSWER, Dispute, PaymentCase
from shop.payments.models import Payment
from shop.payments.stripe_amounts import from_stripe

log = structlog.get_logger("vitrine.payments")


class _Bundle(BytesIO):
    """A file as the SDK sends one: with a name."""

    name = "evidence.pdf"


class NotAnswerable(Exception):
    """The dispute takes no evidence any more."""


def apply_dispute(said: stripe.Dispute, *, cause: str) -> str:
    """Apply what a dispute is now. Repeatable, in any order: one that is over does not open again.

    Goods are not booked back and royalties stay owed: licences allow no deduction for bad debt.

    :raises stripe.StripeError: Stripe could not be asked.
    """
    intent = said.payment_intent
    intent_id = intent if isinstance(intent, str) else intent.id if intent else ""
    payment = payment_of_intent(intent_id, cause=cause)
    if payment is None:
        return "not ours"
    with transaction.atomic():
        locked = Payment.objects.select_for_update().get(id=payment.id)
        return _write(said, locked)


def _write(said: stripe.Dispute, payment: Payment) -> str:
    row = Dispute.objects.filter(stripe_id=said.id).first()
    if row and row.state in OVER and said.status not in OVER:
        return "an older state"
    amount = from_stripe(said.amount, said.currency)
    due = said.evidence_details.due_by if said.evidence_details else None
    # Balance transactions are in the account's currency: only their sign tells of this money.
    gone = sum(one.amount for one in said.balance_transactions) < 0
    over = said.status in OVER
    known = row or Dispute(stripe_id=said.id, payment=payment, opened_at=datetime.fromtimestamp(said.created, UTC))
    known.state = said.status
    known.reason = said.reason[:60]
    known.amount, known.currency = amount, said.currency.upper()
    known.withdrawn = amount if gone else amount * 0
    known.due_by = datetime.fromtimestamp(due, UTC) if due else None
    if over and known.closed_at is None:
        known.closed_at = timezone.now()
    known.save()
    if row is None:
        log.error("dispute", order=payment.order.number, amount=str(amount), reason=said.reason)
    cases.open_case(
        kind=PaymentCase.Kind.DISPUTE,
        cause_key=f"dispute:{said.id}",
        payment=payment,
        facts=f"The buyer's bank disputes {amount} {known.currency}: {said.reason.replace('_', ' ')}.",
    )
    if over:
        cases.close_by_cause(f"dispute:{said.id}", actor="stripe", resolution=f"The dispute is over: {said.status}.")
    return f"dispute {said.status}"


def send_evidence(*, dispute_id: int, evidence: DisputeUpdateParamsEvidence, bundle: bytes, actor: str) -> Dispute:
    """Hand the evidence and the bundle (PDF) to the bank; it takes them once.

    :raises NotAnswerable: the dispute waits for no answer.
    :raises stripe.StripeError: Stripe refused or could not be asked; it may be tried again.
    """
    row = Dispute.objects.get(id=dispute_id)
    if row.state not in TO_ANSWER:
        raise NotAnswerable(f"The dispute is {row.get_state_display()}: it takes no evidence.")
    client = gateway.client()
    file = client.v1.files.create(
        params={"purpose": "dispute_evidence", "file": _Bundle(bundle)},
    )
    params: DisputeUpdateParams = {
        "evidence": {**evidence, "uncategorized_file": file.id},
        "metadata": {"order": row.payment.order.number},
        "submit": True,
    }
    said = client.v1.disputes.update(row.stripe_id, params=params)
    with transaction.atomic():
        Payment.objects.select_for_update().get(id=row.payment_id)
        Dispute.objects.filter(id=row.id).update(
            evidence_sent_at=timezone.now(), evidence_sent_by=actor[:80], evidence_file=file.id
        )
        cases.close_by_cause(f"dispute:{row.stripe_id}", actor=actor, resolution="Evidence was sent to the bank.")
    log.info("evidence sent", order=row.payment.order.number, dispute=row.stripe_id, actor=actor)
    apply_dispute(said, cause="evidence sent")
    row.refresh_from_db()
    return row
