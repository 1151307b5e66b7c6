"""How a simulator describes its faults, so that any page can show and switch them without knowing the simulator.

Under a simulator's control address: ``GET switches`` answers what :func:`describe` returns, ``POST switches`` takes an
object of names and values and answers the same (400 and ``{"error": sentence}`` where a value is out of bounds),
``POST switches/off`` turns every fault off.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True)
class Switch:
    """One fault: its name, a label, one sentence on what it does, and its bounds. ``off`` is its value at rest."""

    name: str
    label: str
    means: str
    kind: Literal["number", "flag", "text", "choice"] = "number"
    unit: str = ""
    most: float = 0
    whole: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    off: Any = 0


def describe(
    *, simulator: str, switches: Sequence[Switch], values: Mapping[str, Any], note: str = ""
) -> dict[str, Any]:
    """Return the switches with their present values. ``note`` is one sentence on the present state, or empty."""
    return {
        "simulator": simulator,
        "note": note,
        "switches": [{**asdict(one), "value": values.get(one.name, one.off)} for one in switches],
    }


class Kept:
    """What is switched on, in one small file, so that a restart of the simulator does not clear it."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> dict[str, Any]:
        """Return what was kept; nothing when there is no file or it is damaged."""
        with suppress(OSError, ValueError):
            found = json.loads(self._file.read_text())
            if isinstance(found, dict):
                return found
        return {}

    def write(self, state: Mapping[str, Any]) -> None:
        """Replace the file whole."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(dict(state)))
        fresh.replace(self._file)
