"""Weather: call limits, bans and switched-on faults. Faults are kept over a restart; limits and bans are not."""

import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shop.demo.switchboard import Kept, Switch, describe
from shop.demo.top_simulator.envelope import TopError
from shop.demo.top_simulator.refusal import Refused

# A generous bucket per method: a shop in normal work never meets it.
BURST = 400
PER_SECOND = 200
LONGEST_HOLD = 120
LONGEST_BAN = 86_400
MOST_CALLS = 10_000
UNTIL_CLEARED = 0
BANNED = "accesscontrol.limited-by-api-access-count"


@dataclass(frozen=True)
class Fault:
    """What goes wrong with a call. Seconds are None when that fault is off."""

    timeout_before: float | None = None
    timeout_after: float | None = None
    ban_seconds: int | None = None
    error_10: bool = False
    malformed: bool = False
    http_503: bool = False
    session_revoked: bool = False
    read_only_session: bool = False


FINE = Fault()


def _hold(name: str, label: str, means: str) -> Switch:
    return Switch(name, label, means, unit="seconds", most=LONGEST_HOLD, whole=False, off=None)


SWITCHES = (
    _hold("timeout_before", "Time out before", "Calls hang for so long and are not carried out."),
    _hold("timeout_after", "Time out after", "Calls are carried out, hang for so long, and fail all the same."),
    Switch("ban_seconds", "Ban", "The method is refused for so long.", unit="seconds", most=LONGEST_BAN, off=None),
    Switch("error_10", "Service unavailable", "Calls answer error 10 and do nothing.", kind="flag", off=False),
    Switch("http_503", "HTTP 503", "Calls are carried out and answer 503.", kind="flag", off=False),
    Switch("malformed", "Broken answer", "The answer stops in the middle of its JSON.", kind="flag", off=False),
    Switch("session_revoked", "Token revoked", "The seller’s token is no longer known.", kind="flag", off=False),
    Switch("read_only_session", "Token reads only", "Calls that write are refused.", kind="flag", off=False),
    Switch(
        "next_n", "For how many calls", "The faults above hit so many calls; 0: until they are off.",
        unit="calls", most=MOST_CALLS, off=1,
    ),
    Switch("method", "Only this method", "Empty: every method.", kind="text", most=100, off=""),
)  # fmt: skip
_FLAGS = ("error_10", "malformed", "http_503", "session_revoked", "read_only_session")


def _seconds(raw: Mapping[str, Any], name: str, most: int) -> float | None:
    value = raw.get(name)
    if value is None or value is False:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise Refused(f"{name} is a number of seconds from 0 to {most}.")
    return float(value)


def _parse(raw: Mapping[str, Any]) -> tuple[Fault, int, str]:
    known = {*_FLAGS, "timeout_before", "timeout_after", "ban_seconds", "next_n", "method"}
    unknown = sorted(set(map(str, raw)) - known)
    if unknown:
        raise Refused(f"There is no fault {', '.join(unknown)}; known are {', '.join(sorted(known))}.")
    next_n = raw.get("next_n", 1)
    if not isinstance(next_n, int) or isinstance(next_n, bool) or not 0 <= next_n <= MOST_CALLS:
        raise Refused(f"next_n is a whole number of calls from 0 to {MOST_CALLS}; 0 means until cleared.")
    ban = _seconds(raw, "ban_seconds", LONGEST_BAN)
    fault = Fault(
        timeout_before=_seconds(raw, "timeout_before", LONGEST_HOLD),
        timeout_after=_seconds(raw, "timeout_after", LONGEST_HOLD),
        ban_seconds=None if ban is None else int(ban),
        **{flag: bool(raw.get(flag, False)) for flag in _FLAGS},
    )
    return fault, next_n, str(raw.get("method") or "")


@dataclass
class _Bucket:
    tokens: float
    filled: datetime


