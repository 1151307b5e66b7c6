"""The shop's items and SKUs: filling, reading, and every change of a quantity.

An item's quantity is always the sum of its SKUs; an item without SKUs carries its own. Prices are yuan as text with
two decimals, computed with Decimal.
"""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from shop.demo.top_simulator.database import next_id
from shop.demo.top_simulator.refusal import Refused

ON_SALE = "onsale"
DELETED = "deleted"
# What the platform's shelf filter ("banner") can name, besides the two composite values.
OFF_SHELVES = ("regular_shelved", "never_on_shelf", "off_shelf", "violation_off_shelf")
SHELVES = (ON_SALE, *OFF_SHELVES, DELETED)
MOST_UNITS = 99_999_999
MOST_YUAN = Decimal(100_000_000)
_CODE = re.compile(r"[^\x00-\x1f,;]{1,64}")


@dataclass(frozen=True)
class Entry:
    """One SKU to put on the shelf (or, with `has_skus` false, one item that has none)."""

    outer_id: str
    item_key: str
    title: str
    price: str
    quantity: int
    properties: str
    shelf: str
    presale: bool
    has_skus: bool


def yuan(value: object) -> str:
    """A price as the platform writes it, `"128.00"`. Raises Refused for anything but an exact amount in yuan."""
    if isinstance(value, bool | float):
        raise Refused("A price is text or a whole number, never a float.")
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise Refused(f"{value!r} is not a price in yuan.") from None
    if not amount.is_finite() or not 0 <= amount <= MOST_YUAN or amount != round(amount, 2):
        raise Refused(f"{value!r} is not a price in yuan with at most two decimals.")
    return f"{amount:.2f}"


def parse_entry(raw: object) -> Entry:
    """One entry of the filling list. Raises Refused with a sentence that names what is wrong."""
    if not isinstance(raw, Mapping):
        raise Refused("Each item is an object.")
    outer_id = raw.get("outer_id")
    if not isinstance(outer_id, str) or not _CODE.fullmatch(outer_id):
        raise Refused("outer_id is a text of 1 to 64 characters without comma or semicolon.")
    item_key = raw.get("item_key") or outer_id
    title = raw.get("title")
    if not isinstance(item_key, str) or not _CODE.fullmatch(item_key):
        raise Refused(f"{outer_id}: item_key is a text of 1 to 64 characters without comma or semicolon.")
    if not isinstance(title, str) or not title.strip():
        raise Refused(f"{outer_id}: title is missing.")
    quantity = raw.get("quantity")
    if not isinstance(quantity, int) or isinstance(quantity, bool) or not 0 <= quantity <= MOST_UNITS:
        raise Refused(f"{outer_id}: quantity is a whole number from 0 to {MOST_UNITS}.")
    shelf = raw.get("shelf", ON_SALE)
    if shelf not in SHELVES:
        raise Refused(f"{outer_id}: shelf is one of {', '.join(SHELVES)}.")
    return Entry(
        outer_id=outer_id,
        item_key=item_key,
        title=title.strip(),
        price=yuan(raw.get("price")),
        quantity=quantity,
        properties=str(raw.get("properties", "")),
        shelf=shelf,
        presale=bool(raw.get("presale", False)),
        has_skus=bool(raw.get("has_skus", True)),
    )


def put_items(
    connection: sqlite3.Connection, entries: Sequence[Entry], *, at: str, keep_quantity: bool
) -> list[dict[str, Any]]:
    """Create or update; the same list twice changes nothing the second time.

    With `keep_quantity` a SKU that exists keeps the quantity it has, so that filling again does not undo sales.
    Returns one `{outer_id, item_key, num_iid, sku_id}` per entry in order; ids as text, `sku_id` None without SKUs.
    Raises Refused when an item would change between having SKUs and having none.
    """
    placed = []
    for entry in entries:
        num_iid = _put_item(connection, entry, at=at, keep_quantity=keep_quantity)
        sku_id = _put_sku(connection, num_iid, entry, at=at, keep_quantity=keep_quantity) if entry.has_skus else None
        placed.append(
            {
                "outer_id": entry.outer_id,
                "item_key": entry.item_key,
                "num_iid": str(num_iid),
                "sku_id": None if sku_id is None else str(sku_id),
            }
        )
    return placed


def _put_item(connection: sqlite3.Connection, entry: Entry, *, at: str, keep_quantity: bool) -> int:
    row = connection.execute("SELECT * FROM item WHERE item_key = ?", (entry.item_key,)).fetchone()
    if row is None:
        num_iid = next_id(connection, "num_iid")
        connection.execute(
            "INSERT INTO item (num_iid, item_key, title, outer_id, price, quantity, has_skus, shelf, presale, "
            "created, modified) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                num_iid,
                entry.item_key,
                entry.title,
                entry.item_key if entry.has_skus else entry.outer_id,
                entry.price,
                0 if entry.has_skus else entry.quantity,
                entry.has_skus,
                entry.shelf,
                entry.presale,
                at,
                at,
            ),
        )
        return num_iid
    num_iid = int(row["num_iid"])
    if bool(row["has_skus"]) != entry.has_skus:
        raise Refused(f"{entry.item_key}: an item cannot change between having SKUs and having none.", status=409)
    title, price = (row["title"], row["price"]) if entry.has_skus else (entry.title, entry.price)
    quantity = row["quantity"] if entry.has_skus or keep_quantity else entry.quantity
    wanted = (title, price, quantity, entry.shelf, int(entry.presale))
    if wanted != (row["title"], row["price"], row["quantity"], row["shelf"], row["presale"]):
        connection.execute(
            "UPDATE item SET title = ?, price = ?, quantity = ?, shelf = ?, presale = ?, modified = ? "
            "WHERE num_iid = ?",
            (*wanted, at, num_iid),
        )
    return num_iid


