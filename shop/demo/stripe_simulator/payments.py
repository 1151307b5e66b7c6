"""What happens to money: intents that succeed, are declined or cancelled, their charges and refunds."""

from typing import Any

from shop.demo.stripe_simulator import books, currencies, events, ids, shapes
from shop.demo.stripe_simulator.books import Body, Step
from shop.demo.stripe_simulator.refusals import ApiError, bad_parameter, not_found

CANCELLABLE = frozenset({"requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"})


def check_amount(amount: int, currency: str, *, param: str) -> None:
    """Refuse a total that Stripe would not charge. :raises ApiError: ``amount_too_small``, ``amount_too_large``."""
    smallest = currencies.SMALLEST.get(currency, 1)
    if amount < smallest:
        least = currencies.display(smallest, currency)
        raise bad_parameter(f"The total must be at least {least}.", param=param, code="amount_too_small")
    if amount > currencies.LARGEST:
        most = currencies.display(currencies.LARGEST, currency)
        raise bad_parameter(f"The total must be no more than {most}.", param=param, code="amount_too_large")


def open_intent(
    step: Step, *, amount: int, currency: str, methods: list[str], metadata: Body | None = None,
    description: str | None = None, receipt_email: str | None = None,
) -> Body:  # fmt: skip
    """Create an intent that waits for a payment method. ``amount`` in minor units."""
    intent = shapes.payment_intent(
        amount=amount,
        currency=currency,
        methods=methods,
        created=step.now,
        metadata=metadata or {},
        description=description,
        receipt_email=receipt_email,
    )
    books.insert(step, intent)
    events.record(step, "payment_intent.created", intent)
    return intent


def succeed(step: Step, intent: Body, *, method: str, email: str | None) -> Body:
    """Charge the whole intent by ``method`` (card, alipay, wechat_pay, link); return the intent that succeeded."""
    name = ids.fresh("ch")
    money = shapes.balance_transaction(
        amount=intent["amount"], currency=intent["currency"], source=name, kind="charge", created=step.now
    )
    charge = shapes.charge(intent, name=name, method=method, created=step.now, email=email, transaction=money["id"])
    books.insert(step, money)
    books.insert(step, charge)
    paid = {
        **intent,
        "amount_received": intent["amount"],
        "last_payment_error": None,
        "latest_charge": name,
        "payment_method": charge["payment_method"],
        "status": "succeeded",
    }
    books.save(step, paid)
    events.record(step, "charge.succeeded", charge)
    events.record(step, "payment_intent.succeeded", paid)
    return paid


def decline(step: Step, intent: Body, *, method: str, email: str | None) -> Body:
    """Let the bank refuse; the intent waits for another method."""
    name = ids.fresh("ch")
    error = shapes.payment_error(charge=name, method=method)
    charge = shapes.charge(
        intent, name=name, method=method, created=step.now, email=email, transaction=None, decline=error
    )
    books.insert(step, charge)
    refused = {**intent, "last_payment_error": error, "latest_charge": name, "status": "requires_payment_method"}
    books.save(step, refused)
    events.record(step, "charge.failed", charge)
    events.record(step, "payment_intent.payment_failed", refused)
    return refused


def cancel(step: Step, intent: Body, *, reason: str | None) -> Body:
    """Cancel an intent that has not been paid."""
    cancelled = {**intent, "canceled_at": step.now, "cancellation_reason": reason, "status": "canceled"}
    books.save(step, cancelled)
    events.record(step, "payment_intent.canceled", cancelled)
    return cancelled


def cancel_by_api(step: Step, intent: Body, *, reason: str | None) -> Body:
    """Cancel on request. :raises ApiError: it is paid or cancelled, or a Checkout Session owns it."""
    if intent["status"] not in CANCELLABLE:
        raise ApiError(
            f"This PaymentIntent cannot be cancelled: its status is {intent['status']}.",
            code="payment_intent_unexpected_state",
        )
    owners, _ = books.page(step, "checkout.session", limit=1, intent=intent["id"])
    if owners:
        raise ApiError(
            "This PaymentIntent belongs to a Checkout Session: expire the session instead.",
            code="payment_intent_unexpected_state",
        )
    return cancel(step, intent, reason=reason)


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
    name = ids.fresh("re")
    money = shapes.balance_transaction(amount=-amount, currency=currency, source=name, kind="refund", created=step.now)
    made = shapes.refund(
        charge,
        name=name,
        amount=amount,
        created=step.now,
        reason=params.get("reason"),
        metadata=params.get("metadata", {}),
        transaction=money["id"],
    )
    books.insert(step, money)
    books.insert(step, made)
    after = {**charge, "amount_refunded": charge["amount_refunded"] + amount, "refunded": amount == left}
    books.save(step, after)
    events.record(step, "refund.created", made)
    events.record(step, "charge.refunded", after)
    return made


def balance(step: Step) -> Body:
    """What all charges and refunds add up to, by currency."""
    rows = step.connection.execute(
        "SELECT json_extract(body, '$.currency') AS currency, sum(json_extract(body, '$.net')) AS net"
        " FROM object WHERE kind = 'balance_transaction' GROUP BY 1 ORDER BY 1"
    ).fetchall()
    available = [
        {"amount": row["net"], "currency": row["currency"], "source_types": {"card": row["net"]}} for row in rows
    ]
    pending = [{**entry, "amount": 0, "source_types": {"card": 0}} for entry in available]
    return {
        "object": "balance", "available": available, "connect_reserved": [], "livemode": False, "pending": pending,
    }  # fmt: skip
