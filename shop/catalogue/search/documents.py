"""A search document's vector, written out. Pure.

Words stand as they are, runs of Han and kana as pairs and as single characters, each at its place, so that PostgreSQL's
phrase search finds any part of a run. The stems of a language are PostgreSQL's to add.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from shop.catalogue.search.folding import pairs, tokens

WEIGHTS = "ABCD"  # name; objects, makers, museum and themes; kind, material, culture; description
MOST_TOKENS = 3_000
GAP = 10  # between two fields, so that no phrase runs across
MOST_PLACES = 255  # of one lexeme, as PostgreSQL keeps
LAST_PLACE = 16_383


@dataclass(frozen=True, slots=True)
class Document:
    """``vector`` is a literal of ``tsvector``, ``words`` the alphabetic words of each weight (for stems) in order.

    ``spellings``: word → as it was written.
    """

    vector: str
    words: tuple[str, str, str, str]
    spellings: Mapping[str, str]


def document(fields: Mapping[str, Iterable[str]]) -> Document:
    """Return the document of texts by weight (A to D)."""
    places: dict[str, list[str]] = {}
    spellings: dict[str, str] = {}
    words: dict[str, list[str]] = {weight: [] for weight in WEIGHTS}
    at = 1

    def put(lexeme: str, place: int, weight: str) -> None:
        known = places.setdefault(lexeme, [])
        if len(known) < MOST_PLACES and place <= LAST_PLACE:
            known.append(f"{place}{weight}")

    for weight in WEIGHTS:
        for text in fields.get(weight, ()):
            for token in islice(tokens(text), MOST_TOKENS):
                if token.run:
                    for offset, character in enumerate(token.text):
                        put(character, at + offset, weight)
                    for offset, pair in enumerate(pairs(token.text) if len(token.text) > 1 else ()):
                        put(pair, at + offset, weight)
                    at += len(token.text) + 1
                else:
                    put(token.text, at, weight)
                    words[weight].append(token.text)
                    spellings.setdefault(token.text, token.shown)
                    at += 1
            at += GAP
    vector = " ".join(f"'{lexeme}':{','.join(where)}" if where else f"'{lexeme}'" for lexeme, where in places.items())
    a, b, c, d = (" ".join(words[weight]) for weight in WEIGHTS)
    return Document(vector, (a, b, c, d), spellings)
