"""What a method is handed, and readers of arguments that the type check alone cannot judge."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from shop.demo.top_simulator.clock import Clock
from shop.demo.top_simulator.contract import asked_fields, is_number
from shop.demo.top_simulator.envelope import TopError
from shop.demo.top_simulator.store import Store


@dataclass(frozen=True)
class Call:
    """One checked call: arguments by name, the books, the clock."""

    arguments: Mapping[str, str]
    store: Store
    now: Clock

    @property
    def fields(self) -> dict[str, set[str]]:
        """The asked fields with their nested names."""
        return asked_fields(self.arguments["fields"])

    def number(self, name: str, default: int = 0) -> int:
        """A numeric argument (its form was checked before)."""
        return int(self.arguments[name]) if name in self.arguments else default

    def id_list(self, name: str, *, most: int) -> list[int]:
        """A comma list of ids. Raises TopError 41 for another form or too many."""
        parts = [part.strip() for part in self.arguments[name].split(",")]
        if not all(is_number(part) for part in parts) or len(parts) > most:
            raise refuse_argument(name, f"{name} is a comma list of at most {most} ids.")
        return [int(part) for part in parts]

    def page(self, *, largest: int, most_rows: int, last_page: int = 1_000_000) -> tuple[int, int]:
        """(page_no, page_size). Raises TopError 41 outside the platform's limits."""
        page_no, page_size = self.number("page_no", 1), self.number("page_size", 40)
        if not 1 <= page_no <= last_page:
            raise refuse_argument("page_no", "page_no is out of range.")
        if not 1 <= page_size <= largest:
            raise refuse_argument("page_size", f"page_size is from 1 to {largest}.")
        if page_no * page_size > most_rows:
            raise refuse_argument("page_no", f"page_no times page_size is at most {most_rows}; narrow the window.")
        return page_no, page_size


Answer = Callable[[Call], dict[str, Any]]


def refuse_argument(name: str, sentence: str) -> TopError:
    """The platform's refusal of an argument's value."""
    return TopError(41, f"isv.invalid-parameter:{name}", sentence)
