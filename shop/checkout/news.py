"""What happened to a basket that its shopper has not seen to yet: kept with it until she says so.

Each entry is ``{"code": …, facts}``; the doors put it in words. Prices that changed and stock that is short are no
news: they are read from the lines as they stand.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.db import transaction

from shop.checkout.basket import lock
from shop.checkout.lines import rows
from shop.checkout.models import Basket, BasketLine

MOST = 20  # entries; the oldest go


class News(StrEnum):
    """What can have happened."""

    CODE_REMOVED = "promotion_removed"
    MARKET_SWITCHED = "market_switched"
    NOT_SOLD_HERE = "not_sold_here"
    WRAP_REMOVED = "gift_wrap_removed"
    MERGED = "merged"
    QUANTITY_LOWERED = "quantity_limited"
    LINE_LEFT_OUT = "basket_full"


def tell(basket: Basket, entries: Iterable[dict[str, Any]]) -> None:
    """Add entries to a locked basket; one that stands already is not told twice."""
    told = list(basket.news)
    told += [one for one in entries if one not in told]
    if told != basket.news:
        basket.news = told[-MOST:]
        basket.save(update_fields=["news"])


@transaction.atomic
def dismiss(*, basket: Basket) -> Basket:
    """The shopper has seen all of it: news go, and the prices of now are those she knows."""
    locked = lock(basket)
    locked.news = []
    locked.save(update_fields=["news", "updated_at"])
    changed = []
    for row in rows(locked, stocked=False):
        if row.unit_price is not None and row.line.price_added != row.unit_price:
            row.line.price_added = row.unit_price
            changed.append(row.line)
    BasketLine.objects.bulk_update(changed, ["price_added"])
    return locked
