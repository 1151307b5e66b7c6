"""Money back: asked for by the API or in the dashboard, at once or after days, and sometimes not at all."""

from typing import Any

from shop.demo.stripe_simulator import books, currencies, events, ids, sessions, shapes
from shop.demo.stripe_simulator.books import Body, Step
from shop.demo.stripe_simulator.refusals import ApiError, bad_parameter, not_found


def _charge_to_refund(step: Step, params: dict[str, Any]) -> Body:
    wanted, of = params.get("charge"), params.get("payment_intent")
    if wanted is None and of is None:
        raise bad_parameter("Give one of payment_intent or charge.", param="payment_intent", code="parameter_missing")
    if of is not None:
        intent = books.find(step, "payment_intent", of)
        if intent is None:
            raise not_found("payment_intent", of, param="payment_intent")
        if intent.body["status"] != "succeeded":
            raise ApiError(
                f"PaymentIntent {of} has no successful charge to refund.",
                param="payment_intent",
                code="payment_intent_unexpected_state",
            )
        if wanted not in {None, intent.body["latest_charge"]}:
            raise ApiError("The charge does not belong to that PaymentIntent.", param="charge")
        wanted = intent.body["latest_charge"]
    charge = books.find(step, "charge", str(wanted))
    if charge is None:
        raise not_found("charge", str(wanted), param="charge")
    if not charge.body["paid"]:
        raise ApiError(f"Charge {wanted} did not succeed and cannot be refunded.", param="charge")
    return charge.body


def refund(step: Step, params: dict[str, Any]) -> Body:
    """Send back part or all of a charge.

    :raises ApiError: nobody knows the charge, nothing is left of it, or ``amount`` is more than is left.
    """
    charge = _charge_to_refund(step, params)
    currency = charge["currency"]
    left = charge["amount"] - charge["amount_refunded"]
    if not left:
        raise ApiError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    amount = params.get("amount", left)
    if amount > left:
        asked, rest = currencies.display(amount, currency), currencies.display(left, currency)
        raise ApiError(f"Refund amount ({asked}) is more than what is left of the charge ({rest}).", param="amount")
    if charge["disputed"] and _charged_back(step, charge):
        raise ApiError(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    name = ids.fresh("re")
    money = shapes.balance_transaction(amount=-amount, currency=currency, source=name, kind="refund", created=step.now)
    kind = charge["payment_method_details"]["type"]
    made = shapes.refund(
        charge,
        name=name,
        amount=amount,
        created=step.now,
        reason=params.get("reason"),
        metadata=params.get("metadata", {}),
        transaction=money["id"],
        # A bank that takes days to pay takes days to be paid back.
        status="pending" if kind in sessions.DELAYED else "succeeded",
    )
    books.insert(step, money)
    books.insert(step, made)
    after = {**charge, "amount_refunded": charge["amount_refunded"] + amount, "refunded": amount == left}
    books.save(step, after)
    events.record(step, "refund.created", made)
    events.record(step, "charge.refunded", after)
    return made


def _charged_back(step: Step, charge: Body) -> bool:
    held, _ = books.page(step, "dispute", limit=100, charge=charge["id"])
    return any(one["status"] != "won" for one in held)


def settle(step: Step, made: Body, *, paid: bool) -> Body:
    """The bank takes a refund, or sends it back; it may do so after it had taken it.

    :raises ApiError: it failed before, or is settled like that.
    """
    if made["status"] == "failed" or (paid and made["status"] == "succeeded"):
        raise ApiError(f"Refund {made['id']} is {made['status']}.")
    if paid:
        good = {**made, "status": "succeeded"}
        books.save(step, good)
        events.record(step, "refund.updated", good)
        return good
    name = made["id"]
    back = shapes.balance_transaction(
        amount=made["amount"], currency=made["currency"], source=name, kind="refund_failure", created=step.now
    )
    books.insert(step, back)
    bad = {
        **made, "status": "failed", "failure_reason": "expired_or_canceled_card",
        "failure_balance_transaction": back["id"],
    }  # fmt: skip
    books.save(step, bad)
    charge = books.get(step, "charge", made["charge"])
    left = charge["amount_refunded"] - made["amount"]
    books.save(step, {**charge, "amount_refunded": left, "refunded": False})
    events.record(step, "refund.updated", bad)
    events.record(step, "refund.failed", bad)
    return bad