@dataclass
class Weather:
    """The limits and faults of one running gateway. All methods may be called from several threads."""

    burst: int = BURST
    per_second: int = PER_SECOND
    kept: Kept | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _fault: Fault = FINE
    _left: int = 0
    _method: str = ""
    _buckets: dict[str, _Bucket] = field(default_factory=dict)
    _bans: dict[str, datetime] = field(default_factory=dict)

    def switch(self, raw: object) -> dict[str, Any]:
        """Switch faults on for the next `next_n` calls (default 1; 0 = until cleared), optionally of one method.

        An empty object clears everything, bans too. Raises Refused for an unknown or malformed switch.
        """
        if not isinstance(raw, Mapping):
            raise Refused("Faults are an object.")
        fault, next_n, method = _parse(raw)
        with self._lock:
            self._fault, self._left, self._method = fault, next_n, method
            if fault == FINE:
                self._bans.clear()
                self._buckets.clear()
            self._keep()
        return self.describe()

    def switch_some(self, wanted: object) -> dict[str, Any]:
        """Set the switches named and leave the others. Raises Refused."""
        if not isinstance(wanted, Mapping):
            raise Refused("Faults are an object.")
        with self._lock:
            raw = self._raw()
        off = {one.name: one.off for one in SWITCHES}
        raw = {
            name: value for name, value in {**raw, **wanted}.items() if value != off.get(name, "") or name == "next_n"
        }
        self.switch(raw)
        return self.described()

    def described(self) -> dict[str, Any]:
        """The switches with their values, as the switchboard tells them."""
        with self._lock:
            values, bans = self._raw(), sorted(self._bans)
        note = f"Refused now: {', '.join(bans)}." if bans else ""
        return describe(simulator="Tmall", switches=SWITCHES, values=values, note=note)

    def _raw(self) -> dict[str, Any]:
        return vars(self._fault) | {"next_n": 1 if self._fault == FINE else self._left, "method": self._method}

    def _keep(self) -> None:
        if self.kept:
            self.kept.write(self._raw())

    def restore(self) -> None:
        """Go on with the faults that were on before a restart."""
        raw = self.kept.read() if self.kept else {}
        with suppress(Refused):
            self.switch({name: value for name, value in raw.items() if value is not None})

    def describe(self) -> dict[str, Any]:
        """What is switched on now."""
        with self._lock:
            active = {name: value for name, value in vars(self._fault).items() if value not in {None, False}}
            # Zero seconds is a fault too: it answers at once with the time-out's error.
            for name in ("timeout_before", "timeout_after"):
                if getattr(self._fault, name) is not None:
                    active[name] = getattr(self._fault, name)
            return {"faults": active, "calls_left": self._left, "method": self._method, "bans": sorted(self._bans)}

    def next_fault(self, method: str) -> Fault:
        """The fault that hits this call; uses one of the calls it was switched on for."""
        with self._lock:
            if self._fault == FINE or self._method not in {"", method}:
                return FINE
            fault = self._fault
            if self._left != UNTIL_CLEARED:
                self._left -= 1
                if self._left == 0:
                    self._fault = FINE
                self._keep()
            return fault

    def ban(self, method: str, *, seconds: int, now: datetime) -> None:
        """Refuse a method for some seconds from now."""
        with self._lock:
            self._bans[method] = now + timedelta(seconds=seconds)

    def admit(self, method: str, *, now: datetime) -> None:
        """Let one call of a method through. Raises TopError 7 while the method is banned or its bucket is empty."""
        with self._lock:
            until = self._bans.get(method)
            if until is not None and until > now:
                left = -int((now - until).total_seconds() // 1)
                raise TopError(7, BANNED, f"This ban will last for {left} more seconds")
            self._bans.pop(method, None)
            bucket = self._buckets.setdefault(method, _Bucket(tokens=self.burst, filled=now))
            passed = max((now - bucket.filled).total_seconds(), 0)
            bucket.tokens = min(float(self.burst), bucket.tokens + passed * self.per_second)
            bucket.filled = now
            if bucket.tokens < 1:
                self._bans[method] = now + timedelta(seconds=1)
                raise TopError(7, BANNED, "This ban will last for 1 more seconds")
            bucket.tokens -= 1
