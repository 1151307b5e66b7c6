"""Items, SKUs and trades as the platform writes them.

Fields here are a subset of what the published metadata declares for each method; the tests hold them against it.
"""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shop.demo.top_simulator import items, trades
from shop.demo.top_simulator.contract import pick, pick_all_or
from shop.demo.top_simulator.envelope import Rows

SELLER_NICK = "博物馆旗舰店"
NO_REFUND = "NO_REFUND"
DEDUCT_ON_PAYMENT = 2
# The addressee's id is derived from these, and comes only with a call that asks for all of them.
OAID_SOURCES = frozenset({"receiver_name", "receiver_address", "created", "receiver_mobile", "receiver_phone"})
LISTING_FIELDS = frozenset(
    {"approve_status", "num_iid", "title", "nick", "type", "num", "list_time", "price", "modified", "outer_id"}
)
# Only the complete view of one trade carries these; the searches leave them out.
FULL_VIEW_ONLY = frozenset({"buyer_message", "seller_memo"})


def sku_row(sku: sqlite3.Row) -> dict[str, Any]:
    """One SKU with every field the simulator knows."""
    return {
        "sku_id": sku["sku_id"],
        "num_iid": sku["num_iid"],
        "outer_id": sku["outer_id"],
        "properties": sku["properties"],
        "properties_name": sku["properties"],
        "quantity": sku["quantity"],
        "price": sku["price"],
        "created": sku["created"],
        "modified": sku["modified"],
        "status": "normal",
    }


def is_on_sale(item: sqlite3.Row) -> bool:
    """An item whose last unit is gone leaves the shelf by itself and returns with the next unit."""
    return bool(item["shelf"] == items.ON_SALE and item["quantity"] > 0)


def item_row(connection: sqlite3.Connection, item: sqlite3.Row) -> dict[str, Any]:
    """One item with every flat field the simulator knows."""
    return {
        "num_iid": item["num_iid"],
        "title": item["title"],
        "nick": SELLER_NICK,
        "type": "fixed",
        "approve_status": "onsale" if is_on_sale(item) else "instock",
        "num": item["quantity"],
        "price": item["price"],
        "outer_id": item["outer_id"],
        "created": item["created"],
        "list_time": item["created"],
        "modified": item["modified"],
        "sub_stock": DEDUCT_ON_PAYMENT,
        "with_hold_quantity": items.with_held(connection, int(item["num_iid"])),
    }


def item_answer(
    connection: sqlite3.Connection, item: sqlite3.Row, asked: Mapping[str, set[str]], *, sku_names: frozenset[str]
) -> dict[str, Any]:
    """An item with the asked fields; `sku_names` are the words by which this method lets one ask for SKUs."""
    answer = pick(item_row(connection, item), asked)
    wanted = sku_names & asked.keys()
    if wanted:
        nested = set().union(*(asked[name] for name in wanted)) if all(asked[name] for name in wanted) else set()
        # Inside an item a SKU names neither its item nor its state.
        rows = [
            {name: value for name, value in sku_row(sku).items() if name not in {"num_iid", "status"}}
            for sku in items.skus_of(connection, int(item["num_iid"]))
        ]
        answer["skus"] = Rows("sku", [pick_all_or(row, nested) for row in rows])
    return answer


def _masked(text: str, *, keep_start: int = 0, keep_end: int = 0) -> str:
    if len(text) <= keep_start + keep_end:
        return "*" * len(text)
    return text[:keep_start] + "*" * (len(text) - keep_start - keep_end) + (text[-keep_end:] if keep_end else "")


def _receiver(trade: sqlite3.Row) -> dict[str, str]:
    clear: dict[str, str] = json.loads(trade["receiver"])
    masked = {
        "name": _masked(clear.get("name", ""), keep_start=1),
        "address": _masked(clear.get("address", ""), keep_start=2),
        "mobile": _masked(clear.get("mobile", ""), keep_end=2),
        "phone": _masked(clear.get("phone", ""), keep_end=2),
    }
    return {f"receiver_{part}": text for part, text in {**clear, **masked}.items() if text}


