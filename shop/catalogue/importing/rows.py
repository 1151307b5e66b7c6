"""CSV rows out of a text stream, one at a time; a broken one is reported and the next is read.

An unclosed quotation mark makes a CSV reader swallow every following line. Here the lines it took are given back: only
the line with the fault is lost. No more than one row (at most ``MAX_ROW`` characters) is held in memory.
"""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

MAX_ROW = 1 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands in the file. ``number`` counts as a spreadsheet does: the header is row 1.

    ``line`` is the line it begins on. ``fault`` says why it could not be read; ``fields`` are empty then.
    """

    number: int
    line: int
    fields: list[str]
    fault: str = ""


class _Lines(Iterator[str]):
    """The stream's lines, remembering those that the present row took, so that they can be given back."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._waiting: deque[str] = deque()
        self.taken: list[str] = []
        self._length = 0
        self.line = 0

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else self._text.readline(MAX_ROW + 1)
        if not line:
            raise StopIteration
        self.taken.append(line)
        self._length += len(line)
        if len(line) > MAX_ROW:
            self._skip_line()
        if self._length > MAX_ROW:
            raise csv.Error(f"more than {MAX_ROW:,} characters in one row")
        return line

    def begin_row(self) -> int:
        """Forget the lines taken so far, and return the number of the next."""
        self.line += len(self.taken)
        self.taken, self._length = [], 0
        return self.line + 1

    def give_back_all_but_first(self) -> None:
        self._waiting.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]

    def _skip_line(self) -> None:
        """Read on to the end of a line that is too long to be one, keeping nothing of it."""
        piece = self.taken[-1]
        while piece and not piece.endswith(("\n", "\r")):
            piece = self._text.readline(MAX_ROW)


def read(text: TextIO) -> Iterator[Row]:
    """Yield every row with the header first; blank lines count as rows but are not given out."""
    # Museums write more into a field than the usual 131,072. It is one setting for the process, so only ever raised.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_ROW))
    lines = _Lines(text)
    reader = csv.reader(lines, strict=True)
    number = 0
    while True:
        line = lines.begin_row()
        number += 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            several = len(lines.taken) > 1
            lines.give_back_all_but_first()
            hint = "a quotation mark is not closed, or stands inside a quoted field" if several else str(error)
            yield Row(number, line, [], f"broken CSV: {hint}")
            continue
        if fields:
            yield Row(number, line, fields)
