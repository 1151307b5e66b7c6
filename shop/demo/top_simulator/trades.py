"""The life of a trade on Tmall: placed, paid, shipped, closed. Stock is deducted when the buyer pays.

Amounts are yuan as text with two decimals; moments are platform text in GMT+8.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shop.demo.top_simulator import items
from shop.demo.top_simulator.database import next_id
from shop.demo.top_simulator.refusal import Refused

UNPAID = "WAIT_BUYER_PAY"
PAID = "WAIT_SELLER_SEND_GOODS"
PART_SHIPPED = "SELLER_CONSIGNED_PART"
SHIPPED = "WAIT_BUYER_CONFIRM_GOODS"
FINISHED = "TRADE_FINISHED"
CLOSED_AFTER_PAYMENT = "TRADE_CLOSED"
CLOSED_BEFORE_PAYMENT = "TRADE_CLOSED_BY_TAOBAO"
CLOSED = frozenset({CLOSED_AFTER_PAYMENT, CLOSED_BEFORE_PAYMENT})
UNPAID_STATES = frozenset({UNPAID, "TRADE_NO_CREATE_PAY", "PAY_PENDING", "WAIT_PRE_AUTH_CONFIRM"})
DONE_STATES = frozenset({SHIPPED, "TRADE_BUYER_SIGNED", FINISHED, *CLOSED})

MOST_UNITS_PER_LINE = 9_999
RECEIVER_PARTS = ("name", "country", "state", "city", "district", "town", "address", "zip", "mobile", "phone")
# An invented addressee, for orders placed without one.
DEFAULT_RECEIVER = {
    "name": "测试买家",
    "country": "中国",
    "state": "浙江省",
    "city": "杭州市",
    "district": "西湖区",
    "address": "模拟路1号",
    "zip": "310000",
    "mobile": "10000000000",
}


@dataclass(frozen=True)
class Order:
    """What a buyer asks for: lines of (seller's code, units), the addressee, and the kind of trade."""

    lines: Sequence[tuple[str, int]]
    buyer: str
    receiver: Mapping[str, str]
    type: str
    paid: bool
    status: str | None
    buyer_message: str
    post_fee: str


def parse_order(raw: object) -> Order:
    """An order from the control API. Raises Refused with a sentence that names what is wrong."""
    if not isinstance(raw, Mapping):
        raise Refused("An order is an object.")
    raw_lines = raw.get("lines")
    if not isinstance(raw_lines, list) or not raw_lines:
        raise Refused("lines is a list of at least one {outer_id, num}.")
    lines = []
    for line in raw_lines:
        outer_id, num = (line.get("outer_id"), line.get("num")) if isinstance(line, Mapping) else (None, None)
        if not isinstance(outer_id, str) or not isinstance(num, int) or isinstance(num, bool):
            raise Refused("Each line has a text outer_id and a whole number num.")
        if not 0 < num <= MOST_UNITS_PER_LINE:
            raise Refused(f"{outer_id}: num is from 1 to {MOST_UNITS_PER_LINE}.")
        lines.append((outer_id, num))
    receiver = raw.get("receiver") or {}
    if not isinstance(receiver, Mapping):
        raise Refused("receiver is an object.")
    unknown = sorted(set(map(str, receiver)) - set(RECEIVER_PARTS))
    if unknown:
        raise Refused(f"receiver knows no {', '.join(unknown)}; it has {', '.join(RECEIVER_PARTS)}.")
    status = raw.get("status")
    return Order(
        lines=lines,
        buyer=str(raw.get("buyer") or "tb_buyer"),
        receiver={**DEFAULT_RECEIVER, **{str(part): str(text) for part, text in receiver.items()}},
        type=str(raw.get("type") or "tmall_i18n"),
        paid=bool(raw.get("paid", False)),
        status=str(status) if status else None,
        buyer_message=str(raw.get("buyer_message") or ""),
        post_fee=items.yuan(raw.get("post_fee", "0.00")),
    )


def place(connection: sqlite3.Connection, order: Order, *, at: str) -> int:
    """Place an order and, if it says so, pay it. Returns the trade's id.

    Raises Refused (404 unknown code, 409 not enough on the platform's own shelf).
    """
    tid = next_id(connection, "tid")
    connection.execute(
        "INSERT INTO trade (tid, status, type, buyer, receiver, buyer_message, post_fee, created, modified) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            tid,
            UNPAID,
            order.type,
            order.buyer,
            json.dumps(order.receiver, ensure_ascii=False),
            order.buyer_message,
            order.post_fee,
            at,
            at,
        ),
    )
    for outer_id, num in order.lines:
        sold = items.find_buyable(connection, outer_id)
        if sold is None:
            raise Refused(f"Tmall sells nothing under {outer_id}.", status=404)
        # The trade with one line shares its id with the line, as the platform does; further lines get their own.
        first = connection.execute("SELECT 1 FROM trade_line WHERE tid = ?", (tid,)).fetchone() is None
        oid = tid if first and len(order.lines) == 1 else next_id(connection, "tid")
        connection.execute(
            "INSERT INTO trade_line (oid, tid, num_iid, sku_id, outer_iid, outer_sku_id, title, price, num, status) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                oid,
                tid,
                sold["num_iid"],
                sold["sku_id"],
                sold["outer_iid"],
                sold["outer_sku_id"],
                sold["title"],
                sold["price"],
                num,
                UNPAID,
            ),
        )
    if order.paid:
        pay(connection, tid, at=at)
    else:
        _refuse_beyond_shelf(connection, tid)
    if order.status is not None:
        set_status(connection, tid, status=order.status, at=at)
    return tid


