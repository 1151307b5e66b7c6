"""The gateway for a broker who takes files: each message becomes a file in a folder or a ZIP.

The files name people with their identity numbers: folders and files can be read by their owner only.
"""

import os
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from shop.crossborder.china.gateway import Envelope

UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class FileExport:
    """Writes messages to ``target``: a folder, or a ZIP when the name ends so. Replies come back another way.

    :raises FileExistsError: the ZIP is there already; nothing is overwritten.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._zip = target.suffix.lower() == ".zip"
        self.names: list[str] = []
        if self._zip:
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            with zipfile.ZipFile(target, "w"):
                pass
        else:
            target.mkdir(parents=True, exist_ok=True, mode=0o700)

    def name(self, *parts: str) -> None:
        """Say what the next message's file is called."""
        self._next = f"{'_'.join(UNSAFE.sub('-', part) for part in parts)}.xml"

    def submit_order(self, message: bytes) -> None:
        """Write CEB311."""
        self._write(message)

    def submit_payment(self, message: bytes) -> None:
        """Write CEB411."""
        self._write(message)

    def submit_logistics(self, message: bytes) -> None:
        """Write CEB511."""
        self._write(message)

    def poll(self, limit: int) -> Sequence[Envelope]:  # noqa: ARG002 (the port's own signature)
        """A folder does not answer."""
        return []

    def acknowledge(self, ids: Sequence[str]) -> None:
        """A folder does not answer."""

    def _write(self, message: bytes) -> None:
        if self._zip:
            with zipfile.ZipFile(self._target, "a", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(self._next, message)
        else:
            path = self._target / self._next
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(message)
        self.names.append(self._next)
