"""Which of a market's payment methods Stripe is asked to show for an order. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from stripe.params.checkout import SessionCreateParams

# Stripe's codes of the methods that a market may choose from.
Method = Literal["card", "alipay", "wechat_pay", "link", "klarna", "bacs_debit", "sepa_debit"]
# The methods whose banks answer some days after the shopper has left.
DELAYED: frozenset[Method] = frozenset({"bacs_debit", "sepa_debit"})


@dataclass(frozen=True)
class Taken:
    """The currencies (ISO 4217) that a method takes, as ``source`` said when it was ``checked``."""

    currencies: frozenset[str]
    checked: date
    source: str


# Cards, Link and Klarna stand here not: they take every currency of the shop, or Stripe leaves them out by itself. What
# an account may use depends on where its company is, so a market's methods are switched on by a person who knows it.
TAKEN: dict[Method, Taken] = {
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
    "bacs_debit": Taken(
        frozenset({"GBP"}), date(2026, 11, 23), "https://docs.stripe.com/payments/payment-methods/bacs-debit"
    ),
    "sepa_debit": Taken(frozenset({"EUR"}), date(2026, 11, 23), "https://docs.stripe.com/payments/sepa-debit"),
}
_KNOWN: dict[str, Method] = {one: one for one in get_args(Method)}


def taking(methods: Iterable[str], currency: str) -> list[Method]:
    """Return the methods (Stripe's codes) that take the currency (ISO 4217), each once, in the order given."""
    known = [_KNOWN[one] for one in dict.fromkeys(methods) if one in _KNOWN]
    return [one for one in known if one not in TAKEN or currency in TAKEN[one].currencies]


def session_params(methods: Iterable[str], currency: str) -> SessionCreateParams:
    """Return what a Checkout Session is told of payment methods; nothing when none is left, so that Stripe chooses.

    Since API version 2026-09-30.endive the list is a filter on what the account has switched on.
    """
    shown = taking(methods, currency)
    if not shown:
        return {}
    params: SessionCreateParams = {"allowed_payment_method_types": list(shown)}
    if "wechat_pay" in shown:
        # Required by Stripe: the code is shown on a web page, to be scanned with the app.
        params["payment_method_options"] = {"wechat_pay": {"client": "web"}}
    return params
