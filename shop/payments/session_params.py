"""What Stripe is asked for an order: a Checkout Session over exactly its total."""

from datetime import timedelta
from typing import Literal
from urllib.parse import urlencode

from django.conf import settings
from stripe.params.checkout import (
    SessionCreateParams,
    SessionCreateParamsLineItem,
    SessionCreateParamsPaymentIntentData,
)

from shop.orders.models import Order, OrderLine
from shop.payments import methods, statement
from shop.payments.models import Payment
from shop.payments.stripe_amounts import to_stripe

# Stripe's shortest session is 30 minutes from its making; this leaves four to try again, and ends before the hold does.
SESSION_LIFE = timedelta(minutes=34)
LOCALES: dict[str, Literal["en-GB", "fr", "zh", "ja"]] = {"en": "en-GB", "fr": "fr", "zh-hans": "zh", "ja": "ja"}


def session_params(payment: Payment) -> SessionCreateParams:
    """Return the parameters of a payment's session: the same at each try, or Stripe refuses the idempotency key.

    Metadata names the order and the attempt, and nobody.
    """
    order = payment.order
    page = f"{settings.SITE_URL}/orders/{order.token}/"
    names = {"order": order.number, "payment": str(payment.id)}
    intent: SessionCreateParamsPaymentIntentData = {"metadata": names}
    seller = order.market.seller.legal_name if order.market and order.market.seller else ""
    if suffix := statement.suffix(seller):
        intent["statement_descriptor_suffix"] = suffix
    params: SessionCreateParams = {
        "mode": "payment",
        "line_items": _items(order),
        "client_reference_id": order.number,
        "metadata": names,
        "payment_intent_data": intent,
        "success_url": f"{page}?{urlencode({'from': 'payment'})}&session={{CHECKOUT_SESSION_ID}}",
        "cancel_url": page,
        "locale": LOCALES.get(order.language, "auto"),
        "expires_at": int((payment.created_at + SESSION_LIFE).timestamp()),
    }
    if order.market:
        params.update(methods.session_params(order.market.payment_methods, order.currency))
    if order.email:
        params["customer_email"] = order.email
    return params


def _items(order: Order) -> list[SessionCreateParamsLineItem]:
    extras = [
        ("Delivery", order.shipping),
        ("Duty", order.duty),
        ("Fees", order.fees),
        ("Tax", order.tax - order.tax_in_prices),
    ]
    return [_item(line, order.currency) for line in order.lines.all()] + [
        {
            "quantity": 1,
            "price_data": {
                "currency": order.currency.lower(),
                "unit_amount": to_stripe(amount, order.currency),
                "product_data": {"name": name},
            },
        }
        for name, amount in extras
        if amount
    ]


def _item(line: OrderLine, currency: str) -> SessionCreateParamsLineItem:
    """Return a line as Stripe shows it: by unit, or as one sum where something was taken off."""
    name = ", ".join(filter(None, (line.name, line.option)))
    whole = bool(line.discount)
    return {
        "quantity": 1 if whole else line.quantity,
        "price_data": {
            "currency": currency.lower(),
            "unit_amount": to_stripe(line.amount if whole else line.unit_price, currency),
            "product_data": {
                "name": f"{line.quantity} × {name}" if whole and line.quantity > 1 else name,
                "metadata": {"sku": line.sku},
            },
        },
    }
