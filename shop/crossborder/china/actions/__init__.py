"""The verbs of filing with China's customs: file, send, receive, and what a person does when customs refuses."""

from shop.crossborder.china.actions.filing import file, hold_back, set_waybill, withdraw
from shop.crossborder.china.actions.receiving import poll_due, receive
from shop.crossborder.china.actions.sending import resend, send_due
from shop.crossborder.china.documents import FilingRequest, InvalidFiling

__all__ = [
    "FilingRequest",
    "InvalidFiling",
    "file",
    "hold_back",
    "poll_due",
    "receive",
    "resend",
    "send_due",
    "set_waybill",
    "withdraw",
]
