"""How far the import is: a bar on a terminal, a line per tenth elsewhere (logs, pipes)."""

from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

from tqdm import tqdm

from shop.catalogue.importing.actions import Report
from shop.catalogue.importing.source import Source

TENTH = 10


class Progress:
    """Follows a source's position in bytes; call it after each chunk."""

    def __init__(
        self, source: Source, report: Report, *, write_line: Callable[[str], object], bar_on: TextIO | None
    ) -> None:
        """Draw on ``bar_on`` when given, otherwise give lines to ``write_line``."""
        self._source = source
        self._report = report
        self._write_line = write_line
        self._tenths = 0
        self._bar: tqdm | None = None
        if bar_on is not None:
            self._bar = tqdm(total=source.size, unit="B", unit_scale=True, desc=source.name, file=bar_on, leave=False)

    def __call__(self) -> None:
        """Show where the source is now."""
        position = self._source.position()
        if self._bar is not None:
            self._bar.set_postfix_str(f"{self._report.rows:,} rows", refresh=False)
            self._bar.update(position - self._bar.n)
            return
        tenths = TENTH * position // max(self._source.size, 1)
        if tenths > self._tenths:
            self._tenths = tenths
            self._write_line(f"{tenths * TENTH} %: {self._report.rows:,} rows")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()
