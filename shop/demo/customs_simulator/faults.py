"""Faults that are switched on at the control door. Kept over a restart."""

import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from shop.demo.customs_simulator.refusal import Refused
from shop.demo.switchboard import Kept, Switch, describe

KINDS = {
    "timeout": "hold the answer back for so many seconds, after the message was taken",
    "http_500": "answer 500 before the message is looked at",
    "refuse": "customs sends the document back with this code",
    "lose_reply": "the replies to this message never come",
    "duplicate_reply": "every reply to this message comes twice",
    "reorder": "the replies to this message come in the wrong order",
}
LONGEST_HOLD = 60
MOST_TIMES = 10_000
SWITCHES = (
    Switch(
        "timeout", "Time out after", "Messages are taken, and the answer hangs for so long.",
        unit="seconds", most=LONGEST_HOLD, whole=False,
    ),
    Switch("http_500", "Server error", "Messages are answered with 500 and not taken.", kind="flag", off=False),
    Switch("refuse", "Send back", "Customs sends documents back with this code.", kind="text", most=40, off=""),
    Switch("lose_reply", "Drop replies", "The replies to a message never come.", kind="flag", off=False),
    Switch("duplicate_reply", "Duplicate replies", "Every reply comes twice.", kind="flag", off=False),
    Switch("reorder", "Reorder replies", "The replies to a message come in the wrong order.", kind="flag", off=False),
    Switch(
        "times", "For how many messages", "The faults above hit so many messages; 0: until they are off.",
        unit="messages", most=MOST_TIMES, off=1,
    ),
    Switch(
        "kind", "Only this kind", "Which messages are hit.", kind="choice", off="",
        choices=(("", "every kind"), ("order", "order"), ("payment", "payment"), ("logistics", "waybill")),
    ),
)  # fmt: skip


class Faults:
    """One fault at a time, for the next ``times`` messages (0: until cleared), of one kind or of any."""

    def __init__(self, kept: Kept | None = None) -> None:
        self._lock = threading.Lock()
        self._kept = kept
        self._active: dict[str, Any] = {}
        self._left = 0
        self._kind = ""
        if kept:
            with suppress(Refused):
                self.switch(kept.read())

    def switch(self, raw: object) -> dict[str, Any]:
        """Switch on what ``raw`` says; an empty object clears. Raises Refused."""
        if not isinstance(raw, Mapping):
            raise Refused("Faults are an object.")
        unknown = sorted(set(map(str, raw)) - {*KINDS, "times", "kind"})
        if unknown:
            raise Refused(f"There is no fault {', '.join(unknown)}; known are {', '.join(KINDS)}.")
        times, kind = raw.get("times", 1), raw.get("kind", "")
        if not isinstance(times, int) or isinstance(times, bool) or not 0 <= times <= MOST_TIMES:
            raise Refused(f"times is a whole number from 0 to {MOST_TIMES}; 0 means until cleared.")
        if kind not in {"", "order", "payment", "logistics"}:
            raise Refused("kind is order, payment, logistics, or empty for any.")
        hold = raw.get("timeout")
        if hold is not None and not (isinstance(hold, int | float) and 0 <= hold <= LONGEST_HOLD):
            raise Refused(f"timeout is a number of seconds up to {LONGEST_HOLD}.")
        if "refuse" in raw and not str(raw["refuse"]).isalnum():
            raise Refused("refuse is a code of letters and digits.")
        with self._lock:
            self._active = {name: raw[name] for name in KINDS if raw.get(name)}
            self._left, self._kind = times, kind
            self._keep()
        return self.describe()

    def describe(self) -> dict[str, Any]:
        """What is switched on now."""
        with self._lock:
            return {"faults": dict(self._active), "left": self._left, "kind": self._kind}

    def switch_some(self, wanted: object) -> dict[str, Any]:
        """Set the switches named and leave the others. Raises Refused."""
        if not isinstance(wanted, Mapping):
            raise Refused("Faults are an object.")
        with self._lock:
            raw = self._raw()
        self.switch({name: value for name, value in {**raw, **wanted}.items() if value or name == "times"})
        return self.described()

    def described(self) -> dict[str, Any]:
        """The switches with their values, as the switchboard tells them."""
        with self._lock:
            return describe(simulator="China customs", switches=SWITCHES, values=self._raw())

    def _raw(self) -> dict[str, Any]:
        return {**self._active, "times": self._left if self._active else 1, "kind": self._kind}

    def _keep(self) -> None:
        if self._kept:
            self._kept.write(self._raw())

    def next_for(self, kind: str) -> dict[str, Any]:
        """The fault that hits this message; uses one of its times."""
        with self._lock:
            if not self._active or self._kind not in {"", kind}:
                return {}
            hit = dict(self._active)
            if self._left:
                self._left -= 1
                if not self._left:
                    self._active = {}
                self._keep()
            return hit
