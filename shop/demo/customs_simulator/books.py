"""The books: documents taken, compared when three are in, and replies that become available after a while."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from shop.demo.customs_simulator import answers, rules
from shop.demo.customs_simulator.clock import Clock, stamp
from shop.demo.customs_simulator.database import TABLES, Database
from shop.demo.customs_simulator.message import Message

SCHEMA_STATUS = {"order": "-311001", "payment": "-411001", "logistics": "-511001"}
PASSED = "[Code:1800;Desc:逻辑校验通过]"
Row = sqlite3.Row


def _refusal(code: str, words: str) -> str:
    return f"[Code:{code};Desc:{words}]"


class Books:
    """What the E-port and customs know, in one folder. ``delay`` is how long customs takes, in seconds."""

    def __init__(self, folder: Path, *, registered: frozenset[str], delay: float, now: Clock) -> None:
        self._database = Database(folder)
        self._registered = registered
        self._now = now
        self.delay = delay

    def take(self, message: Message, fault: Mapping[str, Any]) -> None:
        """Take one message. The same id again changes nothing: the last reply is given again."""
        now = self._now()
        with self._database.write() as connection:
            known = connection.execute(
                "SELECT * FROM document WHERE kind = ? AND guid = ?", (message.kind, message.guid)
            ).fetchone()
            if known:
                connection.execute("UPDATE document SET times = times + 1 WHERE id = ?", (known["id"],))
                self._repeat(connection, known, now)
                return
            row = self._insert(connection, message, fault, now)
            if message.complaint:
                self._settle(connection, row, "refused", "", message.complaint)
                self._answer(connection, row, SCHEMA_STATUS[message.kind], info=message.complaint, now=now)
                return
            self._answer(connection, row, "2", info=f"新增申报成功[{message.guid}]", now=now)
            found = rules.alone(message.kind, message.head, message.lines, self._registered)
            if fault.get("refuse"):
                found = [(message.kind, str(fault["refuse"]), "海关退单")]
            if self._number_taken(connection, message):
                found.append((message.kind, "S108", "订单编号重复"))
            if found:
                _kind, code, words = found[0]
                self._settle(connection, row, "refused", code, words)
                self._answer(connection, row, "100", info=_refusal(code, words), now=now, late=True)
                return
            self._compare(connection, row, now)

    def _insert(self, connection: sqlite3.Connection, message: Message, fault: Mapping[str, Any], now: datetime) -> Row:
        head = message.head
        # A waybill does not name the platform: it belongs to the order of its number.
        platform = head.get("ebpCode", "")
        row: Row = connection.execute(
            "INSERT INTO document "
            "(kind, guid, company, number, platform, order_no, head, lines, fault, state, received) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'received', ?) RETURNING *",
            (
                message.kind,
                message.guid,
                message.company,
                message.number,
                platform,
                head.get("orderNo", ""),
                json.dumps(head, ensure_ascii=False),
                json.dumps(message.lines, ensure_ascii=False),
                json.dumps(dict(fault)),
                now.timestamp(),
            ),
        ).fetchone()
        return row

    @staticmethod
    def _number_taken(connection: sqlite3.Connection, message: Message) -> bool:
        """Whether this number was accepted before and this message does not say that it changes it."""
        if message.head["appType"] != "1":
            return False
        return bool(
            connection.execute(
                "SELECT 1 FROM document WHERE kind = ? AND company = ? AND number = ? AND state = 'accepted'",
                (message.kind, message.company, message.number),
            ).fetchone()
        )

    @staticmethod
    def _settle(connection: sqlite3.Connection, row: Row, state: str, code: str, words: str) -> None:
        connection.execute(
            "UPDATE document SET state = ?, code = ?, words = ? WHERE id = ?", (state, code, words, row["id"])
        )

    def _answer(
        self,
        connection: sqlite3.Connection,
        row: Row,
        status: str,
        *,
        info: str,
        now: datetime,
        late: bool = False,
    ) -> None:
        # What goes wrong with the replies was decided when the message came.
        fault = json.loads(row["fault"])
        if fault.get("lose_reply"):
            return
        made = now + timedelta(seconds=self.delay) if late else now
        available = now.timestamp() + (self.delay if late else 0)
        if fault.get("reorder"):
            # Customs' word comes before the E-port's receipt.
            available = now.timestamp() + (0 if late else self.delay)
        # Two replies of one moment still differ by a millisecond, as customs is later than the E-port.
        made += timedelta(milliseconds=5 if late else 0)
        text = answers.reply(row["kind"], json.loads(row["head"]), status=status, at=stamp(made), info=info)
        for _copy in range(2 if fault.get("duplicate_reply") else 1):
            connection.execute(
                "INSERT INTO reply (document, status, message, available) VALUES (?, ?, ?, ?)",
                (row["id"], status, text, available),
            )

    @staticmethod
    def _repeat(connection: sqlite3.Connection, row: Row, now: datetime) -> None:
        last = connection.execute(
            "SELECT * FROM reply WHERE document = ? ORDER BY id DESC LIMIT 1", (row["id"],)
        ).fetchone()
        if last:
            connection.execute(
                "INSERT INTO reply (document, status, message, available) VALUES (?, ?, ?, ?)",
                (row["id"], last["status"], last["message"], max(now.timestamp(), last["available"])),
            )
            return
        head = json.loads(row["head"])
        status, info = {
            "accepted": ("120", PASSED),
            "refused": ("100", _refusal(row["code"] or "S100", row["words"])),
        }.get(row["state"], ("2", f"新增申报成功[{row['guid']}]"))
        text = answers.reply(row["kind"], head, status=status, at=stamp(now), info=info)
        connection.execute(
            "INSERT INTO reply (document, status, message, available) VALUES (?, ?, ?, ?)",
            (row["id"], status, text, now.timestamp()),
        )

    # --- The three together ---

    def _compare(self, connection: sqlite3.Connection, row: Row, now: datetime) -> None:
        latest = {}
        for kind in ("order", "payment", "logistics"):
            latest[kind] = connection.execute(
                "SELECT * FROM document WHERE kind = ? AND order_no = ? ORDER BY id DESC LIMIT 1",
                (kind, row["order_no"]),
            ).fetchone()
        if not all(one and one["state"] in {"received", "accepted"} for one in latest.values()):
            return
        heads = {kind: json.loads(one["head"]) for kind, one in latest.items()}
        found = rules.together(heads["order"], heads["payment"], heads["logistics"])
        if not found and self._over_the_year(connection, heads["order"], now):
            found = [("order", "1313", "超过个人年度限额")]
        wrong = {kind: (code, words) for kind, code, words in found}
        for kind, one in latest.items():
            if kind in wrong:
                code, words = wrong[kind]
                self._settle(connection, one, "refused", code, words)
                self._answer(connection, one, "100", info=_refusal(code, words), now=now, late=True)
            elif not wrong and one["state"] == "received":
                self._settle(connection, one, "accepted", "1800", "逻辑校验通过")
                self._answer(connection, one, "120", info=PASSED, now=now, late=True)

    @staticmethod
    def _over_the_year(connection: sqlite3.Connection, order: Mapping[str, str], now: datetime) -> bool:
        """Whether the order is too much for the person's year; if not, it counts from now on."""
        person, year, order_no = order["buyerIdNumber"].upper(), now.year, order["orderNo"]
        rows = connection.execute(
            "SELECT paid FROM allowance WHERE person = ? AND year = ? AND order_no <> ?", (person, year, order_no)
        )
        used = sum((Decimal(one["paid"]) for one in rows), Decimal(0))
        if used + Decimal(order["acturalPaid"]) > rules.ONE_YEAR:
            return True
        connection.execute(
            "INSERT OR REPLACE INTO allowance (person, year, order_no, paid) VALUES (?, ?, ?, ?)",
            (person, year, order_no, order["acturalPaid"]),
        )
        return False

    # --- The queue of replies, and what people see ---

    def replies(self, limit: int) -> list[dict[str, str]]:
        """The oldest replies that are available and not acknowledged."""
        with self._database.write() as connection:
            rows = connection.execute(
                "SELECT id, message FROM reply WHERE NOT taken AND available <= ? ORDER BY available, id LIMIT ?",
                (self._now().timestamp(), limit),
            ).fetchall()
        return [{"id": str(row["id"]), "message": row["message"]} for row in rows]

    def acknowledge(self, ids: Sequence[int]) -> None:
        """Take replies off the queue; unknown ids are no matter."""
        with self._database.write() as connection:
            connection.executemany("UPDATE reply SET taken = 1 WHERE id = ?", [(one,) for one in ids])

    def state(self, limit: int = 200) -> list[dict[str, Any]]:
        """The newest documents, identity numbers masked."""
        with self._database.write() as connection:
            rows = connection.execute(
                "SELECT document.*, (SELECT count(*) FROM reply WHERE document = document.id AND NOT taken) AS waiting "
                "FROM document ORDER BY id DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return [
            {
                "kind": row["kind"],
                "guid": row["guid"],
                "number": row["number"],
                "order_no": row["order_no"],
                "state": row["state"],
                "code": row["code"],
                "words": row["words"],
                "times": row["times"],
                "head": _masked(json.loads(row["head"])),
            }
            for row in rows
        ]

    def reset(self) -> None:
        """Empty the books."""
        with self._database.write() as connection:
            for table in TABLES:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the constant above


def _masked(head: dict[str, str]) -> dict[str, str]:
    return {
        name: f"{text[:3]}***********{text[-2:]}" if name.endswith("IdNumber") else text for name, text in head.items()
    }
