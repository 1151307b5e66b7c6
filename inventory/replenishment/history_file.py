"""Opens a file of sales history, plain or gzip."""

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """Open a CSV for reading, unpacked where it is packed; what is no UTF-8 becomes a replacement sign.

    :raises OSError: it cannot be read, or is packed wrongly; EOFError: it ends in the middle.
    """
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        plain = gzip.GzipFile(fileobj=raw) if packed else raw
        with io.TextIOWrapper(plain, encoding="utf-8-sig", errors="replace", newline="") as text:
            yield text
