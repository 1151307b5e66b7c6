"""Which orders changed in a window: the increment list, read so that none slips through between two pages."""

from datetime import datetime, timedelta
from math import ceil

from shop.channels.adapters.errors import ContractViolation, InvalidRequest, Transient
from shop.channels.adapters.tmall import parse
from shop.channels.adapters.tmall.orders import LIST_FIELDS, TRADE_TYPES, read_page
from shop.channels.adapters.tmall.transport import TopTransport
from shop.channels.adapters.types import Cursor, OrderPage

METHOD = "taobao.trades.sold.increment.get"
MAX_WINDOW = timedelta(days=1)
PAGE_SIZE = 50
_ROUNDS = 3


def checked_window(start: datetime, end: datetime, *, now: datetime) -> Cursor:
    """The window in whole seconds, as the platform counts. Raises InvalidRequest where it cannot be asked for.

    A window that ends in the future is refused: an order changed after our call would fall into a window already
    taken as read, and new orders would push others from page to page while we read.
    """
    if start.tzinfo is None or end.tzinfo is None:
        raise InvalidRequest("A window of orders needs times with a time zone.")
    window = Cursor(start.replace(microsecond=0), end.replace(microsecond=0))
    if window.window_end <= window.window_start:
        raise InvalidRequest("A window of orders must end after it starts.")
    if window.window_end - window.window_start > MAX_WINDOW:
        raise InvalidRequest("A window of orders may span one day at most.")
    if window.window_end > now:
        raise InvalidRequest("A window of orders must not end in the future.")
    return window


def changed_orders(transport: TopTransport, window: Cursor) -> dict[str, datetime]:
    """The ids of all orders modified in the window with their greatest time of modification.

    The list is newest first. An order that changes again leaves a past window, and everything older moves up by
    one; reading from the last page to the first, what moves up is met again instead of missed. A count at the end
    shows whether the list grew meanwhile; it is then read anew. Raises Transient when it never comes to rest.
    """
    found: dict[str, datetime] = {}
    counted = _page(transport, window, page=1, counting=True)
    for _round in range(_ROUNDS):
        _add(found, counted)
        total = _total(counted)
        if total <= len(counted.orders):
            return found  # One answer held everything.
        for page in range(ceil(total / PAGE_SIZE), 0, -1):
            _add(found, _page(transport, window, page=page, counting=False))
        counted = _page(transport, window, page=1, counting=True)
        if _total(counted) <= len(found):
            return found
    raise Transient("The list of orders kept changing while it was read.")


def _page(transport: TopTransport, window: Cursor, *, page: int, counting: bool) -> OrderPage:
    cursor = Cursor(window.window_start, window.window_end, page)
    body = transport.call(
        METHOD,
        {
            "fields": LIST_FIELDS,
            "start_modified": parse.stamp(window.window_start),
            "end_modified": parse.stamp(window.window_end),
            "type": TRADE_TYPES,
            "page_no": page,
            "page_size": PAGE_SIZE,
            # Without the count the platform answers much faster, but only the count tells where the end is.
            "use_has_next": None if counting else True,
        },
        writes=False,
    )
    return read_page(body, cursor=cursor, page_size=PAGE_SIZE)


def _total(page: OrderPage) -> int:
    if page.total is None:
        raise ContractViolation("The platform did not count the orders of the window.")
    return page.total


def _add(found: dict[str, datetime], page: OrderPage) -> None:
    for stub in page.orders:
        known = found.get(stub.external_id)
        if known is None or stub.modified_at > known:
            found[stub.external_id] = stub.modified_at
