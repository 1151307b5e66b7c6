"""What the API can be asked: address, parameters, and the action behind it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shop.demo.stripe_simulator import (
    books,
    currencies,
    disputes,
    events,
    expansion,
    files,
    payments,
    refunds,
    sessions,
    shapes,
)
from shop.demo.stripe_simulator.books import Body, Step
from shop.demo.stripe_simulator.parameters import (
    Check,
    boolean,
    choice,
    email,
    group,
    integer,
    many,
    metadata,
    text,
)
from shop.demo.stripe_simulator.refusals import bad_parameter, not_found

# (transaction, id in the address or "", checked parameters) → the answer.
Action = Callable[[Step, str, dict[str, Any]], Body]

_PAGE: Mapping[str, Check] = {"limit": integer(least=1, most=100), "starting_after": text(), "ending_before": text()}
DEFAULT_LIMIT = 10
CANCEL_REASONS = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")
REFUND_REASONS = ("duplicate", "fraudulent", "requested_by_customer")


@dataclass(frozen=True)
class Endpoint:
    """One address (werkzeug rule below ``/v1``) with its method, parameters and action."""

    method: str
    rule: str
    check: Check
    action: Action
    takes_file: bool = False


def _endpoint(
    method: str,
    rule: str,
    action: Action,
    fields: Mapping[str, Check] | None = None,
    required: Iterable[str] = (),
    *,
    takes_file: bool = False,
) -> Endpoint:
    check = group({**(fields or {}), "expand": many(text())}, required=required)
    return Endpoint(method=method, rule=rule, check=check, action=action, takes_file=takes_file)


def _retrieve(kind: str, param: str) -> Action:
    def action(step: Step, name: str, _: dict[str, Any]) -> Body:
        return _known(step, kind, name, param)

    return action


def _known(step: Step, kind: str, name: str, param: str) -> Body:
    found = books.find(step, kind, name)
    if found is None:
        raise not_found(kind, name, param=param)
    return found.body


def _list(kind: str, url: str, **renamed: str) -> Action:
    """List a kind; ``renamed`` maps parameters to the columns they cut by."""

    def action(step: Step, _: str, params: dict[str, Any]) -> Body:
        if "starting_after" in params and "ending_before" in params:
            raise bad_parameter("Give only one of starting_after and ending_before.", param="ending_before")
        for cursor in ("starting_after", "ending_before"):
            if cursor in params:
                _known(step, kind, params[cursor], cursor)
        types = params.get("types") or ([params["type"]] if "type" in params else None)
        bodies, more = books.page(
            step,
            kind,
            limit=params.get("limit", DEFAULT_LIMIT),
            after=params.get("starting_after", ""),
            before=params.get("ending_before", ""),
            types=types,
            **{column: params[name] for name, column in renamed.items() if name in params},
        )
        if kind == "event":
            bodies = [events.shown(step, body) for body in bodies]
        return shapes.listing(bodies, url=url, more=more)

    return action


def _event(step: Step, name: str, _: dict[str, Any]) -> Body:
    return events.shown(step, _known(step, "event", name, "id"))


def _lines(step: Step, name: str, params: dict[str, Any]) -> Body:
    session = _known(step, sessions.KIND, name, "session")
    return expansion.lines(step, session, limit=params.get("limit", DEFAULT_LIMIT))


def _expire(step: Step, name: str, _: dict[str, Any]) -> Body:
    return sessions.expire_by_api(step, _known(step, sessions.KIND, name, "session"))


def _open_intent(step: Step, _: str, params: dict[str, Any]) -> Body:
    currency = params["currency"].lower()
    if currency not in currencies.KNOWN:
        raise bad_parameter(f"Invalid currency: {currency}", param="currency")
    payments.check_amount(params["amount"], currency, param="amount")
    return payments.open_intent(
        step,
        amount=params["amount"],
        currency=currency,
        methods=params.get("allowed_payment_method_types") or ["card"],
        metadata=params.get("metadata"),
        description=params.get("description"),
        receipt_email=params.get("receipt_email"),
    )


def _cancel_intent(step: Step, name: str, params: dict[str, Any]) -> Body:
    intent = _known(step, "payment_intent", name, "intent")
    return payments.cancel_by_api(step, intent, reason=params.get("cancellation_reason"))


def _answer_dispute(step: Step, name: str, params: dict[str, Any]) -> Body:
    return disputes.update(step, _known(step, disputes.KIND, name, "dispute"), params)


def _close_dispute(step: Step, name: str, _: dict[str, Any]) -> Body:
    return disputes.close(step, _known(step, disputes.KIND, name, "dispute"))


def _of_disputes() -> list[Endpoint]:
    one = "/disputes/<name>"
    return [
        _endpoint(
            "GET",
            "/disputes",
            _list(disputes.KIND, "/v1/disputes", payment_intent="intent", charge="charge"),
            {**_PAGE, "payment_intent": text(), "charge": text()},
        ),
        _endpoint("GET", one, _retrieve(disputes.KIND, "dispute")),
        _endpoint(
            "POST", one, _answer_dispute, {"evidence": disputes.EVIDENCE, "metadata": metadata, "submit": boolean}
        ),
        _endpoint("POST", f"{one}/close", _close_dispute),
        _endpoint(
            "POST",
            "/files",
            lambda step, _, params: files.create(step, params),
            {"purpose": choice([files.PURPOSE])},
            ["purpose"],
            takes_file=True,
        ),
        _endpoint("GET", "/files/<name>", _retrieve("file", "file")),
    ]


def table(*, pages: str) -> list[Endpoint]:
    """Every endpoint; ``pages`` is the address under which people reach the hosted pages."""

    def open_session(step: Step, _: str, params: dict[str, Any]) -> Body:
        return sessions.create(step, params, pages=pages)

    session, intent = "/checkout/sessions", "/payment_intents"
    return [
        _endpoint("POST", session, open_session, sessions.CREATE, sessions.REQUIRED),
        _endpoint(
            "GET",
            session,
            _list(sessions.KIND, "/v1/checkout/sessions", payment_intent="intent", status="status"),
            {**_PAGE, "payment_intent": text(), "status": choice(["open", "complete", "expired"])},
        ),
        _endpoint("GET", f"{session}/<name>", _retrieve(sessions.KIND, "session")),
        _endpoint("GET", f"{session}/<name>/line_items", _lines, {"limit": _PAGE["limit"]}),
        _endpoint("POST", f"{session}/<name>/expire", _expire),
        _endpoint(
            "POST",
            intent,
            _open_intent,
            {
                "amount": integer(least=1),
                "currency": text(most=3),
                "description": text(most=1_000),
                "metadata": metadata,
                "allowed_payment_method_types": many(choice(sessions.METHODS)),
                "receipt_email": email,
            },
            ["amount", "currency"],
        ),
        _endpoint("GET", intent, _list("payment_intent", "/v1/payment_intents"), _PAGE),
        _endpoint("GET", f"{intent}/<name>", _retrieve("payment_intent", "intent"), {"client_secret": text()}),
        _endpoint("POST", f"{intent}/<name>/cancel", _cancel_intent, {"cancellation_reason": choice(CANCEL_REASONS)}),
        _endpoint(
            "GET",
            "/charges",
            _list("charge", "/v1/charges", payment_intent="intent"),
            {**_PAGE, "payment_intent": text()},
        ),
        _endpoint("GET", "/charges/<name>", _retrieve("charge", "charge")),
        _endpoint(
            "POST",
            "/refunds",
            lambda step, _, params: refunds.refund(step, params),
            {
                "amount": integer(least=1),
                "charge": text(),
                "metadata": metadata,
                "payment_intent": text(),
                "reason": choice(REFUND_REASONS),
                "refund_application_fee": boolean,
                "reverse_transfer": boolean,
            },
        ),
        _endpoint(
            "GET",
            "/refunds",
            _list("refund", "/v1/refunds", payment_intent="intent", charge="charge"),
            {**_PAGE, "payment_intent": text(), "charge": text()},
        ),
        _endpoint("GET", "/refunds/<name>", _retrieve("refund", "refund")),
        _endpoint(
            "GET", "/events", _list("event", "/v1/events"), {**_PAGE, "type": text(), "types": many(text(), most=20)}
        ),
        _endpoint("GET", "/events/<name>", _event),
        _endpoint("GET", "/balance", lambda step, _, __: payments.balance(step)),
        _endpoint("GET", "/balance_transactions/<name>", _retrieve("balance_transaction", "id")),
        *_of_disputes(),
    ]
