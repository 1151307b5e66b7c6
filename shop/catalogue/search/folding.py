"""Text as search sees it: one width, one case, no accents, one form of every character, words and runs of Han.

Pure. Characters are folded one by one, never by the phrase, so that a part of a text always folds to the same part of
the folded text: what is looked for inside it is found.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from opencc import OpenCC

LONGEST_WORD = 60  # characters; what is longer is no word
# Letters that Unicode does not take apart.
LETTERS = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
ACCENTS = re.compile("[\u0300-\u036f]")
ELISION = re.compile(r"\b(?:[ldjmtscn]|qu)['’](?=\w)|(?<=\w)['’]s\b")
# Written without blanks between the words: Han, kana, Hangul.
IDEOGRAPHS = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RUN = rf"\u3005\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\uac00-\ud7af{IDEOGRAPHS}"
TOKEN = re.compile(rf"(?P<run>[{RUN}]+)|(?P<word>(?:(?![{RUN}])[^\W_])+)")
HAN = re.compile(f"[{IDEOGRAPHS}]")
KATAKANA = range(0x30A1, 0x30F7)
TO_HIRAGANA = -0x60


class _Forms(dict[int, int]):
    """Code point → code point: old and Japanese forms to simplified ones (OpenCC), katakana to hiragana."""

    def __init__(self) -> None:
        super().__init__()
        self._old = OpenCC("jp2t")
        self._simplified = OpenCC("t2s")

    def __missing__(self, point: int) -> int:
        found = point + TO_HIRAGANA if point in KATAKANA else point
        if HAN.match(chr(point)):
            found = ord(self._simple(chr(point)))
        self[point] = found
        return found

    def _simple(self, character: str) -> str:
        # Until it stays: an old form may lead to a form that has a simpler one itself.
        for _step in range(3):
            simpler = self._simplified.convert(self._old.convert(character))
            if simpler == character or len(simpler) != 1:
                break
            character = simpler
        return character


_forms = _Forms()


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or a run of characters written without blanks; ``shown`` is a word as it was written, in lower case."""

    text: str
    run: bool
    shown: str = ""


def lowered(text: str) -> str:
    """Return the text in one width (NFKC) and in lower case, accents kept."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def fold(text: str) -> str:
    """Return the text as it is compared: see the head of this module."""
    plain = unicodedata.normalize("NFC", ACCENTS.sub("", unicodedata.normalize("NFD", lowered(text))))
    return "".join(LETTERS.get(one, one) for one in plain.translate(_forms))


def tokens(text: str) -> Iterator[Token]:
    """Yield the words and runs of a text in order, folded, without a genitive’s or an elided article’s letters."""
    for found in TOKEN.finditer(ELISION.sub("", lowered(text))):
        shown = found.group()
        if found.lastgroup == "run":
            yield Token(fold(shown), run=True)
        elif len(shown) <= LONGEST_WORD:
            yield from (Token(one.group(), run=False, shown=shown) for one in TOKEN.finditer(fold(shown)))


def pairs(run: str) -> list[str]:
    """Return a run's pairs of neighbouring characters; of a single character, itself."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]
