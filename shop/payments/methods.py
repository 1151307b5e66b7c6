"""Which of a market's payment methods Stripe is asked to show for an order. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Taken:
    """The currencies (ISO 4217) that a method takes, as ``source`` said when it was ``checked``."""

    currencies: frozenset[str]
    checked: date
    source: str


# Cards and Link take every currency of the shop and stand here not. What an account may use of these lists depends on
# where its company is, so a market's methods are switched on by a person who knows the account.
TAKEN = {
    "alipay": Taken(
        frozenset({"AUD", "CAD", "CNY", "EUR", "GBP", "HKD", "JPY", "MYR", "NZD", "SGD", "USD"}),
        date(2026, 11, 23),
        "https://docs.stripe.com/payments/alipay",
    ),
    "wechat_pay": Taken(
        frozenset({"AUD", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP", "HKD", "JPY", "NOK", "SEK", "SGD", "USD"}),
        date(2026, 11, 23),
        "https://docs.stripe.com/payments/wechat-pay",
    ),
}


def taking(methods: Iterable[str], currency: str) -> list[str]:
    """Return the methods (Stripe's codes) that take the currency (ISO 4217), each once, in the order given."""
    return [one for one in dict.fromkeys(methods) if one not in TAKEN or currency in TAKEN[one].currencies]


def session_params(methods: Iterable[str], currency: str) -> dict[str, Any]:
    """Return what a Checkout Session is told of payment methods; nothing when none is left, so that Stripe chooses."""
    shown = taking(methods, currency)
    if not shown:
        return {}
    params: dict[str, Any] = {"payment_method_types": shown}
    if "wechat_pay" in shown:
        # Required by Stripe: the code is shown on a web page, to be scanned with the app.
        params["payment_method_options"] = {"wechat_pay": {"client": "web"}}
    return params
