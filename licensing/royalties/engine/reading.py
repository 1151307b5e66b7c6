"""Strict reading of JSON: every fault is named with its place, and a missing choice is one of them."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from licensing.royalties.engine.errors import Fault

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Node:
    """An object of the document: its members are taken by name; what is left over at the end is unknown."""

    def __init__(self, value: Any, where: str, faults: list[Fault]) -> None:
        self.where = where
        self.faults = faults
        self._taken: set[str] = set()
        if not isinstance(value, dict):
            self.fault("", "not-an-object", "This must be an object.")
            value = {}
        self._value: dict[str, Any] = value

    def fault(self, name: str, code: str, message: str) -> None:
        """Note that a member (or, without a name, the object) is wrong."""
        self.faults.append(Fault(f"{self.where}/{name}" if name else self.where, code, message))

    def raw(self, name: str) -> Any:
        """Return a member that must be there; ``null`` says outright that there is none."""
        self._taken.add(name)
        if name not in self._value:
            self.fault(name, "missing", "This must be said; null where there is none.")
        return self._value.get(name)

    def has(self, name: str) -> bool:
        """Tell whether an optional member is there."""
        self._taken.add(name)
        return self._value.get(name) is not None

    def names(self) -> list[str]:
        """Return the names of all members."""
        return list(self._value)

    def object(self, name: str) -> "Node | None":
        """Return a member that is an object, None where it is null or wrong."""
        value = self.raw(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.fault(name, "not-an-object", "This must be an object.")
            return None
        return Node(value, f"{self.where}/{name}", self.faults)

    def required(self, name: str) -> "Node":
        """Return a member that is an object and not null; if it is wrong, an empty one whose faults nobody hears."""
        node = self.object(name)
        if node is None:
            if name in self._value and self._value[name] is None:
                self.fault(name, "missing", "This cannot be null.")
            return Node({}, f"{self.where}/{name}", [])
        return node

    def objects(self, name: str) -> "list[Node]":
        """Return a member that is a list of objects."""
        value = self.raw(name)
        if not isinstance(value, list):
            if value is not None:
                self.fault(name, "not-a-list", "This must be a list.")
            return []
        return [Node(one, f"{self.where}/{name}/{index}", self.faults) for index, one in enumerate(value)]

    def number(self, name: str, *, least: str = "0", most: str | None = None) -> Decimal:
        """Return a decimal number written as text; a JSON number may have lost digits before it came here."""
        value = self.raw(name)
        if value is None:
            return Decimal(0)
        if isinstance(value, bool) or not isinstance(value, str) or not NUMBER.fullmatch(value):
            kind = "A number is written as text, e.g. “0.0800”."
            self.fault(name, "not-a-number", kind)
            return Decimal(0)
        found = Decimal(value)
        if found < Decimal(least) or (most is not None and found > Decimal(most)):
            upper = f" to {most}" if most is not None else " or more"
            self.fault(name, "out-of-range", f"This must be {least}{upper}.")
        return found

    def fraction(self, name: str) -> Decimal:
        """Return a fraction from 0 to 1."""
        return self.number(name, most="1")

    def whole(self, name: str) -> int:
        """Return a whole number that is not negative."""
        value = self.raw(name)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            if value is not None:
                self.fault(name, "not-a-whole-number", "This must be a whole number, 0 or more.")
            return 0
        return value

    def flag(self, name: str) -> bool:
        """Return true or false."""
        value = self.raw(name)
        if not isinstance(value, bool) and value is not None:
            self.fault(name, "not-a-flag", "This must be true or false.")
        return value is True

    def text(self, name: str, *, pattern: str = r".{1,200}") -> str:
        """Return a text of a form."""
        value = self.raw(name)
        if value is None:
            return ""
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            self.fault(name, "bad-text", f"This must be a text of the form {pattern}.")
            return ""
        return value

    def day(self, name: str) -> date:
        """Return a date, as in ISO 8601."""
        value = self.raw(name)
        if isinstance(value, str) and DATE.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        if value is not None:
            self.fault(name, "bad-date", "A date is written as 2026-12-31.")
        return date.max

    def choice(self, name: str, kind: type[E]) -> E:
        """Return one of the values of an enumeration."""
        value = self.raw(name)
        known = [one.value for one in kind]
        if value in known:
            return kind(value)
        if value is not None or name in self._value:
            self.fault(name, "unknown-choice", f"This must be one of {', '.join(known)}.")
        return next(iter(kind))

    def texts(self, name: str) -> frozenset[str] | None:
        """Return a list of texts, or None for “all”."""
        value = self.raw(name)
        if value == "all":
            return None
        if not isinstance(value, list) or not value or not all(isinstance(one, str) and one for one in value):
            if value is not None:
                self.fault(name, "not-a-list", "This must be “all”, or a list of texts that is not empty.")
            return frozenset()
        return frozenset(value)

    def units(self, name: str) -> Mapping[str, int] | None:
        """Return SKU → units, None where it is null."""
        value = self.raw(name)
        if value is None:
            return None
        good = isinstance(value, dict) and all(
            isinstance(one, int) and not isinstance(one, bool) and one >= 0 for one in value.values()
        )
        if not good:
            self.fault(name, "not-units", "This must be an object of SKUs and whole numbers.")
            return {}
        return dict(value)

    def optional(self, name: str, read: Callable[["Node"], T]) -> T | None:
        """Return what ``read`` makes of a member that may be null."""
        node = self.object(name)
        if node is None:
            return None
        made = read(node)
        node.done()
        return made

    def done(self, *, extra: Iterable[str] = ()) -> None:
        """Name the members that nobody asked for: a misspelt clause must not be ignored."""
        for name in self._value.keys() - self._taken - set(extra):
            self.fault(str(name), "unknown", "There is no such clause.")
