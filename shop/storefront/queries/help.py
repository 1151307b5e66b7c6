"""What the help pages of a market say: how things travel, how one pays, and who answers."""

from dataclasses import dataclass

from shop.crossborder.models import Market, PaymentMethod, Seller, ShippingOption
from shop.crossborder.money import display
from shop.storefront.places import country_name


@dataclass(frozen=True)
class Method:
    """A delivery method: its name, working days after the parcel has left, and its price where it is flat."""

    name: str
    days_from: int
    days_to: int
    tracked: bool
    price: str
    free_above: str


@dataclass(frozen=True)
class Contact:
    """Who sells in the market, as one writes to them."""

    name: str
    lines: list[str]
    email: str
    phone: str


def methods(market: Market, language: str) -> list[Method]:
    """Return the methods that are offered. One statement."""
    rows = ShippingOption.objects.filter(market=market, active=True).order_by("position", "code")
    return [
        Method(
            name=str(one.names.get(language) or one.names.get("en") or one.code),
            days_from=one.days_from,
            days_to=one.days_to,
            tracked=one.tracked,
            price=display(one.amount, market.currency, language) if one.amount else "",
            free_above=display(one.free_above, market.currency, language) if one.free_above else "",
        )
        for one in rows
    ]


def countries(market: Market, language: str) -> list[str]:
    """Return the names of the countries that the market delivers to."""
    return [country_name(code, language) for code in market.countries]


def payments(market: Market) -> list[str]:
    """Return the names of the ways to pay, the preferred first."""
    known = dict(PaymentMethod.choices)
    return [str(known.get(code, code)) for code in market.payment_methods]


def contact(market: Market, language: str) -> Contact | None:
    """Return the market's seller, if it has one. One statement."""
    seller = Seller.objects.filter(pk=market.seller_id).first() if market.seller_id else None
    if seller is None:
        return None
    town = " ".join(part for part in (seller.postcode, seller.city) if part)
    lines = [seller.line1, seller.line2, town, seller.region, country_name(seller.country, language)]
    return Contact(seller.legal_name, [line for line in lines if line], seller.email, seller.phone)
