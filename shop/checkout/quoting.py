"""A basket's quote: prices of the day, rights, delivery and tax, in a fixed number of statements."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from inventory.stock import queries as stock
from licensing.rights.may_sell import may_sell
from shop.catalogue.models import ProductText
from shop.checkout.consigning import Sending, Wanted, consignments, send
from shop.checkout.delivering import Delivery, choose
from shop.checkout.errors import CannotQuote, CountryNotServed, EmptyBasket, GoodsRefused, NotForSale
from shop.checkout.exchange import ReferenceRates
from shop.checkout.models import Basket, BasketLine
from shop.crossborder import queries as crossborder
from shop.crossborder.delivery.goods import Origin
from shop.crossborder.landed_cost.answer import LandedCost, NotDeliverable, QuotedLine
from shop.crossborder.landed_cost.engine import landed_cost
from shop.crossborder.landed_cost.json_answer import answer_json
from shop.crossborder.landed_cost.request import BadRequest, Incoterm, Request
from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.queries import NoRuleBook, published_book
from shop.crossborder.sellers.queries import registrations


@dataclass(frozen=True)
class BasketRow:
    """A basket line as it stands now: price (market currency), units that can be promised, and why not for sale."""

    line: BasketLine
    name: str
    unit_price: Decimal | None
    amount: Decimal | None
    available: int
    codes: tuple[str, ...]

    @property
    def buyable(self) -> bool:
        """Whether the line can be ordered as it is."""
        return self.unit_price is not None and not self.codes and self.available >= self.line.quantity


@dataclass(frozen=True)
class QuotedBasket:
    """A quote with the rules and the delivery it was made with. ``sold`` pairs each quoted line with its basket row."""

    quote: LandedCost
    book: RuleBook
    delivery: Delivery
    rows: tuple[BasketRow, ...]
    sold: tuple[tuple[BasketRow, QuotedLine], ...]
    sendings: tuple[Sending, ...]
    warehouses: tuple[int, ...]
    tax_included: bool

    @property
    def supposed(self) -> frozenset[int]:
        """The warehouses that the quote supposes the goods to come from, of all ``warehouses`` that may send them."""
        return frozenset(one.place.id for one in self.sendings)

    def frozen(self) -> dict[str, Any]:
        """Return what an order keeps of it: every figure, its working, and the rules behind it."""
        return answer_json(self.quote, self.book) | {"tax_included": self.tax_included} | self.delivery.frozen()


def names(product_ids: set[int], language: str) -> dict[int, str]:
    """Return product id → name in the language, else in English."""
    texts = ProductText.objects.filter(product_id__in=product_ids, language__in={language, "en"})
    found: dict[int, str] = {}
    for text in texts:
        if text.language == language or text.product_id not in found:
            found[text.product_id] = text.name
    return found


def rows(
    basket: Basket, *, country: str | None = None, channel: str = "web", warehouses: list[int] | None = None
) -> list[BasketRow]:
    """Return the basket's lines priced and checked for delivery to ``country`` (else the market's first)."""
    market = basket.market
    lines = list(basket.lines.select_related("variant__product"))
    if not lines:
        return []
    today: date = timezone.localdate()
    quantities = {line.variant_id: line.quantity for line in lines}
    prices = crossborder.prices(variant_ids=quantities, market=market, on=today, quantities=quantities)
    decisions = may_sell(
        skus=[line.variant.sku for line in lines], ship_to=country or market.countries[0], channel=channel, on=today
    )
    free = stock.available_by_item(
        item_ids=[line.variant.item_id for line in lines],
        warehouse_ids=crossborder.warehouse_ids(market) if warehouses is None else warehouses,
    )
    named = names({line.variant.product_id for line in lines}, basket.language)
    return [
        BasketRow(
            line=line,
            name=named.get(line.variant.product_id, line.variant.sku),
            unit_price=prices.get(line.variant_id),
            amount=prices[line.variant_id] * line.quantity if line.variant_id in prices else None,
            available=free.get(line.variant.item_id, 0),
            codes=tuple(sorted(decisions[line.variant.sku].codes)),
        )
        for line in lines
    ]


def quote_basket(
    basket: Basket, *, country: str, postcode: str = "", region: str = "", shipping_option: str = ""
) -> QuotedBasket:
    """Quote the basket delivered there by the option (when none is named, the market's first that takes the goods).

    Stock only tells from where the goods would come: placing the order asks it inside the write.

    :raises EmptyBasket, CountryNotServed, UnknownShippingOption, DeliveryRefused: as named.
    :raises NotForSale: rights or a missing price forbid some lines.
    :raises GoodsRefused: customs or trade rules keep some goods out.
    :raises CannotQuote: no rule book is published, or an exchange rate is missing.
    """
    market = basket.market
    if country not in market.countries:
        raise CountryNotServed(country, market.countries)
    places = stock.places_for(destination=country, among=crossborder.warehouse_ids(market))
    if not places:
        raise CountryNotServed(country, [])
    warehouses = [place.id for place in places]
    found = rows(basket, country=country, warehouses=warehouses)
    if not found:
        raise EmptyBasket("The basket is empty.")
    refused = {row.line.variant.sku: list(row.codes) for row in found if row.codes}
    refused |= {row.line.variant.sku: ["no_price"] for row in found if row.unit_price is None}
    if refused:
        raise NotForSale(refused)
    wanted = [Wanted(row.line.variant, row.line.quantity, row.unit_price or Decimal(0)) for row in found]
    goods = sum((one.unit_price * one.quantity for one in wanted), Decimal(0))
    sendings = send(wanted, places)
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
    today = timezone.localdate()
    request = Request(
        country=country,
        on=today,
        currency=market.currency,
        consignments=consignments(
            wanted,
            sendings,
            shipping=delivery.option.amount,
            currency=market.currency,
            seller_country=market.seller.country if market.seller else "",
            registrations=registrations(seller_id=market.seller_id, on=today),
        ),
        postcode=postcode,
        region=region,
        prices_include_tax=market.prices_include_tax,
        incoterm=Incoterm(market.incoterm),
        fx=ReferenceRates(today),
    )
    quote, book = cost_of(request)
    order = [found[number] for one in sendings for number, _units in one.units]
    return QuotedBasket(
        quote=quote,
        book=book,
        delivery=delivery,
        rows=tuple(found),
        sold=tuple(zip(order, quote.lines, strict=True)),
        sendings=tuple(sendings),
        warehouses=tuple(warehouses),
        tax_included=market.prices_include_tax,
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
