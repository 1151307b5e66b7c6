"""stand-in"""

from typing import Any
from uuid import UUID

OUT: dict[str, dict[str, Any]] = {}


def write(*, kind: str, key: str, to: str, language: str, facts: dict[str, Any], order_id: UUID | None = None) -> None:
    if to:
        OUT.setdefault(key, {"kind": kind, "to": to, "language": language, "facts": facts, "order_id": order_id})
