"""What happens to money: intents that succeed at once or later, are declined or cancelled, and their charges."""

from shop.demo.stripe_simulator import books, currencies, events, ids, shapes
from shop.demo.stripe_simulator.books import Body, Step
from shop.demo.stripe_simulator.refusals import ApiError, bad_parameter

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
    description: str | None = None, receipt_email: str | None = None, suffix: str | None = None,
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
        suffix=suffix,
    )
    books.insert(step, intent)
    events.record(step, "payment_intent.created", intent)
    return intent


def succeed(step: Step, intent: Body, *, method: str, email: str | None) -> Body:
    """Charge the whole intent by ``method`` (card, alipay, wechat_pay, link); return the intent that succeeded."""
    name = ids.fresh("ch")
    charge = shapes.charge(intent, name=name, method=method, created=step.now, email=email, transaction=None)
    books.insert(step, charge)
    return _take(step, intent, charge)


def _take(step: Step, intent: Body, charge: Body) -> Body:
    """The money of a charge comes in; return the intent that succeeded."""
    money = shapes.balance_transaction(
        amount=intent["amount"], currency=intent["currency"], source=charge["id"], kind="charge", created=step.now
    )
    books.insert(step, money)
    good = {**charge, "balance_transaction": money["id"], "paid": True, "status": "succeeded"}
    books.save(step, good)
    paid = {
        **intent,
        "amount_received": intent["amount"],
        "last_payment_error": None,
        "latest_charge": good["id"],
        "payment_method": good["payment_method"],
        "status": "succeeded",
    }
    books.save(step, paid)
    events.record(step, "charge.succeeded", good)
    events.record(step, "payment_intent.succeeded", paid)
    return paid


def debit(step: Step, intent: Body, *, method: str, email: str | None) -> Body:
    """Ask a bank for the money: it answers in some days. The intent is processing until then."""
    name = ids.fresh("ch")
    charge = shapes.charge(intent, name=name, method=method, created=step.now, email=email, transaction=None)
    waiting = {**charge, "paid": False, "status": "pending"}
    books.insert(step, waiting)
    asked = {
        **intent,
        "last_payment_error": None,
        "latest_charge": name,
        "payment_method": charge["payment_method"],
        "status": "processing",
    }
    books.save(step, asked)
    events.record(step, "charge.pending", waiting)
    events.record(step, "payment_intent.processing", asked)
    return asked


def settle(step: Step, intent: Body, *, paid: bool) -> Body:
    """The bank answers a debit; return the intent that succeeded or waits for another method."""
    charge = books.get(step, "charge", intent["latest_charge"])
    if paid:
        return _take(step, intent, charge)
    error = shapes.payment_error(charge=charge["id"], method=charge["payment_method_details"]["type"])
    failed = {
        **charge, "captured": False, "amount_captured": 0, "status": "failed", "failure_code": error["code"],
        "failure_message": error["message"],
    }  # fmt: skip
    books.save(step, failed)
    refused = {**intent, "last_payment_error": error, "status": "requires_payment_method"}
    books.save(step, refused)
    events.record(step, "charge.failed", failed)
    events.record(step, "payment_intent.payment_failed", refused)
    return refused


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
