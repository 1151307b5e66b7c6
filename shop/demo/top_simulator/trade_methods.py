"""Reading orders, shipping them, closing them."""

import re
import sqlite3
from datetime import timedelta
from typing import Any

from shop.demo.top_simulator import trades, wire
from shop.demo.top_simulator.answers import Answer, Call, refuse_argument
from shop.demo.top_simulator.clock import from_wire, to_wire
from shop.demo.top_simulator.envelope import Rows, TopError

# The searches' default leaves out, among others, cross-border trades (`tmall_i18n`).
DEFAULT_TYPES = "guarantee_trade,auto_delivery,ec,cod,step"
# A search word only; no trade ever has this type.
GUARANTEE = frozenset({"fixed", "auction"})
STATUS_GROUPS = {
    "ALL_WAIT_PAY": frozenset({"WAIT_BUYER_PAY", "TRADE_NO_CREATE_PAY"}),
    "ALL_CLOSED": trades.CLOSED,
}
WIDEST_INCREMENT = timedelta(days=1)
OLDEST_SEARCHED = timedelta(days=90)
CLOSE_REASONS = frozenset(
    {
        "未及时付款",
        "买家不想买了",
        "买家信息填写错误，重新拍",
        "恶意买家/同行捣乱",
        "缺货",
        "买家拍错了",
        "同城见面交易",
    }
)
SHIPPING_ERROR = "isv.logistics-offline-service-error"
_WAYBILL = re.compile(r"[A-Za-z0-9-]{5,40}")
_COMPANY = re.compile(r"[A-Za-z0-9_-]{1,40}")


def _types(text: str) -> set[str]:
    types = {part.strip() for part in text.split(",") if part.strip()}
    return types | GUARANTEE if "guarantee_trade" in types else types


def _search(call: Call, *, column: str, start: str, end: str) -> dict[str, Any]:
    """Newest first by the given column; total or has_next, never both. Both ends of the window count."""
    page_no, page_size = call.page(largest=100, most_rows=1_000_000)
    arguments = call.arguments
    types = _types(arguments.get("type", DEFAULT_TYPES))
    status = arguments.get("status", "")
    states = STATUS_GROUPS.get(status, frozenset({status}) if status else frozenset())
    buyer = arguments.get("buyer_nick", "")

    def matches(row: sqlite3.Row) -> bool:
        return row["type"] in types and (not states or row["status"] in states) and buyer in {"", row["buyer"]}

    with call.store.read() as connection:
        rows = connection.execute(
            f"SELECT * FROM trade WHERE {column} BETWEEN ? AND ? ORDER BY {column} DESC, tid DESC",  # noqa: S608
            (start, end),
        ).fetchall()
        found = [row for row in rows if matches(row)]
        on_page = found[(page_no - 1) * page_size : page_no * page_size]
        asked = call.fields
        listed = Rows("trade", [wire.trade_answer(connection, row, asked, full=False) for row in on_page])
    if arguments.get("use_has_next") == "true":
        return {"has_next": page_no * page_size < len(found), "trades": listed}
    return {"total_results": len(found), "trades": listed}


def changed_trades(call: Call) -> dict[str, Any]:
    """`taobao.trades.sold.increment.get`: by time of change, in a window of at most one day."""
    start, end = call.arguments["start_modified"], call.arguments["end_modified"]
    width = from_wire(end) - from_wire(start)
    if width <= timedelta(0):
        raise refuse_argument("end_modified", "end_modified is later than start_modified.")
    if width > WIDEST_INCREMENT:
        raise refuse_argument("end_modified", "The window is at most one day.")
    return _search(call, column="modified", start=start, end=end)


def sold_trades(call: Call) -> dict[str, Any]:
    """`taobao.trades.sold.get`: by time of creation, the last three months only."""
    now = call.now()
    oldest = to_wire(now - OLDEST_SEARCHED)
    start = max(call.arguments.get("start_created", oldest), oldest)
    return _search(call, column="created", start=start, end=call.arguments.get("end_created", to_wire(now)))


