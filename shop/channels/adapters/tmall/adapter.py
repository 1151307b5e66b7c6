"""The Tmall channel: one seller's shop over the TOP gateway."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx

from shop.channels.adapters.contract import ChannelAdapter
from shop.channels.adapters.errors import (
    AlreadyDone,
    ContractViolation,
    InvalidRequest,
    ListingGone,
    Stale,
    Transient,
    UnknownOutcome,
)
from shop.channels.adapters.tmall import listings, order_list, orders, parse, shipping, stock
from shop.channels.adapters.tmall.transport import TopTransport, Value, wall_clock
from shop.channels.adapters.types import (
    Capabilities,
    ChannelOrder,
    ConnectionReport,
    ListingRef,
    ListingState,
    PageDirection,
    PushResult,
    ShipmentNotice,
    ShipOutcome,
    ShipResult,
    StockTarget,
)

CAPABILITIES = Capabilities(
    kind="tmall",
    max_items_per_push=stock.MAX_SKUS_PER_CALL,
    absolute_set=True,
    increment=False,
    compare_and_set=False,
    idempotency_key=False,
    async_apply=False,
    read_back=True,
    order_window_max=order_list.MAX_WINDOW,
    order_window_overlap=timedelta(minutes=10),
    page_direction=PageDirection.BACKWARDS,
    personal_data="masked, with an address token",
    money_scale=2,
    partial_shipment=True,
    push_messages=False,
)

# Every list an item of the shop may stand in; the default inventory list leaves the last two out.
_ITEM_LISTS: tuple[tuple[str, str | None], ...] = (
    ("taobao.items.onsale.get", None),
    ("taobao.items.inventory.get", None),
    ("taobao.items.inventory.get", "sold_out"),
    ("taobao.items.inventory.get", "violation_off_shelf"),
)
_ITEM_PAGE_SIZE = 200
_ITEMS_AT_MOST = 20_000
_ITEMS_PER_READ = 20


class TmallAdapter:
    """See :class:`shop.channels.adapters.contract.ChannelAdapter`; every method may raise a ChannelError."""

    capabilities = CAPABILITIES

    def __init__(self, *, transport: TopTransport, account: str) -> None:
        self._transport = transport
        self._account = account

    def verify_connection(self) -> ConnectionReport:
        offset = self._transport.resync_clock()
        body = self._read("taobao.user.seller.get", {"fields": "user_id,nick,type,status"})
        user = parse.record(body, "user")
        return ConnectionReport(
            seller_id=parse.optional_text(user, "user_id"),
            seller_name=parse.text(user, "nick"),
            clock_offset=offset,
        )

    def list_listings(self) -> list[ListingState]:
        item_ids: dict[str, None] = {}
        for method, banner in _ITEM_LISTS:
            item_ids.update(dict.fromkeys(self._item_ids(method, banner)))
        # An item deleted between the two readings is no listing any more.
        return [state for states in self._read_items(item_ids).values() for state in states]

    def read_stock(self, refs: Sequence[ListingRef]) -> list[ListingState]:
        states = self._read_items(dict.fromkeys(ref.item_id for ref in refs))
        seen_at = self._transport.platform_now()
        return [listings.state_for(ref, states.get(ref.item_id, []), observed_at=seen_at) for ref in refs]

    def push_stock(self, targets: Sequence[StockTarget]) -> list[PushResult]:
        return stock.push(self._transport, targets)

    def poll_orders(self, window_start: datetime, window_end: datetime) -> list[ChannelOrder]:
        window = order_list.checked_window(window_start, window_end, now=self._transport.platform_now())
        found = order_list.changed_orders(self._transport, window)
        complete = [self._order_since(tid, modified) for tid, modified in found.items()]
        return sorted(complete, key=lambda order: (order.modified_at, order.external_id))

    def get_order(self, external_id: str) -> ChannelOrder:
        body = self._read(
            "taobao.trade.fullinfo.get",
            {"fields": orders.TRADE_FIELDS, "tid": external_id, "include_oaid": "include_oaid"},
        )
        order = orders.read_trade(parse.record(body, "trade"), account=self._account)
        if order.external_id != external_id:
            raise ContractViolation("The platform sent another order than the one asked for.")
        return order

    def confirm_shipment(self, notice: ShipmentNotice) -> ShipResult:
        """Report a parcel after a fresh look at the order, so that nothing cancelled or disputed is shipped.

        Raises Stale when a line may not be shipped now, AlreadyDone when the order left with another waybill,
        UnknownOutcome when no answer came and the order does not show the waybill (repeat the same notice later).
        """
        order = self.get_order(notice.order_id)
        if shipping.is_known(shipping.wanted_lines(order, notice), notice):
            return ShipResult(order.external_id, ShipOutcome.ALREADY_CONFIRMED)
        params = shipping.build_params(order, shipping.lines_to_send(order, notice), notice)
        try:
            body = self._transport.call(shipping.METHOD, params, writes=True)
        except (AlreadyDone, UnknownOutcome, Stale, ContractViolation):
            again = self.get_order(notice.order_id)
            if shipping.is_known(shipping.wanted_lines(again, notice), notice):
                return ShipResult(order.external_id, ShipOutcome.ALREADY_CONFIRMED)
            raise
        if parse.optional_flag(parse.record(body, "shipping"), "is_success") is not True:
            raise InvalidRequest("The platform did not accept the shipment.")
        return ShipResult(order.external_id, ShipOutcome.CONFIRMED)

    def _read(self, method: str, params: Mapping[str, Value | None]) -> dict[str, Any]:
        return self._transport.call(method, params, writes=False)

    def _order_since(self, tid: str, modified: datetime) -> ChannelOrder:
        order = self.get_order(tid)
        if order.modified_at < modified:
            raise Transient("The platform's order details lag behind its list.")
        return order

    def _item_ids(self, method: str, banner: str | None) -> list[str]:
        found: list[str] = []
        page, total = 1, 1
        while (page - 1) * _ITEM_PAGE_SIZE < total:
            body = self._read(
                method,
                {"fields": listings.PAGE_FIELDS, "banner": banner, "page_no": page, "page_size": _ITEM_PAGE_SIZE},
            )
            items = parse.explained_list(body, "items", "item", skipped=(page - 1) * _ITEM_PAGE_SIZE)
            found += [parse.identity(item, "num_iid") for item in items]
            total = parse.integer(body, "total_results")
            if total > _ITEMS_AT_MOST:
                raise InvalidRequest("The shop has more items than the platform lists in one query (20,000).")
            page += 1
        return found

    def _read_items(self, item_ids: Iterable[str]) -> dict[str, list[ListingState]]:
        """States by item id; an item that no longer exists has no entry."""
        wanted = list(item_ids)
        found: dict[str, list[ListingState]] = {}
        for start in range(0, len(wanted), _ITEMS_PER_READ):
            batch = wanted[start : start + _ITEMS_PER_READ]
            body = self._read(
                "taobao.items.seller.list.get", {"fields": listings.ITEM_FIELDS, "num_iids": ",".join(batch)}
            )
            for item in parse.wrapped_list(body, "items", "item") or []:
                self._keep(found, item)
            # This method leaves unknown items out without a word. Being left out is too weak a reason to call a
            # listing gone, so each is asked for by itself.
            for item_id in batch:
                if item_id not in found and (left_out := self._item(item_id)) is not None:
                    self._keep(found, left_out)
        return found

    def _keep(self, found: dict[str, list[ListingState]], item: dict[str, Any]) -> None:
        states = listings.read_item(item, account=self._account, observed_at=self._transport.platform_now())
        found[parse.identity(item, "num_iid")] = states

    def _item(self, item_id: str) -> dict[str, Any] | None:
        try:
            body = self._read("taobao.item.seller.get", {"fields": listings.ITEM_FIELDS, "num_iid": item_id})
        except ListingGone:
            return None
        return parse.record(body, "item")


def tmall_adapter(
    *,
    gateway_url: str,
    app_key: str,
    app_secret: str,
    session: str,
    client: httpx.Client | None = None,
    now: Callable[[], datetime] | None = None,
    account: str = "tmall",
) -> ChannelAdapter:
    """An adapter for one seller's shop; `session` is the seller's access token, `account` our name for the shop.

    `now` gives the aware current time. Raises ValueError when the address is no http URL or a key is empty.
    """
    transport = TopTransport(
        gateway_url=gateway_url,
        app_key=app_key,
        app_secret=app_secret,
        session=session,
        client=client,
        now=now or wall_clock,
    )
    return TmallAdapter(transport=transport, account=account)
