"""The life of a Checkout Session: opened by the API; paid, declined or left on the page; expired by request or time."""

from dataclasses import dataclass
from typing import Any

from shop.demo.stripe_simulator import books, currencies, events, payments, session_shape
from shop.demo.stripe_simulator.books import Body, Step
from shop.demo.stripe_simulator.parameters import (
    SESSION_PLACEHOLDER,
    address,
    boolean,
    choice,
    email,
    group,
    integer,
    many,
    metadata,
    statement_text,
    text,
)
from shop.demo.stripe_simulator.refusals import ApiError, bad_parameter, not_found

KIND = "checkout.session"
METHODS = ("card", "alipay", "wechat_pay", "link", "bacs_debit", "sepa_debit")
# The methods whose banks answer in some days.
DELAYED = frozenset({"bacs_debit", "sepa_debit"})
# The methods that do not take every currency: their name, and the lower-case codes they take.
CHOOSY = {
    "alipay": ("Alipay", currencies.ALIPAY),
    "wechat_pay": ("WeChat Pay", currencies.WECHAT_PAY),
    "bacs_debit": ("Bacs Direct Debit", frozenset({"gbp"})),
    "sepa_debit": ("SEPA Direct Debit", frozenset({"eur"})),
}
# Seconds after creation between which a session may expire; Stripe's rule.
SHORTEST, LONGEST = 30 * 60, 24 * 60 * 60
# fmt: off
LOCALES = [
    "auto", "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA", "hi-IN",
    "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk",
    "sl", "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW",
]
# fmt: on

_PRODUCT = group(
    {
        "name": text(),
        "description": text(most=40_000),
        "images": many(address, most=8),
        "metadata": metadata,
        "tax_code": text(),
        "unit_label": text(),
    },
    required=["name"],
)
_PRICE = group(
    {
        "currency": text(most=3),
        "product_data": _PRODUCT,
        "unit_amount": integer(),
        "tax_behavior": choice(["inclusive", "exclusive", "unspecified"]),
    },
    required=["currency", "unit_amount", "product_data"],
)
_LINE = group(
    {"price": text(), "price_data": _PRICE, "quantity": integer(least=1, most=999_999)}, required=["quantity"]
)
_WECHAT_PAY = group({"app_id": text(), "client": choice(["android", "ios", "web"])}, required=["client"])
_INTENT_DATA = group(
    {
        "description": text(most=1_000),
        "metadata": metadata,
        "receipt_email": email,
        "statement_descriptor_suffix": statement_text,
    }
)
CREATE = {
    "allowed_payment_method_types": many(choice(METHODS)),
    "allow_promotion_codes": boolean,
    "billing_address_collection": choice(["auto", "required"]),
    "cancel_url": address,
    "client_reference_id": text(most=200),
    "customer": text(),
    "customer_creation": choice(["always", "if_required"]),
    "customer_email": email,
    "expires_at": integer(),
    "line_items": many(_LINE, most=100),
    "locale": choice(LOCALES),
    "metadata": metadata,
    "mode": choice(["payment"]),
    "payment_intent_data": _INTENT_DATA,
    "payment_method_options": group({"wechat_pay": _WECHAT_PAY}),
    "phone_number_collection": group({"enabled": boolean}, required=["enabled"]),
    "submit_type": choice(["auto", "book", "donate", "pay"]),
    "success_url": address,
    "ui_mode": choice(["hosted_page"]),
}
REQUIRED = ("mode", "line_items", "success_url")


def _currency_of(items: list[dict[str, Any]]) -> str:
    found = ""
    for number, item in enumerate(items):
        where = f"line_items[{number}]"
        if "price" in item:
            raise not_found("price", item["price"], param=f"{where}[price]", status=400)
        if "price_data" not in item:
            raise bad_parameter(
                f"Missing required parameter: {where}[price_data]",
                param=f"{where}[price_data]",
                code="parameter_missing",
            )
        param = f"{where}[price_data][currency]"
        currency = item["price_data"]["currency"].lower()
        if currency not in currencies.KNOWN:
            raise bad_parameter(f"Invalid currency: {currency}", param=param)
        if found and currency != found:
            raise bad_parameter(f"All lines must have one currency: {found} and {currency} were given.", param=param)
        item["price_data"]["currency"] = found = currency
    if not found:
        raise bad_parameter("Give at least one line.", param="line_items", code="parameter_missing")
    return found


def _methods(params: dict[str, Any], currency: str) -> list[str]:
    wanted = list(dict.fromkeys(params.get("allowed_payment_method_types", [])))
    if not wanted:
        return ["card", "alipay"] if currency == "cny" else ["card"]
    # Since 2026-09-30.endive the list is a filter: what does not go with the currency is left out in silence.
    wanted = [method for method in wanted if method not in CHOOSY or currency in CHOOSY[method][1]]
    if not wanted:
        raise bad_parameter(f"None of these takes {currency}.", param="allowed_payment_method_types")
    if "wechat_pay" in wanted and "wechat_pay" not in params.get("payment_method_options", {}):
        raise bad_parameter(
            "WeChat Pay must be told the client that its customers pay from.",
            param="payment_method_options[wechat_pay][client]",
            code="parameter_missing",
        )
    return wanted


