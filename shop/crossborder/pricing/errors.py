"""Why a price is not set."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

NAMED = 5  # SKUs in a sentence


def several(skus: Sequence[str]) -> str:
    """Return the SKUs as a sentence names them: the first few, and how many more."""
    shown = ", ".join(skus[:NAMED])
    return shown if len(skus) <= NAMED else f"{shown} and {len(skus) - NAMED} more"


class PriceRefused(ValueError):
    """A price was not set; the message says why and nothing was written."""


class BadAmount(PriceRefused):
    """The amount is no price in this currency."""

    def __init__(self, amount: Decimal, currency: str) -> None:
        super().__init__(f"{amount} {currency} is not a price: it must be above zero, in whole minor units.")


class BadQuantity(PriceRefused):
    """A price begins at a quantity of at least one."""


class StartsInThePast(PriceRefused):
    """A price cannot begin before today: what was offered stays as it was."""

    def __init__(self, starts_on: date, today: date) -> None:
        super().__init__(f"A price cannot start on {starts_on.isoformat()}: today is {today.isoformat()}.")


class PriceOverlap(PriceRefused):
    """Another price is already planned after the start of the new one."""

    def __init__(self, planned: dict[str, date]) -> None:
        self.planned = planned
        first = next(iter(planned))
        super().__init__(
            f"A price is already planned from {planned[first].isoformat()} on for {several(list(planned))}: "
            "cancel it first, or start the new one that day."
        )


class NotPlanned(PriceRefused):
    """The price has started: it can be ended or replaced, not cancelled."""


class NotInForce(PriceRefused):
    """The price has not started or has ended."""


class NotAReduction(PriceRefused):
    """A list's price is not below the regular one."""

    def __init__(self, skus: Sequence[str]) -> None:
        self.skus = tuple(skus)
        super().__init__(f"Not below the regular price: {several(skus)}.")


class NoRegularPrice(PriceRefused):
    """Without a regular price there is nothing to reduce."""

    def __init__(self, skus: Sequence[str]) -> None:
        self.skus = tuple(skus)
        super().__init__(f"No regular price on the first day: {several(skus)}.")


class ListIsOver(PriceRefused):
    """The price list has ended."""


class NoPolicy(PriceRefused):
    """The market has no policy to derive prices by."""


class RateUnknown(PriceRefused):
    """There is no rate of exchange between the currencies."""


class MissingTaxRate(PriceRefused):
    """The tax rate that turns a price with tax into one without is not in the rule book."""


class AlreadyDecided(PriceRefused):
    """The suggestion was accepted or dismissed before."""
