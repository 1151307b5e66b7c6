"""Disputes: a cardholder's bank takes the money back, the shop answers with evidence, the bank decides."""

from typing import Any

from shop.demo.stripe_simulator import books, events, ids, shapes
from shop.demo.stripe_simulator.books import Body, Step
from shop.demo.stripe_simulator.files import FILE_FIELDS, PURPOSE
from shop.demo.stripe_simulator.parameters import group, text
from shop.demo.stripe_simulator.refusals import ApiError, bad_parameter, not_found

KIND = "dispute"
# Codes of reasons (docs.stripe.com/disputes/categories) with the card network's own code.
REASONS = {
    "fraudulent": "10.4",
    "product_not_received": "13.1",
    "product_unacceptable": "13.3",
    "duplicate": "12.6.1",
    "credit_not_processed": "13.6",
    "general": "10.4",
}
DECIDED = frozenset({"won", "lost"})
ANSWER_TIME = 9 * 24 * 60 * 60
TEXT_FIELDS = (
    "access_activity_log", "billing_address", "cancellation_policy_disclosure", "cancellation_rebuttal",
    "customer_email_address", "customer_name", "customer_purchase_ip", "duplicate_charge_explanation",
    "duplicate_charge_id", "product_description", "refund_policy_disclosure", "refund_refusal_explanation",
    "service_date", "shipping_address", "shipping_carrier", "shipping_date", "shipping_tracking_number",
    "uncategorized_text",
)  # fmt: skip
EVIDENCE = group({name: text(most=20_000) for name in (*TEXT_FIELDS, *FILE_FIELDS)})
MOST_TOLD = 150_000


def open_dispute(step: Step, charge: Body, *, reason: str) -> Body:
    """The cardholder's bank takes a charge's money back. :raises ApiError: nothing was charged, or it is disputed."""
    if not charge["paid"]:
        raise ApiError(f"Charge {charge['id']} took nothing.")
    if charge["disputed"]:
        raise ApiError(f"Charge {charge['id']} is disputed already.")
    if reason not in REASONS:
        raise bad_parameter(f"There is no reason {reason}.", param="reason")
    name = ids.fresh("du")
    amount = charge["amount"] - charge["amount_refunded"]
    if not amount:
        raise ApiError(f"All of charge {charge['id']} was refunded.")
    money = shapes.balance_transaction(
        amount=-amount, currency=charge["currency"], source=name, kind="dispute", created=step.now
    )
    kind = charge["payment_method_details"]["type"]
    card = {"brand": "visa", "case_type": "chargeback", "network": "visa", "network_reason_code": REASONS[reason]}
    made: Body = {
        "id": name,
        "object": KIND,
        "amount": amount,
        "balance_transactions": [money],
        "charge": charge["id"],
        "created": step.now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys((*TEXT_FIELDS, *FILE_FIELDS)), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": step.now + ANSWER_TIME, "enhanced_eligibility": {}, "has_evidence": False, "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {"type": "card", "card": card} if kind == "card" else {"type": kind, kind: {}},
        "reason": reason,
        "status": "needs_response",
    }  # fmt: skip
    books.insert(step, money)
    books.insert(step, made)
    books.save(step, {**charge, "disputed": True})
    events.record(step, "charge.dispute.created", made)
    events.record(step, "charge.dispute.funds_withdrawn", made)
    return made


def update(step: Step, dispute: Body, params: dict[str, Any]) -> Body:
    """Keep evidence, and hand it to the bank unless ``submit`` is false. :raises ApiError: it is too late."""
    if dispute["status"] != "needs_response":
        raise ApiError(f"This dispute is {dispute['status']}: its evidence can no longer be changed.")
    given = params.get("evidence", {})
    for field in FILE_FIELDS:
        if field in given:
            held = books.find(step, "file", given[field])
            if held is None:
                raise not_found("file", given[field], param=f"evidence[{field}]", status=400)
            if held.body["purpose"] != PURPOSE:
                raise bad_parameter(f"The file's purpose must be {PURPOSE}.", param=f"evidence[{field}]")
    evidence = {**dispute["evidence"], **given}
    if sum(len(value) for value in evidence.values() if isinstance(value, str)) > MOST_TOLD:
        raise bad_parameter(f"The evidence has more than {MOST_TOLD} characters in all.", param="evidence")
    submits = params.get("submit", True)
    details = dispute["evidence_details"]
    after = {
        **dispute,
        "evidence": evidence,
        "evidence_details": {
            **details,
            "has_evidence": any(value for name, value in evidence.items() if name != "enhanced_evidence"),
            "submission_count": details["submission_count"] + submits,
        },
        "metadata": {**dispute["metadata"], **params.get("metadata", {})},
        "status": "under_review" if submits else dispute["status"],
    }
    books.save(step, after)
    events.record(step, "charge.dispute.updated", after)
    return after


def close(step: Step, dispute: Body) -> Body:
    """The shop gives in: the dispute is lost. :raises ApiError: it was handed in or decided."""
    if dispute["status"] != "needs_response":
        raise ApiError(f"This dispute is {dispute['status']}: it cannot be closed.")
    return decide(step, dispute, won=False)


def decide(step: Step, dispute: Body, *, won: bool) -> Body:
    """The bank decides; money that was won comes back. :raises ApiError: it has decided."""
    if dispute["status"] in DECIDED:
        raise ApiError(f"Dispute {dispute['id']} is {dispute['status']}.")
    after = {**dispute, "status": "won" if won else "lost"}
    if won:
        money = shapes.balance_transaction(
            amount=dispute["amount"], currency=dispute["currency"], source=dispute["id"], kind="dispute_reversal",
            created=step.now,
        )  # fmt: skip
        books.insert(step, money)
        after = {
            **after, "balance_transactions": [*dispute["balance_transactions"], money], "is_charge_refundable": True,
        }  # fmt: skip
    books.save(step, after)
    events.record(step, "charge.dispute.closed", after)
    if won:
        events.record(step, "charge.dispute.funds_reinstated", after)
    return after
