"""What is kept of a variant and of a product in a market, computed from price, right and units."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shop.crossborder.models.offering import StockState
from shop.crossborder.offers import Offer

FEW = 5  # units; from here down a page says how many are left
UNPUBLISHED, NO_PRICE = "unpublished", "no_price"


@dataclass(frozen=True)
class Standing:
    """A variant's row: see :class:`shop.crossborder.models.VariantOffer`."""

    product_id: int
    sellable: bool
    refusal: str
    amount: Decimal | None
    was: Decimal | None
    was_days: int
    percent: int | None
    state: int
    left: int | None


@dataclass(frozen=True)
class ProductStanding:
    """A product's row: see :class:`shop.crossborder.models.ProductOffer`."""

    variant_id: int
    languages: tuple[str, ...]
    amount: Decimal
    several_prices: bool
    was: Decimal | None
    was_days: int
    percent: int | None
    state: int
    left: int | None
    revision: int


def stock_state(*, units: int, at_hand: int) -> tuple[StockState, int | None]:
    """Return the state and, while they are few, the units.

    ``units`` can be promised, backorders included; ``at_hand`` without them.
    """
    if units <= 0:
        return StockState.SOLD_OUT, None
    if at_hand <= 0:
        return StockState.BACKORDER, None
    return (StockState.FEW, at_hand) if at_hand <= FEW else (StockState.IN_STOCK, None)


def offered(offer: Offer, *, units: int, at_hand: int) -> Standing:
    """Return the row of a variant with price and right."""
    state, left = stock_state(units=units, at_hand=at_hand)
    return Standing(
        product_id=offer.product_id,
        sellable=state > StockState.SOLD_OUT,
        refusal="",
        amount=offer.amount,
        was=offer.was,
        was_days=offer.was_days,
        percent=offer.percent,
        state=int(state),
        left=left,
    )


def refused(*, product_id: int, refusal: str) -> Standing:
    """Return the row of a variant that is not offered, and why."""
    return Standing(product_id, False, refusal, None, None, 0, None, int(StockState.SOLD_OUT), None)


def together(
    rows: Sequence[tuple[int, Standing]], *, languages: Sequence[str], revision: int
) -> ProductStanding | None:
    """Return a product's row from its variants' (id, row, in the order of the page), None when none is offered.

    The price is the lowest of what can be bought; of what is offered when all is sold out.
    """
    offers = [(variant, row) for variant, row in rows if row.amount is not None]
    if not offers:
        return None
    buyable = [one for one in offers if one[1].sellable] or offers
    variant, cheapest = min(buyable, key=lambda one: one[1].amount or 0)
    best = max(row.state for _variant, row in offers)
    left = [row.left for _variant, row in offers if row.left is not None]
    amount = cheapest.amount
    if amount is None:  # never: offers have one
        return None
    return ProductStanding(
        variant_id=variant,
        languages=tuple(languages),
        amount=amount,
        several_prices=any(row.amount != amount for _variant, row in offers),
        was=cheapest.was,
        was_days=cheapest.was_days,
        percent=cheapest.percent,
        state=best,
        left=sum(left) if best == StockState.FEW else None,
        revision=revision,
    )