def _opaque(kind: str, *parts: str) -> str:
    return hashlib.sha256("\x00".join((kind, *parts)).encode()).hexdigest()[:40]


def _line_row(line: sqlite3.Row, *, postage: Decimal) -> dict[str, Any]:
    goods = Decimal(line["price"]) * line["num"]
    return {
        "oid": line["oid"],
        "status": line["status"],
        "title": line["title"],
        "price": line["price"],
        "num": line["num"],
        "num_iid": line["num_iid"],
        # A number everywhere else, a text here: so the platform declares it.
        "sku_id": None if line["sku_id"] is None else str(line["sku_id"]),
        "outer_iid": line["outer_iid"],
        "outer_sku_id": line["outer_sku_id"] or None,
        "total_fee": f"{goods:.2f}",
        "payment": f"{goods + postage:.2f}",
        "discount_fee": "0.00",
        "adjust_fee": "0.00",
        "divide_order_fee": f"{goods:.2f}",
        "part_mjz_discount": "0.00",
        "sub_order_tax_fee": "0.00",
        "sub_order_tax_rate": "0",
        "refund_status": NO_REFUND,
        "seller_type": "B",
        "logistics_company": line["logistics_company"],
        "invoice_no": line["invoice_no"],
        "consign_time": line["consign_time"],
        "end_time": line["end_time"],
    }


def trade_answer(
    connection: sqlite3.Connection,
    trade: sqlite3.Row,
    asked: Mapping[str, set[str]],
    *,
    full: bool,
    include_oaid: bool = False,
) -> dict[str, Any]:
    """A trade with the asked fields, personal data masked; the searches (`full` false) know fewer fields."""
    lines = trades.lines_of(connection, int(trade["tid"]))
    postage = Decimal(trade["post_fee"])
    goods = sum((Decimal(line["price"]) * line["num"] for line in lines), Decimal(0))
    receiver = _receiver(trade)
    row: dict[str, Any] = {
        "tid": trade["tid"],
        "status": trade["status"],
        "type": trade["type"],
        "title": SELLER_NICK,
        "seller_nick": SELLER_NICK,
        "buyer_nick": _masked(trade["buyer"], keep_start=1),
        "buyer_open_uid": "AA" + _opaque("buyer", trade["buyer"])[:30],
        "created": trade["created"],
        "pay_time": trade["pay_time"],
        "modified": trade["modified"],
        "consign_time": trade["consign_time"],
        "end_time": trade["end_time"],
        "num": sum(line["num"] for line in lines),
        "total_fee": f"{goods:.2f}",
        "payment": f"{goods + postage:.2f}",
        "post_fee": f"{postage:.2f}",
        "discount_fee": "0.00",
        "adjust_fee": "0.00",
        "received_payment": f"{goods + postage if trade['status'] == trades.FINISHED else Decimal(0):.2f}",
        "order_tax_fee": "0.00",
        "cross_bonded_declare": trade["type"] == "tmall_i18n",
        "post_gate_declare": False,
        "shipping_type": "express",
        "seller_flag": 0,
        "has_buyer_message": bool(trade["buyer_message"]),
        "buyer_message": trade["buyer_message"] or None,
        **receiver,
    }
    answer = {
        name: value
        for name, value in pick(row, asked).items()
        if value is not None and (full or name not in FULL_VIEW_ONLY)
    }
    if ("oaid" in asked or include_oaid) and asked.keys() >= OAID_SOURCES:
        answer["oaid"] = _opaque("oaid", trade["receiver"], trade["created"])
    if "orders" in asked:
        # With one line only, the line's payment includes the postage.
        on_line = postage if len(lines) == 1 else Decimal(0)
        rows = [_line_row(line, postage=on_line) for line in lines]
        answer["orders"] = Rows("order", [pick_all_or(row, asked["orders"]) for row in rows])
    return answer
