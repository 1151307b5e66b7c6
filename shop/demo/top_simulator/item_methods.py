"""Reading methods about the shop and its listings."""

import sqlite3
from typing import Any

from shop.demo.top_simulator import items, wire
from shop.demo.top_simulator.answers import Answer, Call, refuse_argument
from shop.demo.top_simulator.clock import to_wire
from shop.demo.top_simulator.contract import asked_fields, pick
from shop.demo.top_simulator.envelope import Rows, TopError

FOR_SHELVED = frozenset({"regular_shelved", "never_on_shelf", "off_shelf"})
BANNERS = FOR_SHELVED | {"for_shelved", "sold_out", "violation_off_shelf"}
SORT_COLUMNS = {"list_time": "created", "delist_time": "modified", "num": "quantity", "modified": "modified"}
MOST_LISTED = 20_000
SELLER = {
    "user_id": 2_208_000_000_001,
    "nick": wire.SELLER_NICK,
    "sex": "m",
    "type": "B",
    "status": "normal",
    "has_shop": True,
    "has_sub_stock": True,
    "consumer_protection": True,
    "alipay_bind": "bind",
    "promoted_type": "authentication",
}


def server_time(call: Call) -> dict[str, Any]:
    """`taobao.time.get`"""
    return {"time": to_wire(call.now())}


def seller(call: Call) -> dict[str, Any]:
    """`taobao.user.seller.get`"""
    return {"user": pick(SELLER, call.fields)}


def _listing(call: Call, rows: list[sqlite3.Row], connection: sqlite3.Connection, *, last_page: int) -> dict[str, Any]:
    page_no, page_size = call.page(largest=200, most_rows=MOST_LISTED, last_page=last_page)
    arguments = call.arguments
    start, end = arguments.get("start_modified", ""), arguments.get("end_modified", "9999")
    search = arguments.get("q", "").casefold()
    found = [row for row in rows if start <= row["modified"] <= end and search in row["title"].casefold()]
    column, _, direction = arguments.get("order_by", "list_time:desc").partition(":")
    if column not in SORT_COLUMNS or direction not in {"asc", "desc"}:
        raise refuse_argument("order_by", f"order_by is one of {', '.join(SORT_COLUMNS)} with :asc or :desc.")
    key = SORT_COLUMNS[column]
    found.sort(key=lambda row: (row[key], row["num_iid"]), reverse=direction == "desc")
    on_page = found[(page_no - 1) * page_size : page_no * page_size]
    asked = call.fields
    listed = [pick(wire.item_row(connection, row), asked) for row in on_page]
    kept = [{name: value for name, value in row.items() if name in wire.LISTING_FIELDS} for row in listed]
    return {"total_results": len(found), "items": Rows("item", kept)}


def on_sale(call: Call) -> dict[str, Any]:
    """`taobao.items.onsale.get`: what buyers can see; sold-out items are not among them."""
    with call.store.read() as connection:
        rows = connection.execute("SELECT * FROM item").fetchall()
        return _listing(call, [row for row in rows if wire.is_on_sale(row)], connection, last_page=MOST_LISTED)


def off_sale(call: Call) -> dict[str, Any]:
    """`taobao.items.inventory.get`: one shelf at a time; the default leaves sold-out and banned items out."""
    banner = call.arguments.get("banner", "for_shelved")
    if banner not in BANNERS:
        raise refuse_argument("banner", f"banner is one of {', '.join(sorted(BANNERS))}.")

    def matches(row: sqlite3.Row) -> bool:
        if banner == "sold_out":
            return bool(row["shelf"] == items.ON_SALE and row["quantity"] == 0)
        if banner == "for_shelved":
            return row["shelf"] in FOR_SHELVED
        return bool(row["shelf"] == banner)

    with call.store.read() as connection:
        rows = connection.execute("SELECT * FROM item").fetchall()
        return _listing(call, [row for row in rows if matches(row)], connection, last_page=101)


def one_item(call: Call) -> dict[str, Any]:
    """`taobao.item.seller.get`"""
    with call.store.read() as connection:
        item = items.find_item(connection, call.number("num_iid"))
        if item is None:
            raise TopError(15, "isv.item-not-exist:invalid-numIid-or-iid-tmall", "The item does not exist.")
        if item["shelf"] == items.DELETED:
            raise TopError(15, "isv.item-is-delete:invalid-numIid-or-iid-tmall", "The item has been deleted.")
        names = frozenset({"sku", "skus"})
        return {"item": wire.item_answer(connection, item, call.fields, sku_names=names)}


def several_items(call: Call) -> dict[str, Any]:
    """`taobao.items.seller.list.get`: unknown ids are left out without a word; SKUs come only as `sku`."""
    ids = call.id_list("num_iids", most=20)
    with call.store.read() as connection:
        found = [item for num_iid in ids if (item := items.find_item(connection, num_iid)) is not None]
        names = frozenset({"sku"})
        answers = [
            wire.item_answer(connection, item, call.fields, sku_names=names)
            for item in found
            if item["shelf"] != items.DELETED
        ]
    return {"items": Rows("item", answers)}


def skus_of_items(call: Call) -> dict[str, Any]:
    """`taobao.item.skus.get`"""
    ids = call.id_list("num_iids", most=40)
    asked = asked_fields(call.arguments["fields"])
    with call.store.read() as connection:
        rows = [sku for num_iid in ids for sku in items.skus_of(connection, num_iid)]
    return {"skus": Rows("sku", [pick(wire.sku_row(row), asked) for row in rows])}


def skus_by_code(call: Call) -> dict[str, Any]:
    """`taobao.skus.custom.get`: every SKU that carries the code, of whichever item."""
    with call.store.read() as connection:
        rows = connection.execute(
            "SELECT * FROM sku WHERE outer_id = ? ORDER BY sku_id", (call.arguments["outer_id"],)
        ).fetchall()
    return {"skus": Rows("sku", [pick(wire.sku_row(row), call.fields) for row in rows])}


ITEM_METHODS: dict[str, Answer] = {
    "taobao.time.get": server_time,
    "taobao.user.seller.get": seller,
    "taobao.items.onsale.get": on_sale,
    "taobao.items.inventory.get": off_sale,
    "taobao.item.seller.get": one_item,
    "taobao.items.seller.list.get": several_items,
    "taobao.item.skus.get": skus_of_items,
    "taobao.skus.custom.get": skus_by_code,
}
