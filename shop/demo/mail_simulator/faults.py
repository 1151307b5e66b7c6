"""What goes wrong at the mail server, switched on from the control door and kept over a restart."""

import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from shop.demo.switchboard import Kept, Switch, describe

SWITCHES = (
    Switch("down", "Mail server down", "Connections are refused.", kind="flag", off=False),
    Switch("busy", "Put off", "Letters are put off with 451, to be sent again later.", kind="flag", off=False),
    Switch("refuse", "Refuse recipients", "Recipients are refused for good with 550.", kind="flag", off=False),
    Switch(
        "unheard", "Drop the answer", "The letter is taken, and the line breaks before the answer.",
        kind="flag", off=False,
    ),
    Switch("hang", "Slow", "The answer to a letter hangs for so long.", unit="seconds", most=60, whole=False),
    Switch(
        "times", "For how many letters", "The faults above but the first hit so many letters; 0: until they are off.",
        unit="letters", most=10_000, scope=True, off=1,
    ),
)  # fmt: skip
BY_NAME = {one.name: one for one in SWITCHES}


class Wrong(ValueError):
    """A value that a switch cannot take; one sentence."""


class Faults:
    """The switches' values; those with ``times`` run out by themselves."""

    def __init__(self, kept: Kept) -> None:
        self._lock = threading.Lock()
        self._kept = kept
        self._values: dict[str, Any] = {}
        self._left = 0
        with suppress(Wrong):
            self.switch(kept.read())

    def switch(self, raw: object) -> None:
        """Set the switches that are named. :raises Wrong: there is no such switch, or it cannot take the value."""
        if not isinstance(raw, Mapping):
            raise Wrong("Switches are an object.")
        fresh = {str(name): _value(str(name), value) for name, value in raw.items()}
        with self._lock:
            self._values |= fresh
            self._left = int(self._values.get("times", 1))
            self._keep()

    def off(self) -> None:
        """Turn every fault off."""
        with self._lock:
            self._values, self._left = {}, 0
            self._keep()

    def described(self) -> dict[str, Any]:
        """Return the switches as the chaos page shows them."""
        with self._lock:
            return describe(simulator="Mail server", switches=SWITCHES, values=self._values)

    @property
    def down(self) -> bool:
        """Whether nobody can connect."""
        return bool(self._values.get("down"))

    def next_for(self, *names: str) -> dict[str, Any]:
        """Return which of these faults hit the letter at hand, and count it if any does."""
        with self._lock:
            hit = {name: self._values[name] for name in names if self._values.get(name)}
            if hit and self._values.get("times", 1):
                self._left -= 1
                if self._left <= 0:
                    self._values = {name: value for name, value in self._values.items() if name == "down"}
                self._keep()
            return hit

    def _keep(self) -> None:
        self._kept.write(self._values)


def _value(name: str, value: object) -> Any:
    switch = BY_NAME.get(name)
    if switch is None:
        raise Wrong(f"There is no switch {name}; known are {', '.join(BY_NAME)}.")
    if switch.kind == "flag":
        if not isinstance(value, bool):
            raise Wrong(f"{name} is true or false.")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= switch.most:
        raise Wrong(f"{name} is a number from 0 to {switch.most:g}.")
    if switch.whole and value != int(value):
        raise Wrong(f"{name} is a whole number.")
    return int(value) if switch.whole else float(value)
