"""Refusals of promotion codes."""

from shop.checkout.errors import CheckoutError
from shop.checkout.promotions.reckoning import Dropped, Reason


class CodeRefused(CheckoutError):
    """The code does not hold for this basket; nothing was changed."""

    def __init__(self, dropped: Dropped) -> None:
        self.dropped = dropped
        self.code = dropped.code
        self.reason: Reason = dropped.reason
        super().__init__(f"Promotion code {dropped.code!r} does not hold here: {dropped.reason.replace('_', ' ')}.")


class UsedUp(CheckoutError):
    """Between the quote and the order somebody else had the last use of a code."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(f"Promotion code {code!r} is used up.")