def _refuse_beyond_shelf(connection: sqlite3.Connection, tid: int) -> None:
    """A buyer cannot put more into an order than the page shows, although placing takes nothing off the shelf."""
    short = connection.execute(
        "SELECT line.outer_sku_id FROM trade_line AS line JOIN item USING (num_iid) "
        "LEFT JOIN sku ON sku.sku_id = line.sku_id WHERE line.tid = ? "
        "GROUP BY line.num_iid, line.sku_id HAVING sum(line.num) > coalesce(sku.quantity, item.quantity)",
        (tid,),
    ).fetchone()
    if short is not None:
        raise Refused("Tmall has not enough of this item.", status=409)


def find(connection: sqlite3.Connection, tid: int) -> sqlite3.Row | None:
    """One trade by its id."""
    row: sqlite3.Row | None = connection.execute("SELECT * FROM trade WHERE tid = ?", (tid,)).fetchone()
    return row


def lines_of(connection: sqlite3.Connection, tid: int) -> list[sqlite3.Row]:
    """The lines of a trade in the order of their ids."""
    return connection.execute("SELECT * FROM trade_line WHERE tid = ? ORDER BY oid", (tid,)).fetchall()


def _wanted(connection: sqlite3.Connection, tid: int) -> sqlite3.Row:
    trade = find(connection, tid)
    if trade is None:
        raise Refused(f"There is no trade {tid}.", status=404)
    return trade


def pay(connection: sqlite3.Connection, tid: int, *, at: str) -> None:
    """The buyer pays: every line's units leave the shelf, or, when one is short, nothing changes (Refused 409)."""
    trade = _wanted(connection, tid)
    if trade["status"] not in UNPAID_STATES:
        raise Refused(f"Trade {tid} is {trade['status']}; only an unpaid trade can be paid.", status=409)
    for line in lines_of(connection, tid):
        if line["status"] in CLOSED:
            continue
        if not items.take(connection, num_iid=line["num_iid"], sku_id=line["sku_id"], units=line["num"], at=at):
            code = line["outer_sku_id"] or line["outer_iid"]
            raise Refused(f"Tmall has fewer than {line['num']} of {code}.", status=409)
    connection.execute("UPDATE trade SET status = ?, pay_time = ?, modified = ? WHERE tid = ?", (PAID, at, at, tid))
    connection.execute(
        "UPDATE trade_line SET status = ? WHERE tid = ? AND status NOT IN (?, ?)", (PAID, tid, *sorted(CLOSED))
    )


