"""A basket's lines as they stand now: price, rights, stock, and what changed since they were put in."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from inventory.stock import queries as stock
from licensing.rights.may_sell import Decision, may_sell
from shop.catalogue.models import ProductText
from shop.checkout.models import Basket, BasketLine
from shop.checkout.promotions.models import BasketCode
from shop.crossborder import queries as crossborder
from shop.crossborder.offering.visibility import shown_in


@dataclass(frozen=True)
class BasketRow:
    """A basket line as it stands now: price (market currency), units that can be promised, and why not for sale.

    ``available`` is None where stock was not asked. ``coded``: the basket has promotion codes.
    """

    line: BasketLine
    name: str
    unit_price: Decimal | None
    amount: Decimal | None
    available: int | None
    decision: Decision
    coded: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        """Why rights forbid the sale; empty when they do not."""
        return tuple(sorted(self.decision.codes))

    @property
    def buyable(self) -> bool:
        """Whether the line can be ordered as it is."""
        enough = self.available is None or self.available >= self.line.quantity
        return self.unit_price is not None and not self.codes and enough

    @property
    def price_before(self) -> Decimal | None:
        """What a unit cost when it was put in or last seen, where that is another price than now."""
        before = self.line.price_added
        return before if before is not None and self.unit_price is not None and before != self.unit_price else None


def names(product_ids: set[int], language: str) -> dict[int, str]:
    """Return product id → name in the language, else in English."""
    texts = ProductText.objects.filter(product_id__in=product_ids, language__in={language, "en"})
    found: dict[int, str] = {}
    for text in texts:
        if text.language == language or text.product_id not in found:
            found[text.product_id] = text.name
    return found


def rows(
    basket: Basket,
    *,
    country: str | None = None,
    channel: str = "web",
    warehouses: list[int] | None = None,
    stocked: bool = True,
) -> list[BasketRow]:
    """Return the basket's lines priced and checked for delivery to ``country`` (else the market's first).

    Four statements, three where stock is not asked (``stocked``), one more where the market's warehouses are not given.
    """
    market = basket.market
    words = ProductText.objects.filter(product=OuterRef("variant__product"))
    lines = list(
        basket.lines.select_related("variant__product").annotate(
            named=Coalesce(
                Subquery(words.filter(language=basket.language).values("name")[:1]),
                Subquery(words.filter(language="en").values("name")[:1]),
                F("variant__sku"),
            ),
            shown=Exists(shown_in(market).filter(pk=OuterRef("variant__product"))),
            coded=Exists(BasketCode.objects.filter(basket=OuterRef("basket"))),
        )
    )
    if not lines:
        return []
    today: date = timezone.localdate()
    quantities = {line.variant_id: line.quantity for line in lines}
    prices = crossborder.prices(variant_ids=quantities, market=market, on=today, quantities=quantities)
    for line in lines:
        if not line.shown:
            # Withdrawn meanwhile: it is not sold, whatever its price.
            prices.pop(line.variant_id, None)
    decisions = may_sell(
        skus=[line.variant.sku for line in lines], ship_to=country or market.countries[0], channel=channel, on=today
    )
    free = (
        stock.available_by_item(
            item_ids=[line.variant.item_id for line in lines],
            warehouse_ids=crossborder.warehouse_ids(market) if warehouses is None else warehouses,
        )
        if stocked
        else {}
    )
    return [
        BasketRow(
            line=line,
            name=line.named,
            unit_price=prices.get(line.variant_id),
            amount=prices[line.variant_id] * line.quantity if line.variant_id in prices else None,
            available=free.get(line.variant.item_id, 0) if stocked else None,
            decision=decisions[line.variant.sku],
            coded=line.coded,
        )
        for line in lines
    ]
