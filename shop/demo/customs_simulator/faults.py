"""Faults that are switched on at the control door. Kept in memory: a restart clears them."""

import threading
from collections.abc import Mapping
from typing import Any

from shop.demo.customs_simulator.refusal import Refused

KINDS = {
    "timeout": "hold the answer back for so many seconds, after the message was taken",
    "http_500": "answer 500 before the message is looked at",
    "refuse": "customs sends the document back with this code",
    "lose_reply": "the replies to this message never come",
    "duplicate_reply": "every reply to this message comes twice",
    "reorder": "the replies to this message come in the wrong order",
}
LONGEST_HOLD = 60


class Faults:
    """One fault at a time, for the next ``times`` messages (0: until cleared), of one kind or of any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._active: dict[str, Any] = {}
        self._left = 0
        self._kind = ""

    def switch(self, raw: object) -> dict[str, Any]:
        """Switch on what ``raw`` says; an empty object clears. Raises Refused."""
        if not isinstance(raw, Mapping):
            raise Refused("Faults are an object.")
        unknown = sorted(set(map(str, raw)) - {*KINDS, "times", "kind"})
        if unknown:
            raise Refused(f"There is no fault {', '.join(unknown)}; known are {', '.join(KINDS)}.")
        times, kind = raw.get("times", 1), raw.get("kind", "")
        if not isinstance(times, int) or isinstance(times, bool) or times < 0:
            raise Refused("times is a whole number; 0 means until cleared.")
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
        return self.describe()

    def describe(self) -> dict[str, Any]:
        """What is switched on now."""
        with self._lock:
            return {"faults": dict(self._active), "left": self._left, "kind": self._kind}

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
            return hit