def one_trade(call: Call) -> dict[str, Any]:
    """`taobao.trade.fullinfo.get`"""
    with call.store.read() as connection:
        trade = trades.find(connection, call.number("tid"))
        if trade is None:
            raise TopError(15, "isv.trade-not-exist", "The trade does not exist.")
        include = call.arguments.get("include_oaid", "false") not in {"false", "0"}
        return {"trade": wire.trade_answer(connection, trade, call.fields, full=True, include_oaid=include)}


def _shipping_error(short: str, sentence: str) -> TopError:
    return TopError(15, f"{SHIPPING_ERROR}:{short}", sentence)


def _oids_to_ship(call: Call, lines: list[sqlite3.Row]) -> list[int]:
    """The lines this parcel holds; they must be named when, and only when, the trade is split."""
    open_oids = [int(line["oid"]) for line in lines if line["status"] == trades.PAID]
    if call.number("is_split") == 0 and "sub_tid" not in call.arguments:
        return open_oids
    if call.number("is_split") != 1 or "sub_tid" not in call.arguments:
        raise _shipping_error("P38", "A split parcel needs is_split=1 and sub_tid.")
    named = call.id_list("sub_tid", most=100)
    if not set(named) <= {int(line["oid"]) for line in lines}:
        raise _shipping_error("P38", "A line in sub_tid does not belong to the trade.")
    if not set(named) <= set(open_oids):
        raise _shipping_error("B04", "A line has been shipped or closed already.")
    return named


def ship(call: Call) -> dict[str, Any]:
    """`taobao.logistics.offline.send`: the trade counts as shipped at once."""
    tid, waybill, company = call.number("tid"), call.arguments["out_sid"], call.arguments["company_code"]
    if not _COMPANY.fullmatch(company):
        raise refuse_argument("company_code", "company_code is a carrier's code.")
    with call.store.write() as connection:
        trade = trades.find(connection, tid)
        if trade is None:
            raise _shipping_error("B01", "The trade does not exist.")
        if trade["status"] in trades.DONE_STATES:
            raise _shipping_error("B04", "The trade has been shipped or closed already.")
        if trade["status"] not in {trades.PAID, trades.PART_SHIPPED}:
            raise _shipping_error("B02", f"A trade that is {trade['status']} cannot be shipped.")
        if not _WAYBILL.fullmatch(waybill):
            raise _shipping_error("B60", "The waybill number is not valid.")
        oids = _oids_to_ship(call, trades.lines_of(connection, tid))
        trades.ship(connection, tid, oids=oids, company=company, waybill=waybill, at=call.store.stamp())
    return {"shipping": {"is_success": True}}


def close(call: Call) -> dict[str, Any]:
    """`taobao.trade.close`: an unpaid trade, or one unpaid line of it."""
    reason, number = call.arguments["close_reason"], call.number("tid")
    if reason not in CLOSE_REASONS:
        raise refuse_argument("close_reason", "close_reason is one of the seven fixed texts.")
    with call.store.write() as connection:
        line = connection.execute("SELECT * FROM trade_line WHERE oid = ? AND tid != ?", (number, number)).fetchone()
        trade = trades.find(connection, number if line is None else int(line["tid"]))
        if trade is None:
            raise TopError(15, "isv.trade-not-exist", "The trade does not exist.")
        state = trade["status"] if line is None else line["status"]
        if state not in trades.UNPAID_STATES:
            raise TopError(15, "isv.trade-status-error", f"A trade that is {state} cannot be closed by the seller.")
        at = call.store.stamp()
        tid = int(trade["tid"])
        if line is None:
            trades.close(connection, tid, reason=reason, at=at)
        else:
            trades.close_line(connection, number, reason=reason, at=at)
    return {"trade": {"tid": tid, "modified": at}}


TRADE_METHODS: dict[str, Answer] = {
    "taobao.trades.sold.increment.get": changed_trades,
    "taobao.trades.sold.get": sold_trades,
    "taobao.trade.fullinfo.get": one_trade,
    "taobao.logistics.offline.send": ship,
    "taobao.trade.close": close,
}
