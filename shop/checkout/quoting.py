"""A basket's quote: prices of the day, rights, delivery and tax, in a fixed number of statements."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from inventory.stock import queries as stock
from licensing.rights.may_sell import may_sell
from shop.catalogue.models import ProductText
from shop.checkout.delivering import Delivery, choose
from shop.checkout.errors import CountryNotServed, EmptyBasket, NotForSale
from shop.checkout.models import Basket, BasketLine
from shop.crossborder import queries as crossborder
from shop.crossborder.quote import Line, Quote, make_quote


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
    """A quote with the delivery and the basket rows it was made from."""

    quote: Quote
    delivery: Delivery
    rows: tuple[BasketRow, ...]
    warehouses: tuple[int, ...]


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

    Stock is not asked here: placing the order asks it inside the write.

    :raises EmptyBasket, CountryNotServed, UnknownShippingOption, DeliveryRefused: as named.
    :raises NotForSale: rights or a missing price forbid some lines.
    """
    market = basket.market
    if country not in market.countries:
        raise CountryNotServed(country, market.countries)
    warehouses = stock.warehouses_for(destination=country, among=crossborder.warehouse_ids(market))
    found = rows(basket, country=country, warehouses=warehouses)
    if not found:
        raise EmptyBasket("The basket is empty.")
    refused = {row.line.variant.sku: list(row.codes) for row in found if row.codes}
    refused |= {row.line.variant.sku: ["no_price"] for row in found if row.unit_price is None}
    if refused:
        raise NotForSale(refused)
    lines = [
        Line(
            sku=row.line.variant.sku,
            category=row.line.variant.product.category,
            quantity=row.line.quantity,
            unit_price=row.unit_price or Decimal(0),
        )
        for row in found
    ]
    goods = sum((line.unit_price * line.quantity for line in lines), Decimal(0))
    delivery = choose(
        shipping_option,
        market=market,
        language=basket.language,
        country=country,
        postcode=postcode,
        region=region,
        units=[(row.line.variant, row.line.quantity) for row in found],
        warehouses=warehouses,
        goods=goods,
    )
    quote = make_quote(
        lines=lines,
        shipping=delivery.option.amount,
        rules=crossborder.tax_rules(country=country, market=market, on=timezone.localdate()),
        country=country,
        currency=market.currency,
        tax_included=market.prices_include_tax,
    )
    return QuotedBasket(quote=quote, delivery=delivery, rows=tuple(found), warehouses=tuple(warehouses))