def _put_sku(connection: sqlite3.Connection, num_iid: int, entry: Entry, *, at: str, keep_quantity: bool) -> int:
    row = connection.execute(
        "SELECT * FROM sku WHERE num_iid = ? AND outer_id = ? AND properties = ?",
        (num_iid, entry.outer_id, entry.properties),
    ).fetchone()
    if row is None:
        sku_id = next_id(connection, "sku_id")
        connection.execute(
            "INSERT INTO sku (sku_id, num_iid, outer_id, properties, title, price, quantity, created, modified) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (sku_id, num_iid, entry.outer_id, entry.properties, entry.title, entry.price, entry.quantity, at, at),
        )
        _sum_item(connection, num_iid, at=at)
        return sku_id
    sku_id = int(row["sku_id"])
    wanted = (entry.title, entry.price, row["quantity"] if keep_quantity else entry.quantity)
    if wanted != (row["title"], row["price"], row["quantity"]):
        connection.execute(
            "UPDATE sku SET title = ?, price = ?, quantity = ?, modified = ? WHERE sku_id = ?", (*wanted, at, sku_id)
        )
        _sum_item(connection, num_iid, at=at)
    return sku_id


def _sum_item(connection: sqlite3.Connection, num_iid: int, *, at: str) -> None:
    connection.execute(
        "UPDATE item SET quantity = (SELECT coalesce(sum(quantity), 0) FROM sku WHERE sku.num_iid = item.num_iid), "
        "modified = ? WHERE num_iid = ?",
        (at, num_iid),
    )


def find_item(connection: sqlite3.Connection, num_iid: int) -> sqlite3.Row | None:
    """One item by its id, also a deleted one."""
    row: sqlite3.Row | None = connection.execute("SELECT * FROM item WHERE num_iid = ?", (num_iid,)).fetchone()
    return row


def skus_of(connection: sqlite3.Connection, num_iid: int) -> list[sqlite3.Row]:
    """All SKUs of an item in the order of their ids."""
    return connection.execute("SELECT * FROM sku WHERE num_iid = ? ORDER BY sku_id", (num_iid,)).fetchall()


def find_buyable(connection: sqlite3.Connection, outer_id: str) -> sqlite3.Row | None:
    """What a seller's code sells: a SKU, else an item without SKUs. The row has num_iid, sku_id, title, price."""
    row: sqlite3.Row | None = connection.execute(
        "SELECT item.num_iid, sku.sku_id, item.outer_id AS outer_iid, sku.outer_id AS outer_sku_id, item.title, "
        "sku.price FROM sku JOIN item USING (num_iid) WHERE sku.outer_id = ? AND item.shelf = ? "
        "UNION ALL "
        "SELECT num_iid, NULL, outer_id, '', title, price FROM item WHERE outer_id = ? AND NOT has_skus AND shelf = ? "
        "LIMIT 1",
        (outer_id, ON_SALE, outer_id, ON_SALE),
    ).fetchone()
    return row


def set_quantity(connection: sqlite3.Connection, *, num_iid: int, sku_id: int | None, quantity: int, at: str) -> None:
    """Write one SKU's quantity (or, without `sku_id`, the item's own) and keep the item's sum true."""
    if sku_id is None:
        connection.execute("UPDATE item SET quantity = ?, modified = ? WHERE num_iid = ?", (quantity, at, num_iid))
        return
    connection.execute("UPDATE sku SET quantity = ?, modified = ? WHERE sku_id = ?", (quantity, at, sku_id))
    _sum_item(connection, num_iid, at=at)


def take(connection: sqlite3.Connection, *, num_iid: int, sku_id: int | None, units: int, at: str) -> bool:
    """Lower a quantity by `units` if there is that much; False, and nothing changed, if there is not."""
    if sku_id is None:
        done = connection.execute(
            "UPDATE item SET quantity = quantity - ?, modified = ? WHERE num_iid = ? AND quantity >= ?",
            (units, at, num_iid, units),
        )
        return done.rowcount == 1
    done = connection.execute(
        "UPDATE sku SET quantity = quantity - ?, modified = ? WHERE sku_id = ? AND quantity >= ?",
        (units, at, sku_id, units),
    )
    if done.rowcount != 1:
        return False
    _sum_item(connection, num_iid, at=at)
    return True


def with_held(connection: sqlite3.Connection, num_iid: int) -> int:
    """Units of an item in orders that wait for payment; they do not lower the quantity on this platform."""
    row = connection.execute(
        "SELECT coalesce(sum(num), 0) FROM trade_line WHERE num_iid = ? AND status = 'WAIT_BUYER_PAY'", (num_iid,)
    ).fetchone()
    return int(row[0])
