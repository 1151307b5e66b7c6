"""Which characters the papers' fonts can print, and what is done with the others.

Noto Sans SC (package ``pylopdf-fonts-zh-cn``) has Chinese, kana, Greek, Cyrillic and the Latin letters of western
Europe and of pinyin, but neither the other Latin letters (ő, ł, č, ş …) nor Hangul, Arabic, Hebrew, Thai or emoji.
The remaining European letters come from Libertinus, which the typst package carries. What neither has is never printed
as an empty box: an address falls back to its Latin lines, other text is refused by name.
"""

import struct
import unicodedata
from functools import cache
from pathlib import Path

from pylopdf_fonts_zh_cn import sans_path

# What Libertinus Serif adds, as half-open ranges: Latin Extended, Greek and Cyrillic.
LIBERTINUS = ((0x0100, 0x0250), (0x1E00, 0x1F00), (0x0388, 0x038B), (0x038E, 0x03CF), (0x0400, 0x0478))
# Marks of direction and joining have no glyph and need none; a soft hyphen and a byte order mark are left out.
SILENT = frozenset("\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069")
LEFT_OUT = dict.fromkeys(map(ord, "\u00ad\ufeff"))
SPACES = {"Zs", "Zl", "Zp"}


class Unprintable(ValueError):
    """Characters that no font of the papers has; ``characters`` lists them once each."""

    def __init__(self, text: str, characters: str) -> None:
        self.characters = characters
        named = ", ".join(f"{one} (U+{ord(one):04X})" for one in characters[:5])
        super().__init__(f"“{text[:80]}” cannot be printed: the fonts of the papers lack {named}.")


def _character_map(font: bytes) -> bytes:
    """Return the ``cmap`` table of an OpenType file."""
    for number in range(struct.unpack_from(">H", font, 4)[0]):
        tag, _sum, offset, length = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        if tag == b"cmap":
            return font[offset : offset + length]
    raise ValueError("The font has no cmap table.")


def covered(path: Path) -> frozenset[int]:
    """Return the code points for which an OpenType font has a glyph (its ``cmap`` of format 12).

    :raises ValueError: the font has no such table.
    """
    table = _character_map(path.read_bytes())
    for number in range(struct.unpack_from(">H", table, 2)[0]):
        start = struct.unpack_from(">HHI", table, 4 + 8 * number)[2]
        if struct.unpack_from(">H", table, start)[0] == 12:
            groups = struct.unpack_from(">I", table, start + 12)[0]
            spans = (struct.unpack_from(">III", table, start + 16 + 12 * group) for group in range(groups))
            return frozenset(point for first, last, _glyph in spans for point in range(first, last + 1))
    raise ValueError("The font's cmap has no table of format 12.")


@cache
def _noto() -> frozenset[int]:
    return covered(sans_path())


def _has(one: str) -> bool:
    point = ord(one)
    return one in SILENT or point in _noto() or any(first <= point < last for first, last in LIBERTINUS)


def missing(text: str) -> str:
    """Return the characters of a text that cannot be printed, each once, in order; control characters among them."""
    return "".join(dict.fromkeys(one for one in text if not _has(one)))


def printable(text: str) -> str:
    """Return the text in the form that is printed: composed (NFC), every kind of space and line end as a space.

    :raises Unprintable: a character has no glyph.
    """
    composed = unicodedata.normalize("NFC", text).translate(LEFT_OUT)
    spaced = "".join(" " if one in "\t\n\r" or unicodedata.category(one) in SPACES else one for one in composed)
    lacking = missing(spaced)
    if lacking:
        raise Unprintable(spaced, lacking)
    return spaced
