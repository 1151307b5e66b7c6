"""One museum object as read from a file, and what a file format says of itself. Pure: no Django, no database."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectRecord:
    """An object's fields as ``MuseumObject`` keeps them; years before the common era are negative.

    ``open_access`` is the museum's own statement (True, False, or None where the file says neither). It is read but not
    kept: the catalogue has no column for it, and what may be sold is the rights book's to say.
    """

    accession_number: str
    title: str
    maker: str = ""
    date_text: str = ""
    year_from: int | None = None
    year_to: int | None = None
    culture: str = ""
    technique: str = ""
    dimensions: str = ""
    classification: str = ""
    credit_line: str = ""
    subjects: tuple[str, ...] = ()
    open_access: bool | None = None

    def kept(self) -> tuple[object, ...]:
        """Return the values that are stored, in the order of ``KEPT_FIELDS``."""
        return (
            self.accession_number,
            self.title,
            self.maker,
            self.date_text,
            self.year_from,
            self.year_to,
            self.culture,
            self.technique,
            self.dimensions,
            self.classification,
            self.credit_line,
            list(self.subjects),
        )

    def digest(self) -> bytes:
        """Return the SHA-256 (32 bytes) of the stored values: equal exactly when a second import changes nothing."""
        return sha256(json.dumps(self.kept(), ensure_ascii=False, separators=(",", ":")).encode()).digest()


KEPT_FIELDS = (
    "accession_number",
    "title",
    "maker",
    "date_text",
    "year_from",
    "year_to",
    "culture",
    "technique",
    "dimensions",
    "classification",
    "credit_line",
    "subjects",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionFormat:
    """A museum's file layout, and the museum it belongs to when none is named.

    ``required`` columns must be in the header; ``optional`` ones are read where present (older and newer editions of a
    file differ in them). ``to_record`` gets every column it may ask for, absent ones as empty text.
    """

    name: str
    museum_slug: str
    museum_name: str
    city: str
    country: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    to_record: Callable[[Mapping[str, str]], ObjectRecord]


def clean(text: str) -> str:
    """Return the text without blanks at its ends, and with one kind of line end."""
    return text.strip().replace("\r\n", "\n").replace("\r", "\n")


def distinct(parts: Iterable[str]) -> tuple[str, ...]:
    """Return the parts cleaned, in order, without empty ones and repetitions."""
    return tuple(dict.fromkeys(part for part in map(clean, parts) if part))


def boolean(text: str, *, yes: frozenset[str], no: frozenset[str]) -> bool | None:
    """Return what the file states, None where it states nothing we know. Case and blanks do not matter."""
    word = text.strip().casefold()
    return True if word in yes else False if word in no else None
