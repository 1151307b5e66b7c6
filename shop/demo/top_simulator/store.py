"""The simulator's books as a whole: fill the shelf, place and move orders, look at everything, start over."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shop.demo.top_simulator import items, trades
from shop.demo.top_simulator.clock import Clock, china_now, to_wire
from shop.demo.top_simulator.database import BUSINESS_TABLES, Database
from shop.demo.top_simulator.refusal import Refused

CALLS_KEPT = 2_000
ENTRIES_AT_ONCE = 5_000


class Store:
    """The books in one state folder. Safe to use from several threads and, before serving, from a seeding command."""

    def __init__(self, folder: Path | str, *, now: Clock = china_now) -> None:
        self._database = Database(Path(folder))
        self._now = now

    def stamp(self) -> str:
        """The present moment as platform text in GMT+8."""
        return to_wire(self._now())

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """One consistent view of the books."""
        with self._database.read() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One change of the books: all of it, or, when the block raises, nothing."""
        with self._database.write() as connection:
            yield connection

    def put_items(
        self, entries: Sequence[Mapping[str, Any]], *, keep_quantity: bool = False
    ) -> list[dict[str, str | None]]:
        """Put SKUs on the shelf, idempotently.

        Each entry: `outer_id` (seller's SKU), `title`, `price` (yuan: text, Decimal or whole number), `quantity`;
        optional `item_key` (SKUs with the same key are one item; default the outer_id), `properties`, `shelf`,
        `presale`, `has_skus`. With `keep_quantity` an existing SKU keeps its live quantity. Returns per entry
        `{outer_id, item_key, num_iid, sku_id}` with ids as text. Raises Refused; then nothing was changed.
        """
        if len(entries) > ENTRIES_AT_ONCE:
            raise Refused(f"At most {ENTRIES_AT_ONCE} items at once.")
        parsed = [items.parse_entry(entry) for entry in entries]
        with self.write() as connection:
            return items.put_items(connection, parsed, at=self.stamp(), keep_quantity=keep_quantity)

    def place_order(self, raw: object) -> dict[str, Any]:
        """Place (and, if asked, pay) an order given as the control API takes it; returns the trade. Raises Refused."""
        order = trades.parse_order(raw)
        with self.write() as connection:
            tid = trades.place(connection, order, at=self.stamp())
            return self._summary(connection, tid)

    def pay(self, tid: int) -> dict[str, Any]:
        """The buyer pays a trade. Raises Refused (404, 409)."""
        with self.write() as connection:
            trades.pay(connection, tid, at=self.stamp())
            return self._summary(connection, tid)

    def close(self, tid: int, *, reason: str) -> dict[str, Any]:
        """The trade is closed, by the buyer or by a full refund. Raises Refused (404, 409)."""
        with self.write() as connection:
            trades.close(connection, tid, reason=reason, at=self.stamp())
            return self._summary(connection, tid)

    def set_status(self, tid: int, *, status: str) -> dict[str, Any]:
        """Put a trade into any state. Raises Refused (404)."""
        with self.write() as connection:
            trades.set_status(connection, tid, status=status, at=self.stamp())
            return self._summary(connection, tid)

    @staticmethod
    def _summary(connection: sqlite3.Connection, tid: int) -> dict[str, Any]:
        trade = trades.find(connection, tid)
        if trade is None:
            raise Refused(f"There is no trade {tid}.", status=404)
        return trades.summary(connection, trade)

    def state(self, *, newest_trades: int | None = None) -> dict[str, Any]:
        """All items with their SKUs, and all trades (or only so many), newest first; ids as text."""
        most = -1 if newest_trades is None else newest_trades
        with self.read() as connection:
            shelf = connection.execute("SELECT * FROM item ORDER BY num_iid").fetchall()
            placed = connection.execute("SELECT * FROM trade ORDER BY tid DESC LIMIT ?", (most,)).fetchall()
            return {
                "items": [
                    {
                        "num_iid": str(item["num_iid"]),
                        "item_key": item["item_key"],
                        "outer_id": item["outer_id"],
                        "title": item["title"],
                        "price": item["price"],
                        "quantity": item["quantity"],
                        "shelf": item["shelf"],
                        "modified": item["modified"],
                        "skus": [
                            {
                                "sku_id": str(sku["sku_id"]),
                                "outer_id": sku["outer_id"],
                                "properties": sku["properties"],
                                "title": sku["title"],
                                "price": sku["price"],
                                "quantity": sku["quantity"],
                            }
                            for sku in items.skus_of(connection, int(item["num_iid"]))
                        ],
                    }
                    for item in shelf
                ],
                "trades": [trades.summary(connection, trade) for trade in placed],
            }

    def log_call(
        self,
        *,
        http_method: str,
        method: str,
        sign_ok: bool,
        session: str,
        params: Mapping[str, str],
        code: int,
        sub_code: str,
    ) -> None:
        """Remember one gateway call; `session` comes in redacted, `params` without session and sign."""
        with self.write() as connection:
            row = connection.execute(
                "INSERT INTO call (at, http_method, method, sign_ok, session, params, code, sub_code) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                (
                    self.stamp(),
                    http_method,
                    method,
                    sign_ok,
                    session,
                    json.dumps(dict(params), ensure_ascii=False),
                    code,
                    sub_code,
                ),
            ).fetchone()
            connection.execute("DELETE FROM call WHERE id <= ?", (int(row[0]) - CALLS_KEPT,))

    def calls(self, *, method: str = "", after: int = 0, limit: int = 200) -> list[dict[str, Any]]:
        """The newest calls in the order they came; `after` is the id of the last call already seen."""
        with self.read() as connection:
            rows = connection.execute(
                "SELECT * FROM call WHERE id > ? AND (? = '' OR method = ?) ORDER BY id DESC LIMIT ?",
                (after, method, method, limit),
            ).fetchall()
        return [
            {
                "id": row["id"],
                "at": row["at"],
                "http_method": row["http_method"],
                "method": row["method"],
                "sign_ok": bool(row["sign_ok"]),
                "session": row["session"],
                "params": json.loads(row["params"]),
                "code": row["code"],
                "sub_code": row["sub_code"],
            }
            for row in reversed(rows)
        ]

    def reset(self) -> None:
        """Empty the books. Ids go on where they were, so that no old trade id ever means a new trade."""
        with self.write() as connection:
            for table in BUSINESS_TABLES:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the constant above
