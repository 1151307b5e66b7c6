"""The three ways to set a quantity, with their differences.

| | taobao.item.quantity.update | taobao.skus.quantity.update | tmall.item.quantity.update |
|---|---|---|---|
| increment below zero | refused | clamped to 0 | refused |
| repeated increment | counts again | counts again | once per `outer_biz_key` |
"""

import json
import re
import sqlite3
from collections.abc import Iterable
from typing import Any

from shop.demo.top_simulator import items
from shop.demo.top_simulator.answers import Answer, Call, refuse_argument
from shop.demo.top_simulator.contract import is_number
from shop.demo.top_simulator.envelope import Rows, TopError

FULL, INCREMENT = 1, 2
MOST_SKUS = 20
NO_SKU = "isv.invalid-parameter:sku-properties"
BAD_QUANTITY = "isv.error-inventory-invalid-item-quantity-tmall"
_HEX = re.compile(r"[0-9a-fA-F]{1,64}")


def _mode(value: int) -> int:
    if value not in {FULL, INCREMENT}:
        raise refuse_argument("type", "type is 1 (full) or 2 (increment).")
    return value


def _editable(connection: sqlite3.Connection, num_iid: int, *, mode: int, code: int) -> sqlite3.Row:
    item = items.find_item(connection, num_iid)
    if item is None:
        raise TopError(code, "isv.item-not-exist:invalid-numIid-or-iid-tmall", "The item does not exist.")
    if item["shelf"] == items.DELETED:
        raise TopError(code, "isv.item-is-delete:invalid-numIid-or-iid-tmall", "The item has been deleted.")
    if item["presale"] and mode == FULL:
        raise TopError(
            code, "isv.item-is-presale:invalid-presale-tags-id-tmall", "A pre-sale item takes increments only."
        )
    return item


def _new_quantity(old: int, value: int, *, mode: int, clamp: bool, code: int) -> int:
    new = value if mode == FULL else old + value
    if new < 0 and mode == INCREMENT and clamp:
        return 0
    if not 0 <= new <= items.MOST_UNITS:
        raise TopError(code, BAD_QUANTITY, "The quantity would be negative or too large.")
    return new


def _item_level(item: sqlite3.Row, *, code: int) -> None:
    if item["has_skus"]:
        raise TopError(
            code,
            "isv.item-quantity-item-update-service-error-tmall",
            "The item has SKUs: its quantity is set on them.",
        )


def _brief(connection: sqlite3.Connection, num_iid: int) -> dict[str, Any]:
    item = items.find_item(connection, num_iid)
    if item is None:
        raise TopError(15, "isv.item-not-exist:invalid-numIid-or-iid-tmall", "The item does not exist.")
    rows = [
        {"sku_id": sku["sku_id"], "modified": sku["modified"], "quantity": sku["quantity"]}
        for sku in items.skus_of(connection, num_iid)
    ]
    return {
        "item": {
            "iid": str(num_iid),
            "num_iid": num_iid,
            "modified": item["modified"],
            "num": item["quantity"],
            "skus": Rows("sku", rows),
        }
    }


def set_one(call: Call) -> dict[str, Any]:
    """`taobao.item.quantity.update`: one SKU by id or code, or an item without SKUs."""
    num_iid, mode = call.number("num_iid"), _mode(call.number("type", FULL))
    with call.store.write() as connection:
        item = _editable(connection, num_iid, mode=mode, code=15)
        skus = items.skus_of(connection, num_iid)
        sku_id: int | None = None
        old = int(item["quantity"])
        if "sku_id" in call.arguments or ("outer_id" in call.arguments and item["has_skus"]):
            matching = [
                sku
                for sku in skus
                if (
                    sku["sku_id"] == call.number("sku_id")
                    if "sku_id" in call.arguments
                    else sku["outer_id"] == call.arguments["outer_id"]
                )
            ]
            if len(matching) != 1:
                raise TopError(15, NO_SKU, "No single SKU of this item matches.")
            sku_id, old = int(matching[0]["sku_id"]), int(matching[0]["quantity"])
        else:
            _item_level(item, code=15)
        new = _new_quantity(old, call.number("quantity"), mode=mode, clamp=False, code=15)
        items.set_quantity(connection, num_iid=num_iid, sku_id=sku_id, quantity=new, at=call.store.stamp())
        return _brief(connection, num_iid)


def _pairs(text: str, name: str) -> list[tuple[str, int]]:
    pairs = []
    for part in text.strip(";").split(";"):
        key, colon, amount = part.rpartition(":")
        if not colon or not key or not is_number(amount):
            raise refuse_argument(name, f"{name} has the form key:quantity;key:quantity.")
        pairs.append((key, int(amount)))
    if len(pairs) > MOST_SKUS:
        raise refuse_argument(name, f"At most {MOST_SKUS} SKUs in one call.")
    return pairs


