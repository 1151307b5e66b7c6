"""The JSON of payments as Stripe answers it: every field of its published fixtures is present, most of them null."""

from typing import Any

from shop.demo.stripe_simulator import ids
from shop.demo.stripe_simulator.books import Body
from shop.demo.stripe_simulator.parameters import PREFIX

API_VERSION = "2026-10-28.endive"
CARD_LAST4, DECLINED_LAST4 = "4242", "0002"


def payment_intent(
    *, amount: int, currency: str, methods: list[str], created: int, metadata: Body, description: str | None,
    receipt_email: str | None, suffix: str | None,
) -> Body:  # fmt: skip
    """A PaymentIntent that waits for a payment method. ``amount`` in minor units."""
    name = ids.fresh("pi")
    options: Body = {"card": {
        "installments": None, "mandate_options": None, "network": None, "request_three_d_secure": "automatic",
    }}  # fmt: skip
    return {
        "id": name,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": ids.client_secret(name),
        "confirmation_method": "automatic",
        "created": created,
        "currency": currency,
        "customer": None,
        "customer_account": None,
        "description": description,
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "managed_payments": None,
        "metadata": metadata,
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {kind: options.get(kind, {}) for kind in methods},
        "payment_method_types": methods,
        "processing": None,
        "receipt_email": receipt_email,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": suffix,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }


def _card(amount: int, *, last4: str) -> Body:
    return {
        "amount_authorized": amount,
        "authorization_code": None,
        "brand": "visa",
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US",
        "exp_month": 12,
        "exp_year": 2034,
        "extended_authorization": {"status": "disabled"},
        "fingerprint": f"simulated{last4}",
        "funding": "credit",
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "last4": last4,
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": "visa",
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {"maximum_amount_capturable": amount, "status": "unavailable"},
        "regulated_status": "unregulated",
        "three_d_secure": None,
        "transaction_link_id": None,
        "wallet": None,
    }


def _method_details(method: str, amount: int, *, last4: str) -> Body:
    if method == "alipay":
        return {
            "type": "alipay",
            "alipay": {"buyer_id": ids.fresh("buyer"), "fingerprint": "simulated", "transaction_id": ids.fresh("ali")},
        }
    if method == "wechat_pay":
        details = {"fingerprint": "simulated", "location": None, "reader": None, "transaction_id": ids.fresh("wx")}
        return {"type": "wechat_pay", "wechat_pay": details}
    if method == "link":
        return {"type": "link", "link": {"country": None}}
    if method == "bacs_debit":
        details = {"expected_debit_date": None, "fingerprint": "simulated", "last4": "2345", "mandate": None}
        return {"type": "bacs_debit", "bacs_debit": {**details, "sort_code": "108800"}}
    if method == "sepa_debit":
        details = {"expected_debit_date": None, "fingerprint": "simulated", "last4": "3000", "mandate": None}
        return {
            "type": "sepa_debit",
            "sepa_debit": {**details, "bank_code": "37040044", "branch_code": "", "country": "DE"},
        }
    return {"type": "card", "card": _card(amount, last4=last4)}


def empty_address() -> Body:
    """An address of which nothing is known."""
    return dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))


def charge(
    intent: Body, *, name: str, method: str, created: int, email: str | None, transaction: str | None,
    decline: Body | None = None,
) -> Body:  # fmt: skip
    """A charge for the whole intent; with ``decline`` (a payment error) it failed and took nothing."""
    good = decline is None
    amount = intent["amount"]
    outcome: Body = {
        "advice_code": None if good else "try_again_later",
        "network_advice_code": None,
        "network_decline_code": None if good else "05",
        "network_status": "approved_by_network" if good else "declined_by_network",
        "reason": None if good else "generic_decline",
        "risk_level": "normal",
        "risk_score": 20,
        "seller_message": "Payment complete." if good else "The bank gave no further reason.",
        "type": "authorized" if good else "issuer_declined",
    }
    return {
        "id": name,
        "object": "charge",
        "amount": amount,
        "amount_captured": amount if good else 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": transaction,
        "billing_details": {"address": empty_address(), "email": email, "name": None, "phone": None, "tax_id": None},
        "calculated_statement_descriptor": f"{PREFIX}* {intent['statement_descriptor_suffix']}"
        if intent["statement_descriptor_suffix"]
        else PREFIX,
        "captured": good,
        "created": created,
        "currency": intent["currency"],
        "customer": None,
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None if decline is None else decline["code"],
        "failure_message": None if decline is None else decline["message"],
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": outcome,
        "paid": good,
        "payment_intent": intent["id"],
        "payment_method": ids.fresh("pm"),
        "payment_method_details": _method_details(method, amount, last4=CARD_LAST4 if good else DECLINED_LAST4),
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        # Only filled in when it is expanded.
        "refunds": None,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "succeeded" if good else "failed",
        "transfer_data": None,
        "transfer_group": None,
    }


def payment_error(*, charge: str, method: str) -> Body:
    """Why the last attempt failed, as an intent tells it: the bank declined without saying why."""
    return {
        "type": "card_error" if method == "card" else "invalid_request_error",
        "code": "card_declined" if method == "card" else "payment_method_provider_decline",
        "decline_code": "generic_decline",
        "message": "Your card was declined." if method == "card" else "The payment was declined.",
        "charge": charge,
        "doc_url": "https://docs.stripe.com/error-codes#card-declined",
    }


def refund(
    charge: Body, *, name: str, amount: int, created: int, reason: str | None, metadata: Body, transaction: str,
    status: str,
) -> Body:  # fmt: skip
    """A refund of part or all of a charge. ``amount`` in minor units."""
    kind: str = charge["payment_method_details"]["type"]
    details: Body = {"type": kind, kind: {}}
    if kind == "card":
        details[kind] = {"reference": None, "reference_status": "pending", "reference_type": None, "type": "refund"}
    return {
        "id": name,
        "object": "refund",
        "amount": amount,
        "balance_transaction": transaction,
        "charge": charge["id"],
        "created": created,
        "currency": charge["currency"],
        "customer": None,
        "customer_account": None,
        "destination_details": details,
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": status,
        "transfer_reversal": None,
    }


def balance_transaction(*, amount: int, currency: str, source: str, kind: str, created: int) -> Body:
    """What a charge (positive) or refund (negative) does to the balance. The simulator takes no fee."""
    return {
        "id": ids.fresh("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": created,
        "balance_type": "payments",
        "created": created,
        "currency": currency,
        "description": None,
        "exchange_rate": None,
        "fee": 0,
        "fee_details": [],
        "net": amount,
        "reporting_category": kind,
        "source": source,
        "status": "available",
        "type": kind,
    }


def event(*, kind: str, subject: Body, created: int, request: Body, waiting: int) -> Body:
    """An event with a snapshot of its object."""
    return {
        "id": ids.fresh("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": created,
        "data": {"object": subject},
        "livemode": False,
        "pending_webhooks": waiting,
        "request": request,
        "type": kind,
    }


def listing(bodies: list[Any], *, url: str, more: bool = False) -> Body:
    """A list object."""
    return {"object": "list", "data": bodies, "has_more": more, "url": url}