def set_status(connection: sqlite3.Connection, tid: int, *, status: str, at: str) -> None:
    """Put a trade and its open lines into any state, also one nobody has heard of. Moves no stock."""
    _wanted(connection, tid)
    end_time = at if status == FINISHED or status in CLOSED else None
    connection.execute(
        "UPDATE trade SET status = ?, modified = ?, end_time = ? WHERE tid = ?", (status, at, end_time, tid)
    )
    connection.execute(
        "UPDATE trade_line SET status = ?, end_time = ? WHERE tid = ? AND status NOT IN (?, ?)",
        (status, end_time, tid, *sorted(CLOSED)),
    )


def close(connection: sqlite3.Connection, tid: int, *, reason: str, at: str) -> str:
    """Close a whole trade; returns the new state.

    Before payment nothing was deducted, so nothing returns. After payment the platform does not put refunded units
    back on the shelf by itself either: what is on sale stays the seller's decision. Raises Refused when closed already.
    """
    trade = _wanted(connection, tid)
    if trade["status"] in CLOSED:
        raise Refused(f"Trade {tid} is closed already.", status=409)
    status = CLOSED_AFTER_PAYMENT if trade["pay_time"] else CLOSED_BEFORE_PAYMENT
    set_status(connection, tid, status=status, at=at)
    connection.execute("UPDATE trade SET close_reason = ? WHERE tid = ?", (reason, tid))
    return status


def close_line(connection: sqlite3.Connection, oid: int, *, reason: str, at: str) -> int:
    """Close one unpaid line, and the trade with its last one. Returns the trade's id."""
    tid = int(connection.execute("SELECT tid FROM trade_line WHERE oid = ?", (oid,)).fetchone()[0])
    connection.execute("UPDATE trade_line SET status = ?, end_time = ? WHERE oid = ?", (CLOSED_BEFORE_PAYMENT, at, oid))
    connection.execute("UPDATE trade SET modified = ? WHERE tid = ?", (at, tid))
    if all(line["status"] in CLOSED for line in lines_of(connection, tid)):
        close(connection, tid, reason=reason, at=at)
    return tid


def ship(connection: sqlite3.Connection, tid: int, *, oids: Sequence[int], company: str, waybill: str, at: str) -> None:
    """Mark lines as shipped with a waybill; the trade follows when none is left to ship."""
    connection.executemany(
        "UPDATE trade_line SET status = ?, logistics_company = ?, invoice_no = ?, consign_time = ? WHERE oid = ?",
        [(SHIPPED, company, waybill, at, oid) for oid in oids],
    )
    left = [line for line in lines_of(connection, tid) if line["status"] == PAID]
    connection.execute(
        "UPDATE trade SET status = ?, consign_time = ?, modified = ? WHERE tid = ?",
        (PART_SHIPPED if left else SHIPPED, at, at, tid),
    )


def summary(connection: sqlite3.Connection, trade: sqlite3.Row) -> dict[str, Any]:
    """A trade for the control API: ids as text, the receiver in clear."""
    return {
        "tid": str(trade["tid"]),
        "status": trade["status"],
        "type": trade["type"],
        "buyer": trade["buyer"],
        "receiver": json.loads(trade["receiver"]),
        "created": trade["created"],
        "modified": trade["modified"],
        "pay_time": trade["pay_time"],
        "close_reason": trade["close_reason"],
        "lines": [
            {
                "oid": str(line["oid"]),
                "outer_id": line["outer_sku_id"] or line["outer_iid"],
                "title": line["title"],
                "price": line["price"],
                "num": line["num"],
                "status": line["status"],
                "invoice_no": line["invoice_no"],
            }
            for line in lines_of(connection, int(trade["tid"]))
        ],
    }