def set_skus(call: Call) -> dict[str, Any]:
    """`taobao.skus.quantity.update`: up to twenty SKUs of one item; one code may match several SKUs."""
    num_iid, mode = call.number("num_iid"), _mode(call.number("type", FULL))
    name, column = "skuid_quantities", "sku_id"
    if name not in call.arguments:
        name, column = "outerid_quantities", "outer_id"
    if name not in call.arguments:
        raise TopError(40, "isv.missing-parameter:skuid_quantities", "Name the SKUs and their quantities.")
    pairs = _pairs(call.arguments[name], name)
    with call.store.write() as connection:
        _editable(connection, num_iid, mode=mode, code=15)
        for key, amount in pairs:
            matching = [sku for sku in items.skus_of(connection, num_iid) if str(sku[column]) == key]
            if not matching:
                raise TopError(15, NO_SKU, f"The item has no SKU {key}.")
            for sku in matching:
                new = _new_quantity(int(sku["quantity"]), amount, mode=mode, clamp=True, code=15)
                items.set_quantity(
                    connection, num_iid=num_iid, sku_id=int(sku["sku_id"]), quantity=new, at=call.store.stamp()
                )
        return _brief(connection, num_iid)


def _json_number(value: object, name: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and is_number(str(value)):
        return value
    if isinstance(value, str) and is_number(value):
        return int(value)
    raise refuse_argument(name, f"{name} holds something that is not a whole number.")


def _sku_changes(text: str) -> list[tuple[str, str, int]]:
    """(column, key, quantity) of each entry; all must name SKUs in one way, a mixture is undefined."""
    changes = []
    for entry in json.loads(text):
        if not isinstance(entry, dict) or "quantity" not in entry:
            raise refuse_argument("sku_quantities", "Each entry names a SKU and a quantity.")
        unknown = entry.keys() - {"sku_id", "outer_id", "properties", "quantity"}
        keys = [key for key in ("sku_id", "outer_id", "properties") if entry.get(key) not in (None, "")]
        if unknown or len(keys) != 1:
            raise refuse_argument("sku_quantities", "An entry names its SKU by sku_id, outer_id or properties alone.")
        changes.append((keys[0], str(entry[keys[0]]), _json_number(entry["quantity"], "sku_quantities")))
    if len({column for column, _, _ in changes}) != 1:
        raise refuse_argument(
            "sku_quantities", "All entries name their SKUs in the same way, and there is at least one."
        )
    return changes


def _options(text: str) -> tuple[int, str]:
    options = json.loads(text)
    unknown = options.keys() - {"type", "outer_biz_key"}
    if unknown:
        raise refuse_argument("options", f"options knows no {', '.join(sorted(unknown))}.")
    key = str(options.get("outer_biz_key") or "")
    if key and not _HEX.fullmatch(key):
        raise refuse_argument("options", "outer_biz_key is hexadecimal.")
    return _mode(_json_number(options.get("type", FULL), "options")), key


def _is_repeat(connection: sqlite3.Connection, num_iid: int, key: str) -> bool:
    done = connection.execute(
        "INSERT OR IGNORE INTO applied_increment (num_iid, outer_biz_key) VALUES (?, ?)", (num_iid, key)
    )
    return done.rowcount == 0


def _apply(
    connection: sqlite3.Connection,
    item: sqlite3.Row,
    changes: Iterable[tuple[str, str, int]],
    *,
    mode: int,
    at: str,
) -> None:
    num_iid = int(item["num_iid"])
    for column, key, amount in changes:
        matching = [sku for sku in items.skus_of(connection, num_iid) if str(sku[column]) == key]
        if not matching:
            raise TopError(50, NO_SKU, f"The item has no SKU {key}.")
        for sku in matching:
            new = _new_quantity(int(sku["quantity"]), amount, mode=mode, clamp=False, code=50)
            items.set_quantity(connection, num_iid=num_iid, sku_id=int(sku["sku_id"]), quantity=new, at=at)


def set_tmall(call: Call) -> dict[str, Any]:
    """`tmall.item.quantity.update`: a list of SKUs or an item without any; increments count once per key."""
    num_iid = call.number("item_id")
    mode, key = _options(call.arguments.get("options", "{}"))
    changes = _sku_changes(call.arguments["sku_quantities"]) if "sku_quantities" in call.arguments else []
    if not changes and "item_quantity" not in call.arguments:
        raise TopError(40, "isv.missing-parameter:sku_quantities", "Send item_quantity or sku_quantities.")
    with call.store.write() as connection:
        item = _editable(connection, num_iid, mode=mode, code=50)
        if mode == INCREMENT and key and _is_repeat(connection, num_iid, key):
            return {"quantity_update_result": str(num_iid)}
        at = call.store.stamp()
        if changes:
            _apply(connection, item, changes, mode=mode, at=at)
        else:
            _item_level(item, code=50)
            new = _new_quantity(int(item["quantity"]), call.number("item_quantity"), mode=mode, clamp=False, code=50)
            items.set_quantity(connection, num_iid=num_iid, sku_id=None, quantity=new, at=at)
    return {"quantity_update_result": str(num_iid)}


STOCK_METHODS: dict[str, Answer] = {
    "taobao.item.quantity.update": set_one,
    "taobao.skus.quantity.update": set_skus,
    "tmall.item.quantity.update": set_tmall,
}
