"""Which warehouse serves which line: a proposal from what is available now. The write decides."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Offer:
    """Units of one item that one warehouse could promise."""

    balance_id: int
    item_id: int
    warehouse_id: int
    available: int


@dataclass(frozen=True)
class Pick:
    """Units to take from one balance."""

    balance_id: int
    item_id: int
    quantity: int


def propose(
    *, demand: dict[int, int], offers: Sequence[Offer], warehouses: Sequence[int]
) -> tuple[list[Pick], set[int]]:
    """Choose balances for ``demand`` (item id → units); return the picks and the items that cannot be served.

    A line comes whole from the first warehouse in ``warehouses`` (order of preference) that has all of it; failing
    that it is split over them in the same order.
    """
    rank = {warehouse: position for position, warehouse in enumerate(warehouses)}
    by_item: dict[int, list[Offer]] = {}
    for offer in offers:
        if offer.warehouse_id in rank and offer.available > 0:
            by_item.setdefault(offer.item_id, []).append(offer)
    picks: list[Pick] = []
    short: set[int] = set()
    for item_id, quantity in sorted(demand.items()):
        candidates = sorted(by_item.get(item_id, []), key=lambda offer: rank[offer.warehouse_id])
        whole = next((offer for offer in candidates if offer.available >= quantity), None)
        if whole:
            picks.append(Pick(whole.balance_id, item_id, quantity))
            continue
        if sum(offer.available for offer in candidates) < quantity:
            short.add(item_id)
            continue
        left = quantity
        for offer in candidates:
            taken = min(left, offer.available)
            if taken:
                picks.append(Pick(offer.balance_id, item_id, taken))
                left -= taken
    return picks, short
