"""Refusals of basket and checkout, worded for the shopper."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from inventory.stock.errors import HolderLimit, OutOfStock, StockBusy
from shop.checkout import errors, landed_words
from shop.checkout.consents.agreed import ConsentMissing
from shop.checkout.models import MAX_LINES, MAX_QUANTITY
from shop.orders.actions import NotLicensed


def refusal(error: errors.CheckoutError) -> str:
    """Return what a shopper can do about a refused change of the basket, in one sentence."""
    if isinstance(error, errors.BadQuantity):
        return _("Please enter a whole number between 1 and %(maximum)s.") % {"maximum": MAX_QUANTITY}
    if isinstance(error, errors.BasketFull):
        return _("The basket is full: it holds %(maximum)s different articles.") % {"maximum": MAX_LINES}
    if isinstance(error, errors.NotForSale):
        return _("This article is not available in this country.")
    return _("This article is no longer in our shop.")


def not_placed(error: Exception, names: dict[str, str]) -> list[str]:  # noqa: PLR0911 (one for each refusal)
    """Return what a shopper can do when the order could not be placed: one sentence, or one for each line concerned."""
    match error:
        case OutOfStock():
            return shortages(error, names)
        case NotLicensed():
            return unlicensed([one.sku for one in error.denied], names)
        case errors.NotForSale():
            return unlicensed(error.reasons, names)
        case errors.IdentityRequired() | errors.IdentityNotNeeded():
            return [_identity(error)]
        case errors.DeliveryRefused():
            return [undeliverable(error)]
        case errors.GoodsRefused():
            return landed_words.refusals(error.refusals, names)
        case errors.NothingToPay() | errors.GiftWrapNotOffered() | ConsentMissing():
            return [_extra(error)]
        case errors.CannotQuote():
            return [_("We cannot work out the price just now. Please try again in a while.")]
        case HolderLimit():
            return [_("You have unpaid orders that claim these articles. Please pay or cancel one of them first.")]
        case StockBusy():
            return [_("Many people are buying this just now. Please try again.")]
    return [_("The total has changed since you saw it. Please look at it again before you pay.")]


def _extra(error: Exception) -> str:
    if isinstance(error, errors.NothingToPay):
        return _("These codes leave nothing to pay, and an order of nothing cannot be placed. Please remove one.")
    if isinstance(error, errors.GiftWrapNotOffered):
        return _("Gift wrap is not offered here and was taken out.")
    return _("One of the texts to agree to has changed. Please read it and tick its box again.")


def _identity(error: Exception) -> str:
    if isinstance(error, errors.IdentityRequired):
        return _("Customs asks who the buyer is. Please fill in “Identity for customs”.")
    return _("Customs no longer asks who the buyer is. Please look at the order again.")


def shortages(error: OutOfStock, names: dict[str, str]) -> list[str]:
    """Return one sentence for each line that cannot be served, naming it and what is left."""
    return [
        _("“%(name)s” is sold out.") % {"name": names.get(line.sku, line.sku)}
        if line.available <= 0
        else _("“%(name)s”: you asked for %(asked)s, and %(left)s are left.")
        % {"name": names.get(line.sku, line.sku), "asked": line.asked, "left": line.available}
        for line in error.shortages
    ]


def unlicensed(skus: Iterable[str], names: dict[str, str]) -> list[str]:
    """Return one sentence for each line that may not be sold there."""
    return [_("“%(name)s” is not available in this country.") % {"name": names.get(sku, sku)} for sku in skus]


def undeliverable(error: errors.DeliveryRefused) -> str:
    """Say which delivery method does not take the goods to that address, and why."""
    return _("“%(method)s” cannot be chosen. %(reasons)s") % {"method": error.name, "reasons": " ".join(error.texts)}
