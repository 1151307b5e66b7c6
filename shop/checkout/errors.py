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
    """The total is no longer what the buyer was shown; ``total`` is the present one."""

    def __init__(self, shown: str, total: str) -> None:
        self.shown = shown
        self.total = total
        super().__init__(f"The total has changed from {shown} to {total}.")


class GoodsRefused(CheckoutError):
    """Customs or trade rules keep goods out of the country: ``refusals`` has each code, rule, and SKU or limit."""

    def __init__(self, refusals: Sequence[Notice], country: str) -> None:
        self.refusals = list(refusals)
        self.country = country
        reasons = "; ".join(f"{one.about}: {one.code}" for one in refusals)
        super().__init__(f"These goods cannot go to {country}: {reasons}.")


class CannotQuote(CheckoutError):
    """Something of ours is missing (the rule book, an exchange rate), so that no price can be named."""
