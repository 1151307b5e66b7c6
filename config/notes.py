"""Small JSON notes between processes, and the tail of a log. Standard library only."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_note(path: Path, note: Mapping[str, object]) -> None:
    """Replace ``path`` by ``note`` as JSON in one step, so that no reader ever sees half of it."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        fresh.write_text(json.dumps(note))
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def read_note(path: Path) -> dict[str, Any]:
    """Return the note at ``path``; an empty one if it is missing or unreadable."""
    try:
        note = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def last_lines(path: Path, *, since: int = 0, count: int = 12) -> str:
    """Return the last ``count`` lines of the log ``path`` from byte ``since`` on, or an empty string."""
    try:
        with path.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(since, end - 16_384))
            text = file.read().decode(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.strip().splitlines()[-count:])
