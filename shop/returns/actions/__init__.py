"""The verbs of returns. Each is safe to repeat."""

from shop.returns.actions.deciding import authorise, give_up, mark_sent, refuse
from shop.returns.actions.exchanging import order_exchange, quote_exchange
from shop.returns.actions.inspecting import Finding, inspect
from shop.returns.actions.opening import Wanted, open_return
from shop.returns.actions.receiving import Parcel, receive, receive_unannounced
from shop.returns.actions.repaying import repay, settle
from shop.returns.actions.unexpected import accept_unexpected, close_unexpected
from shop.returns.actions.withdrawing import carry_out, confirm, match, set_aside

__all__ = [
    "Finding",
    "Parcel",
    "Wanted",
    "accept_unexpected",
    "authorise",
    "carry_out",
    "close_unexpected",
    "confirm",
    "give_up",
    "inspect",
    "mark_sent",
    "match",
    "open_return",
    "order_exchange",
    "quote_exchange",
    "receive",
    "receive_unannounced",
    "refuse",
    "repay",
    "set_aside",
    "settle",
]
