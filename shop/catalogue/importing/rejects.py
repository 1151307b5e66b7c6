"""The rows that were not imported, and the CSV file that names them with the reason."""

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from shop.catalogue.importing.errors import FileRefused

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Rejection:
    """One row that was left out. ``row`` counts the header as row 1; ``line`` is the line it begins on."""

    row: int
    line: int
    accession_number: str
    reason: str


class RejectsFile:
    """A CSV file that comes into being with the first rejection."""

    def __init__(self, path: Path, *, never: Path) -> None:
        """Raise FileRefused when ``path`` cannot become a file, or is ``never`` (the file being imported)."""
        self.path = path
        folder = path.absolute().parent
        if path.exists() and never.exists() and path.samefile(never):
            raise FileRefused(f"{path} is the file to import: name another one for the rejected rows.")
        if path.is_dir() or not os.access(folder, os.W_OK):
            raise FileRefused(f"The rejected rows cannot be written to {path}: name another place with --rejects.")
        self._file: TextIO | None = None
        self._writer: Any = None

    def add(self, rejection: Rejection) -> None:
        """Write one line; raises OSError, with the file's name, when the disk refuses it."""
        with self._named_errors():
            if self._file is None:
                # With a byte order mark: spreadsheet programs take it for a local encoding otherwise.
                self._file = self.path.open("w", encoding="utf-8-sig", newline="")
                self._writer = csv.writer(self._file)
                self._writer.writerow(["row", "line", "accession_number", "reason"])
            self._writer.writerow(
                [rejection.row, rejection.line, _harmless(rejection.accession_number), _harmless(rejection.reason)]
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file:
            with self._named_errors():
                self._file.close()

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        """Writing to an open file fails without saying which."""
        try:
            yield
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self.path)) from None


def _harmless(text: str) -> str:
    """Return the text as a cell that no spreadsheet program takes for a formula."""
    text = text.replace("\0", "")[:LONGEST_SHOWN]
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
