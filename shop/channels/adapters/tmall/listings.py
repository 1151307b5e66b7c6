"""Items and SKUs of TOP as neutral listings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shop.channels.adapters.tmall import parse
from shop.channels.adapters.types import ListingRef, ListingState, ListingStatus

PAGE_FIELDS = "num_iid,approve_status,modified"

# All data of SKUs is asked for as `sku`, although it comes back as `skus`.
ITEM_FIELDS = "num_iid,title,outer_id,num,price,approve_status,violation,sub_stock,with_hold_quantity,modified,sku"

_STATUS = {"onsale": ListingStatus.ACTIVE, "instock": ListingStatus.INACTIVE}


def read_item(item: dict[str, Any], *, account: str, observed_at: datetime) -> list[ListingState]:
    """One state per SKU, or one for the item itself when it has none.

    `with_hold_quantity` counts for the whole item, so it is told only where the item is the sellable unit.
    """
    item_id = parse.identity(item, "num_iid")
    raw_status = parse.optional_text(item, "approve_status")
    status = _STATUS.get(raw_status, ListingStatus.UNKNOWN)
    if parse.optional_flag(item, "violation"):
        status = ListingStatus.LOCKED
    title = parse.optional_text(item, "title")
    skus = parse.wrapped_list(item, "skus", "sku")
    if not skus:
        return [
            ListingState(
                ref=ListingRef(account=account, item_id=item_id, seller_sku=parse.optional_text(item, "outer_id")),
                quantity=parse.integer(item, "num"),
                withheld=parse.optional_integer(item, "with_hold_quantity"),
                status=status,
                raw_status=raw_status,
                title=title,
                price=parse.optional_yuan(item, "price"),
                observed_at=observed_at,
            )
        ]
    return [
        ListingState(
            ref=ListingRef(
                account=account,
                item_id=item_id,
                sku_id=parse.identity(sku, "sku_id"),
                seller_sku=parse.optional_text(sku, "outer_id"),
            ),
            quantity=parse.integer(sku, "quantity"),
            withheld=None,
            status=ListingStatus.GONE if parse.optional_text(sku, "status") == "delete" else status,
            raw_status=raw_status,
            title=title,
            price=parse.optional_yuan(sku, "price"),
            observed_at=observed_at,
        )
        for sku in skus
    ]


def state_for(ref: ListingRef, states: Sequence[ListingState], *, observed_at: datetime) -> ListingState:
    """The state of the asked listing among the states of its item; GONE when nothing there answers to it.

    Where our reference names no SKU but the item has some, our own code decides, if exactly one SKU carries it;
    otherwise the answer is UNKNOWN, since the item's total belongs to no single listing.
    """
    exact = [state for state in states if state.ref.sku_id == ref.sku_id]
    if exact:
        return exact[0]
    status = ListingStatus.GONE
    if ref.sku_id is None and states:
        coded = [state for state in states if ref.seller_sku and state.ref.seller_sku == ref.seller_sku]
        if len(coded) == 1:
            return coded[0]
        status = ListingStatus.UNKNOWN
    return ListingState(
        ref=ref,
        quantity=None,
        withheld=None,
        status=status,
        raw_status="",
        title="",
        price=None,
        observed_at=observed_at,
    )
