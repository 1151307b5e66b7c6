"""Reading a window of orders completely while the platform's list moves, over HTTP."""

from datetime import datetime, timedelta

import pytest

from shop.channels.adapters import errors

LIST = "taobao.trades.sold.increment.get"
FULL = "taobao.trade.fullinfo.get"


class Book:
    """Orders of a window, newest first, that may change after any page is read."""

    def __init__(self, count: int, trade) -> None:
        self.order_ids = [*range(count, 0, -1)]
        self.trade = trade
        self.pages_read = 0
        self.change_after: dict[int, object] = {}

    def page(self, form):
        size, number = int(form["page_size"]), int(form["page_no"])
        ids = self.order_ids[(number - 1) * size : number * size]
        rows = [{"tid": tid, "status": "WAIT_SELLER_SEND_GOODS", "modified": "2026-11-22 20:11:05"} for tid in ids]
        body = {"trades": {"trade": rows}} if rows else {}
        if form.get("use_has_next") == "true":
            body["has_next"] = number * size < len(self.order_ids)
        else:
            body["total_results"] = len(self.order_ids)
        self.pages_read += 1
        change = self.change_after.pop(self.pages_read, None)
        if change:
            change()
        return body

    def full(self, form):
        return {"trade": self.trade(int(form["tid"]))}


@pytest.fixture
def book(loopback, trade):
    def install(count: int) -> Book:
        book = Book(count, trade)
        loopback.script(LIST, book.page)
        loopback.script(FULL, book.full)
        return book

    return install


def poll(loopback, now: datetime, *, minutes: int = 30):
    return loopback.adapter.poll_orders(now - timedelta(minutes=minutes), now)


def ids(orders) -> set[int]:
    return {int(order.external_id) for order in orders}


def test_no_orders_in_the_window(loopback, book, now):
    book(0)
    assert poll(loopback, now) == []
    form = loopback.calls(LIST)[0]
    assert (form["start_modified"], form["end_modified"]) == ("2026-11-22 20:00:00", "2026-11-22 20:30:00")
    assert "tmall_i18n" in form["type"].split(",")


def test_a_missing_list_without_a_reason_is_never_taken_for_empty(loopback, now):
    loopback.script(LIST, {"total_results": 3})
    with pytest.raises(errors.ContractViolation):
        poll(loopback, now)


def test_pages_are_counted_then_read_from_last_to_first(loopback, book, now):
    book(120)
    assert ids(poll(loopback, now)) == set(range(1, 121))
    pages = [(form["page_no"], form.get("use_has_next")) for form in loopback.calls(LIST)]
    assert pages == [("1", None), ("3", "true"), ("2", "true"), ("1", "true"), ("1", None)]
    assert len(loopback.calls(FULL)) == 120


def test_orders_leaving_the_window_between_pages_hide_none(loopback, book, now):
    shelf = book(120)
    everyone = set(shelf.order_ids)
    left: set[int] = set()

    def leave() -> None:
        """The newest order changes again and leaves the window: all older ones move up by one."""
        left.add(shelf.order_ids.pop(0))

    shelf.change_after = {2: leave, 3: leave}
    assert ids(poll(loopback, now)) >= everyone - left


def test_the_same_changes_lose_an_order_when_read_forwards(book):
    """The reason for reading backwards: the obvious direction misses an order."""
    shelf = book(120)
    everyone = set(shelf.order_ids)
    left: set[int] = set()

    def leave() -> None:
        left.add(shelf.order_ids.pop(0))

    shelf.change_after = {1: leave, 2: leave}
    met: set[int] = set()
    for number in (1, 2, 3):
        body = shelf.page({"page_no": str(number), "page_size": "50"})
        met |= {row["tid"] for row in body["trades"]["trade"]}
    assert (everyone - left) - met


def test_orders_entering_the_window_between_pages_hide_none(loopback, book, now):
    shelf = book(120)
    shelf.change_after = {3: lambda: shelf.order_ids.insert(0, 121)}
    assert ids(poll(loopback, now)) == set(range(1, 122))


def test_a_list_that_never_rests_is_an_error_not_a_gap(loopback, book, now):
    shelf = book(120)
    fresh = iter(range(1000, 2000))

    class Always(dict):
        def pop(self, *_args):
            return lambda: shelf.order_ids.insert(0, next(fresh))

    shelf.change_after = Always()
    with pytest.raises(errors.Transient, match="kept changing"):
        poll(loopback, now)


def test_one_order_that_cannot_be_read_fails_the_whole_window(loopback, book, now, refusal):
    book(3)
    loopback.script(FULL, refusal(15, "isp.remote-service-error"))
    with pytest.raises(errors.Transient):
        poll(loopback, now)


def test_details_older_than_the_list_are_not_accepted(loopback, book, now, trade):
    book(1)
    loopback.script(FULL, {"trade": trade(1, modified="2026-11-22 20:11:04")})
    with pytest.raises(errors.Transient, match="lag behind"):
        poll(loopback, now)


def test_another_order_than_the_one_asked_for(loopback, trade):
    loopback.script(FULL, {"trade": trade(2)})
    with pytest.raises(errors.ContractViolation):
        loopback.adapter.get_order("1")


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (timedelta(days=1, seconds=1), timedelta(0), "one day"),
        (timedelta(0), timedelta(0), "end after"),
        (timedelta(minutes=1), timedelta(minutes=-1), "future"),
    ],
)
def test_windows_that_are_not_asked_for(loopback, now, start, end, message):
    with pytest.raises(errors.InvalidRequest, match=message):
        loopback.adapter.poll_orders(now - start, now - end)
    assert loopback.forms == []


def test_a_window_without_zone_is_refused(loopback, now):
    with pytest.raises(errors.InvalidRequest, match="zone"):
        loopback.adapter.poll_orders(now.replace(tzinfo=None) - timedelta(hours=1), now.replace(tzinfo=None))
