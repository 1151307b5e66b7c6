"""A basket's quote: prices of the day, rights, delivery and tax, in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from shop.checkout.consigning import Sending, Wanted, consignments, send, sources
from shop.checkout.delivering import Delivery, choose
from shop.checkout.errors import CannotQuote, CountryNotServed, EmptyBasket, GoodsRefused, NotForSale, NothingToPay
from shop.checkout.exchange import ReferenceRates
from shop.checkout.lines import BasketRow, names, rows
from shop.checkout.models import Basket
from shop.checkout.promotions.queries import codes_of, reckoned
from shop.checkout.promotions.reckoning import Reckoned
from shop.checkout.wrapping import wrapping_of
from shop.crossborder.delivery.goods import Origin
from shop.crossborder.landed_cost.answer import LandedCost, NotDeliverable, QuotedLine
from shop.crossborder.landed_cost.engine import landed_cost
from shop.crossborder.landed_cost.json_answer import answer_json
from shop.crossborder.landed_cost.money import ZERO
from shop.crossborder.landed_cost.request import BadRequest, Incoterm, Request
from shop.crossborder.money import text
from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.queries import NoRuleBook, published_book

__all__ = ["BasketRow", "QuotedBasket", "cost_of", "names", "quote_basket", "rows"]


@dataclass(frozen=True)
class QuotedBasket:
    """A quote with the rules and the delivery it was made with. ``sold`` pairs each quoted line with its basket row.

    ``reckoned`` says what promotion codes take off the goods, ``delivery_discount`` what they take off delivery;
    ``wrapping`` is the part of the amount for delivery that wraps a gift. All in the quote's currency.
    """

    quote: LandedCost
    book: RuleBook
    delivery: Delivery
    rows: tuple[BasketRow, ...]
    sold: tuple[tuple[BasketRow, QuotedLine], ...]
    sendings: tuple[Sending, ...]
    warehouses: tuple[int, ...]
    tax_included: bool
    reckoned: Reckoned
    wrapping: Decimal = ZERO
    delivery_discount: Decimal = ZERO
    gift_wrap: bool = False

    @property
    def supposed(self) -> frozenset[int]:
        """The warehouses that the quote supposes the goods to come from, of all ``warehouses`` that may send them."""
        return frozenset(one.place.id for one in self.sendings)

    def frozen(self) -> dict[str, Any]:
        """Return what an order keeps of it: every figure, its working, and the rules behind it."""
        return (
            answer_json(self.quote, self.book)
            | {"tax_included": self.tax_included}
            | self.delivery.frozen()
            | self.extras()
        )

    def extras(self) -> dict[str, Any]:
        """Return what was taken off and what wrapping costs, as text."""
        currency = self.quote.currency
        return {
            "gift_wrap": text(self.wrapping, currency),
            "discount": text(self.reckoned.discount, currency),
            "delivery_discount": text(self.delivery_discount, currency),
            "promotions": [
                {"code": one.code, "kind": str(one.kind), "discount": text(one.discount, currency)}
                for one in self.reckoned.applied
            ],
            "promotions_dropped": [
                {
                    "code": one.code,
                    "reason": str(one.reason),
                    "minimum": text(one.minimum, currency),
                    "missing": text(one.missing, currency),
                }
                for one in self.reckoned.dropped
            ],
        }


def quote_basket(
    basket: Basket,
    *,
    country: str,
    postcode: str = "",
    region: str = "",
    shipping_option: str = "",
    customers: Sequence[str] = (),
) -> QuotedBasket:
    """Quote the basket delivered there by the option (when none is named, the market's first that takes the goods).

    Stock only tells from where the goods would come: placing the order asks it inside the write. ``customers``: under
    which names the buyer's uses of promotions are counted. Codes that do not hold are left out and named.

    :raises EmptyBasket, CountryNotServed, UnknownShippingOption, DeliveryRefused: as named.
    :raises NotForSale: rights or a missing price forbid some lines.
    :raises GoodsRefused: customs or trade rules keep some goods out.
    :raises CannotQuote: no rule book is published, or an exchange rate is missing.
    :raises NothingToPay: promotion codes take everything off.
    :raises GiftWrapNotOffered: wrapping was asked for, and the market does not wrap.
    """
    market = basket.market
    if country not in market.countries:
        raise CountryNotServed(country, market.countries)
    found = rows(basket, country=country, stocked=False)
    if not found:
        raise EmptyBasket("The basket is empty.")
    today = timezone.localdate()
    origin = sources(market, destination=country, on=today)
    if not origin.places:
        raise CountryNotServed(country, [])
    refused = {row.line.variant.sku: list(row.codes) for row in found if row.codes}
    refused |= {row.line.variant.sku: ["no_price"] for row in found if row.unit_price is None}
    if refused:
        raise NotForSale(refused)
    priced = [(row.line.variant, row.line.quantity, row.unit_price or ZERO) for row in found]
    off = reckoned(codes_of(basket) if found[0].coded else (), priced, market, customers=customers)
    wanted = [Wanted(*one, discount=less) for one, less in zip(priced, off.discounts, strict=True)]
    goods = sum((one.unit_price * one.quantity - one.discount for one in wanted), ZERO)
    sendings = send(wanted, origin.places)
    delivery = choose(
        shipping_option,
        market=market,
        language=basket.language,
        country=country,
        postcode=postcode,
        region=region,
        units=[(row.line.variant, row.line.quantity) for row in found],
        leaving={
            wanted[number].variant.sku: Origin(one.place.id, one.place.country)
            for one in reversed(sendings)
            for number, _units in one.units
        },
        goods=goods,
    )
    wrapping = wrapping_of(basket, on=today)
    carriage = ZERO if off.free_delivery else delivery.option.amount
    request = Request(
        country=country,
        on=today,
        currency=market.currency,
        consignments=consignments(
            wanted,
            sendings,
            shipping=carriage + wrapping,
            currency=market.currency,
            seller_country=market.seller.country if market.seller else "",
            registrations=origin.registrations,
        ),
        postcode=postcode,
        region=region,
        prices_include_tax=market.prices_include_tax,
        incoterm=Incoterm(market.incoterm),
        fx=ReferenceRates(today),
    )
    quote, book = cost_of(request)
    if not quote.payable_now and off.applied:
        raise NothingToPay("These promotion codes leave nothing to pay; take one of them out.")
    order = [found[number] for one in sendings for number, _units in one.units]
    return QuotedBasket(
        quote=quote,
        book=book,
        delivery=delivery,
        rows=tuple(found),
        sold=tuple(zip(order, quote.lines, strict=True)),
        sendings=tuple(sendings),
        warehouses=tuple(place.id for place in origin.places),
        tax_included=market.prices_include_tax,
        reckoned=off,
        wrapping=wrapping,
        delivery_discount=delivery.option.amount - carriage,
        gift_wrap=basket.gift_wrap,
    )


def cost_of(request: Request) -> tuple[LandedCost, RuleBook]:
    """Return the landed cost under the published rule book, and that book. At most two statements.

    :raises GoodsRefused, CannotQuote: as named.
    """
    try:
        book = published_book()
        return landed_cost(request, book), book
    except NotDeliverable as error:
        raise GoodsRefused(error.refusals, request.country) from error
    except (BadRequest, NoRuleBook) as error:
        raise CannotQuote(str(error)) from error
