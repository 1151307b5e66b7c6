"""The JSON of Checkout Sessions and their lines as Stripe answers it."""

from typing import Any

from shop.demo.stripe_simulator import ids, shapes
from shop.demo.stripe_simulator.books import Body


def line(item: dict[str, Any], *, created: int) -> Body:
    """One line from the parameters of ``line_items[]``; amounts in minor units."""
    price, product = item["price_data"], item["price_data"]["product_data"]
    total = price["unit_amount"] * item["quantity"]
    return {
        "id": ids.fresh("li"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": price["currency"],
        "description": product["name"],
        "metadata": {},
        "price": {
            "id": ids.fresh("price"),
            "object": "price",
            "active": False,
            "billing_scheme": "per_unit",
            "created": created,
            "currency": price["currency"],
            "custom_unit_amount": None,
            "livemode": False,
            "lookup_key": None,
            "metadata": {},
            "nickname": None,
            "product": ids.fresh("prod", length=14),
            "recurring": None,
            "tax_behavior": price.get("tax_behavior", "unspecified"),
            "tiers_mode": None,
            "transform_quantity": None,
            "type": "one_time",
            "unit_amount": price["unit_amount"],
            "unit_amount_decimal": str(price["unit_amount"]),
        },
        "quantity": item["quantity"],
    }


def _details(email: str | None) -> Body | None:
    if email is None:
        return None
    return {
        "address": shapes.empty_address(),
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": None,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def _options(params: dict[str, Any], methods: list[str]) -> Body:
    """What was set for each method of the session."""
    given: Body = params.get("payment_method_options", {})
    found: Body = {"card": {"request_three_d_secure": "automatic"}} if "card" in methods else {}
    if "wechat_pay" in methods:
        found["wechat_pay"] = {"app_id": None, **given["wechat_pay"]}
    return found


def with_customer(session: Body, email: str | None) -> Body:
    """The session with what the customer told on the page."""
    return {**session, "customer_details": _details(email)} if email else session


def session(
    params: dict[str, Any], *, total: int, currency: str, methods: list[str], expires_at: int, created: int, pages: str
) -> Body:
    """An open session in mode ``payment``. ``total`` in minor units; ``pages`` is the address of the hosted pages."""
    name = ids.session_id()
    return {
        "id": name,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "after_expiration": None,
        "allowed_payment_method_types": params.get("allowed_payment_method_types"),
        "allow_promotion_codes": params.get("allow_promotion_codes"),
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": params.get("billing_address_collection"),
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "created": created,
        "currency": currency,
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        "customer": None,
        "customer_account": None,
        "customer_creation": params.get("customer_creation", "if_required"),
        "customer_details": _details(params.get("customer_email")),
        "customer_email": params.get("customer_email"),
        "discounts": [],
        "expires_at": expires_at,
        "integration_identifier": None,
        "invoice": None,
        "invoice_creation": {
            "enabled": False,
            "invoice_data": {
                **dict.fromkeys(("account_tax_ids", "custom_fields", "description", "footer", "issuer")),
                "metadata": {},
                "rendering_options": None,
            },
        },
        "livemode": False,
        "locale": params.get("locale"),
        "managed_payments": {"enabled": False},
        "metadata": params.get("metadata", {}),
        "mode": "payment",
        "origin_context": None,
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "if_required",
        "payment_method_configuration_details": None,
        "payment_method_options": _options(params, methods),
        "payment_method_types": methods,
        "payment_status": "unpaid",
        "permissions": None,
        "phone_number_collection": params.get("phone_number_collection", {"enabled": False}),
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": params.get("submit_type"),
        "subscription": None,
        "success_url": params["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{pages}/pay/{name}",
        "wallet_options": None,
    }
