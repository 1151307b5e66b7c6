"""Why a product is not sold somewhere, in words for the people of the shop."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from licensing.rights.may_sell import Denial
from shop.catalogue.models import Product
from shop.crossborder.models import VariantOffer
from shop.crossborder.models.offering import StockState
from shop.crossborder.money import display
from shop.crossborder.offering.standing import NO_PRICE, UNPUBLISHED

WORDS = {
    UNPUBLISHED: _("It is not published here now."),
    NO_PRICE: _("It has no price in force."),
    Denial.UNLICENSED: _("No grant covers it: its SKU or its object is not licensed."),
    Denial.NOT_SIGNED: _("The agreement is not signed."),
    Denial.AGREEMENT_INACTIVE: _("The agreement is not in force."),
    Denial.OUT_OF_TERM: _("Today is outside the term of the grant."),
    Denial.OUT_OF_TERRITORY: _("The grant does not cover this country."),
    Denial.OUT_OF_CHANNEL: _("The grant does not cover the web shop."),
    Denial.OUT_OF_CATEGORY: _("The grant does not cover this category of goods."),
}
SOLD_OUT = _("It is sold out, and cannot be ordered in advance.")


@dataclass(frozen=True)
class Reason:
    """A variant in a market: sold at ``price``, or not, and why."""

    sku: str
    sold: bool
    price: str
    words: str


def in_words(offer: VariantOffer) -> str:
    """Return why the offer's variant cannot be bought; empty if it can."""
    if offer.sellable:
        return ""
    return str(WORDS.get(offer.refusal, offer.refusal) if offer.refusal else SOLD_OUT)


def reasons(product: Product) -> dict[int, list[Reason]]:
    """Return market's key → its variants there, in the order of the page. One statement."""
    rows = VariantOffer.objects.filter(product=product).select_related("variant", "market")
    found: dict[int, list[Reason]] = {}
    for offer in rows.order_by("market__position", "variant__position", "variant__sku"):
        price = "" if offer.amount is None else display(offer.amount, offer.market.currency, "en")
        said = in_words(offer) or str(StockState(offer.state).label)
        found.setdefault(offer.market_id, []).append(Reason(offer.variant.sku, offer.sellable, price, said))
    return found
