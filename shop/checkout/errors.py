"""What can go wrong in the basket and at checkout, by name."""

from collections.abc import Sequence

from shop.crossborder.delivery.methods import DeliveryOption, RefusedOption
from shop.crossborder.identities.numbers import NAMES, NumberKind
from shop.crossborder.landed_cost.answer import Notice


class CheckoutError(Exception):
    """The base of all refusals at checkout; nothing was changed."""


class UnknownVariant(CheckoutError):
    """No published variant has this SKU."""

    def __init__(self, sku: str) -> None:
        self.sku = sku
        super().__init__(f"There is no product with SKU {sku}.")


class BadQuantity(CheckoutError):
    """The quantity is not a whole number in range."""

    def __init__(self, maximum: int) -> None:
        self.maximum = maximum
        super().__init__(f"The quantity must be a whole number between 1 and {maximum}.")


class BasketFull(CheckoutError):
    """The basket has the most lines it can have."""


class EmptyBasket(CheckoutError):
    """There is nothing to buy."""


class NotForSale(CheckoutError):
    """Some SKUs are not for sale there: ``reasons`` maps each SKU to its codes."""

    def __init__(self, reasons: dict[str, list[str]]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(f"{sku}: {', '.join(codes)}" for sku, codes in reasons.items()))


class CountryNotServed(CheckoutError):
    """The market does not deliver to this country."""

    def __init__(self, country: str, served: list[str]) -> None:
        self.country = country
        self.served = served
        super().__init__(f"This market delivers to {', '.join(served)}, not to {country or 'nowhere'}.")


class UnknownShippingOption(CheckoutError):
    """The market has no such delivery option."""

    def __init__(self, code: str, known: list[str]) -> None:
        self.code = code
        self.known = known
        super().__init__(f"Delivery option {code!r} is not one of {', '.join(known)}.")


class DeliveryRefused(CheckoutError):
    """The method does not take these goods to that address, for ``reasons``; ``options`` are all methods as judged."""

    def __init__(self, refused: RefusedOption, options: Sequence[DeliveryOption | RefusedOption]) -> None:
        self.code = refused.code
        self.name = refused.name
        self.reasons = refused.reasons
        self.texts = refused.texts
        self.options = tuple(options)
        codes = ", ".join(one.code for one in refused.reasons)
        super().__init__(f"Delivery option {refused.code!r} is refused: {codes}.")


class IdentityRequired(CheckoutError):
    """Customs of the destination asks for the buyer's number of this ``kind``, and none of it was declared."""

    def __init__(self, kind: NumberKind, country: str) -> None:
        self.kind = kind
        self.country = country
        super().__init__(f"Customs of {country} asks for the buyer's {NAMES[kind]}.")


class IdentityNotNeeded(CheckoutError):
    """A number was declared that nobody asks for; we keep none without need."""

    def __init__(self, country: str) -> None:
        self.country = country
        super().__init__(f"No identity number is needed for these goods to {country}: leave it out.")


class QuoteChanged(CheckoutError):
    """The total is no longer what the buyer was shown; ``total`` is the present one.

    ``codes`` are the promotion codes that no longer hold, if it is for them.
    """

    def __init__(self, shown: str, total: str, codes: Sequence[str] = ()) -> None:
        self.shown = shown
        self.total = total
        self.codes = tuple(codes)
        if codes and not shown:
            super().__init__(f"Promotion codes that no longer hold: {', '.join(codes)}. The total is {total}.")
        else:
            super().__init__(f"The total has changed from {shown} to {total}.")


class NothingToPay(CheckoutError):
    """Promotion codes leave nothing to pay, and an order of nothing cannot be paid."""


class GiftWrapNotOffered(CheckoutError):
    """The market does not wrap gifts today."""


class BadText(CheckoutError):
    """A gift message or note will not do; ``field`` names it, ``maximum`` is the most characters it may have."""

    def __init__(self, field: str, reason: str, maximum: int) -> None:
        self.field = field
        self.reason = reason
        self.maximum = maximum
        super().__init__(
            f"At most {maximum} characters." if reason == "too_long" else "Control characters are not accepted."
        )


class GoodsRefused(CheckoutError):
    """Customs or trade rules keep goods out of the country: ``refusals`` has each code, rule, and SKU or limit."""

    def __init__(self, refusals: Sequence[Notice], country: str) -> None:
        self.refusals = list(refusals)
        self.country = country
        reasons = "; ".join(f"{one.about}: {one.code}" for one in refusals)
        super().__init__(f"These goods cannot go to {country}: {reasons}.")


class CannotQuote(CheckoutError):
    """Something of ours is missing (the rule book, an exchange rate), so that no price can be named."""