def _expiry(params: dict[str, Any], now: int) -> int:
    wanted: int = params.get("expires_at", now + LONGEST)
    if not now + SHORTEST <= wanted <= now + LONGEST:
        raise bad_parameter(
            "expires_at must lie between 30 minutes and 24 hours after the session's creation.", param="expires_at"
        )
    return wanted


def create(step: Step, params: dict[str, Any], *, pages: str) -> Body:
    """Open a session. :raises ApiError: the parameters do not go together."""
    if "customer" in params:
        raise not_found("customer", params["customer"], param="customer", status=400)
    items = params["line_items"]
    currency = _currency_of(items)
    total = sum(item["price_data"]["unit_amount"] * item["quantity"] for item in items)
    payments.check_amount(total, currency, param="line_items")
    due = _expiry(params, step.now)
    session = session_shape.session(
        params,
        total=total,
        currency=currency,
        methods=_methods(params, currency),
        expires_at=due,
        created=step.now,
        pages=pages,
    )
    lines = [session_shape.line(item, created=step.now) for item in items]
    hidden = {"lines": lines, "intent_data": params.get("payment_intent_data", {})}
    books.insert(step, session, hidden=hidden, due=due)
    return session


def expire(step: Step, session: Body) -> Body:
    """Expire an open session; nobody can pay it any more."""
    expired = {**session, "status": "expired", "url": None}
    books.save(step, expired)
    events.record(step, "checkout.session.expired", expired)
    if session["payment_intent"]:
        payments.cancel(step, books.get(step, "payment_intent", session["payment_intent"]), reason="automatic")
    return expired


def expire_by_api(step: Step, session: Body) -> Body:
    """Expire on request. :raises ApiError: the session is complete or expired."""
    if session["status"] != "open":
        raise ApiError(f"Only an open Checkout Session can be expired; this one is {session['status']}.")
    return expire(step, session)


def expire_due(step: Step) -> int:
    """Expire every open session whose time has come; return how many."""
    rows = step.connection.execute("SELECT id FROM object WHERE due <= ? ORDER BY due", (step.now,)).fetchall()
    for row in rows:
        expire(step, books.get(step, KIND, row["id"]))
    return len(rows)


@dataclass(frozen=True)
class Choice:
    """What a person chose on the payment page; ``email`` only when the shop had not told one."""

    method: str
    pays: bool
    email: str | None = None


def attempt(step: Step, found: books.Found, choice: Choice) -> Body:
    """Try to pay an open session. One that is not open is returned as it is, so a second press charges nothing."""
    session = found.body
    if session["status"] != "open" or choice.method not in session["payment_method_types"]:
        return session
    who = session["customer_email"] or choice.email
    intent = _intent_of(step, found)
    if not choice.pays:
        refused = payments.decline(step, intent, method=choice.method, email=who)
        tried = {**session, "payment_intent": refused["id"]}
        books.save(step, tried, due=session["expires_at"])
        return tried
    delayed = choice.method in DELAYED
    done = payments.debit if delayed else payments.succeed
    complete = {
        **session_shape.with_customer(session, who),
        "payment_intent": done(step, intent, method=choice.method, email=who)["id"],
        "payment_status": "unpaid" if delayed else "paid",
        "status": "complete",
        "url": None,
    }
    books.save(step, complete)
    events.record(step, "checkout.session.completed", complete)
    return complete


def settle(step: Step, session: Body, *, paid: bool) -> Body:
    """The bank answers the debit of a session that is complete. :raises ApiError: it waits for no answer."""
    intent = books.get(step, "payment_intent", session["payment_intent"]) if session["payment_intent"] else None
    if intent is None or intent["status"] != "processing":
        raise ApiError(f"Session {session['id']} waits for no bank.")
    payments.settle(step, intent, paid=paid)
    after = {**session, "payment_status": "paid" if paid else "unpaid"}
    books.save(step, after)
    events.record(step, f"checkout.session.async_payment_{'succeeded' if paid else 'failed'}", after)
    return after


def _intent_of(step: Step, found: books.Found) -> Body:
    """The session's intent; like Stripe, it is made when somebody first tries to pay."""
    session, data = found.body, found.hidden["intent_data"]
    if session["payment_intent"]:
        return books.get(step, "payment_intent", session["payment_intent"])
    return payments.open_intent(
        step,
        amount=session["amount_total"],
        currency=session["currency"],
        methods=session["payment_method_types"],
        metadata=data.get("metadata"),
        description=data.get("description"),
        receipt_email=data.get("receipt_email"),
        suffix=data.get("statement_descriptor_suffix"),
    )


def declined(step: Step, session: Body) -> bool:
    """Whether the last attempt to pay the session was declined."""
    if not session["payment_intent"]:
        return False
    return books.get(step, "payment_intent", session["payment_intent"])["last_payment_error"] is not None


def success_address(session: Body) -> str:
    """Where the customer goes after paying."""
    return str(session["success_url"]).replace(SESSION_PLACEHOLDER, session["id"])
