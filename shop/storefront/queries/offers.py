"""How much of what is for sale can be promised; a market's warehouses are remembered for a few seconds."""

from collections.abc import Iterable

from inventory.stock import queries as stock
from shop.crossborder.models import Market
from shop.crossborder.offers import Offer
from shop.storefront import markets


def available(found: Iterable[Offer], *, market: Market) -> dict[int, int]:
    """Return item id → units the market's warehouses can promise. One statement."""
    return stock.available_by_item(
        item_ids=[offer.item_id for offer in found], warehouse_ids=markets.warehouse_ids(market)
    )
