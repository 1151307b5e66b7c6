"""Opening a museum's file: plain or gzip (told by its first bytes), UTF-8 with or without a byte order mark."""

import codecs
import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from shop.catalogue.importing.errors import FileRefused

GZIP_MAGIC = b"\x1f\x8b"
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """An open file whose whole content has been found readable."""

    name: str
    text: TextIO
    size: int
    """Bytes on disk, compressed where the file is."""
    _stored: BinaryIO

    def position(self) -> int:
        """Return how many of the ``size`` bytes have been read."""
        return self._stored.tell()


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open and check a file.

    All of it is decompressed and decoded once before the first row is given out: a file that breaks off in the middle,
    or that is not UTF-8 in its last line, is refused before anything is written. Raises FileRefused.
    """
    with _stored(path) as stored:
        zipped = stored.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        if path.suffix.lower() == ".gz" and not zipped:
            raise FileRefused(f"{path.name} is named .gz but is not a gzip file.")
        _check_content(stored, zipped=zipped, name=path.name)
        stored.seek(0)
        plain = cast("BinaryIO", gzip.GzipFile(fileobj=stored)) if zipped else stored
        # csv needs the line ends as they are: newline="".
        with io.TextIOWrapper(plain, encoding="utf-8-sig", newline="") as text:
            yield Source(path.name, text, os.fstat(stored.fileno()).st_size, stored)


@contextmanager
def _stored(path: Path) -> Iterator[BinaryIO]:
    try:
        # Asked first: opening a named pipe would wait for a writer.
        if not stat.S_ISREG(path.stat().st_mode):
            raise FileRefused(f"{path} is not a regular file.")
        stored = path.open("rb")
    except FileNotFoundError:
        raise FileRefused(f"{path} does not exist.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise FileRefused(f"{path} cannot be read: {reason}.") from None
    with stored:
        yield stored


def _check_content(stored: BinaryIO, *, zipped: bool, name: str) -> None:
    stored.seek(0)
    plain = cast("BinaryIO", gzip.GzipFile(fileobj=stored)) if zipped else stored
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        line = 1
        while block := plain.read(BLOCK):
            decoder.decode(block)
            line += block.count(b"\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        line += bytes(error.object)[: error.start].count(b"\n")
        raise FileRefused(
            f"{name} is not UTF-8: it has byte 0x{error.object[error.start]:02x} near line {line}."
        ) from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileRefused(f"{name} is a damaged gzip file: {error}.") from None
    except OSError as error:
        raise FileRefused(f"{name} cannot be read: {error.strerror}.") from None
