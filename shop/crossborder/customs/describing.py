"""Whether a description tells customs what the goods are.

Customs refuse general words (WCO-UPU Postal Customs Guide; operators' instructions to the CN 23: "samples" or "spare
parts" are insufficient). The refused words are data, ``data/vague_terms.csv``, each with its reason.
"""

import re
import unicodedata
from collections.abc import Iterable

from shop.crossborder.customs.dated_rules import vague_terms

# Words that add nothing to a general word: "gift from the museum shop" is still a gift.
ENGLISH = ("a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "our", "some", "the", "to", "with")
FRENCH = ("de", "des", "du", "et", "la", "le", "les")
SELLING = ("museum", "online", "sale", "shop", "store")
FILLERS = frozenset([*ENGLISH, *FRENCH, *SELLING])
LOCAL_FILLERS = ("博物馆", "博物館", "美术馆", "美術館", "ミュージアム", "一批", "的", "の")
CODE = re.compile(r"(?=[^a-z]*[0-9])[A-Z0-9._/# -]+")
LATIN_LETTER = re.compile(r"[A-Za-z]")
SHORTEST = 6  # letters
SHORTEST_LOCAL = 2  # characters of a script that writes a word in one or two


def plain(text: str) -> str:
    """Return the text in lower case, Latin letters without accents, everything but letters and digits as spaces."""
    folded = "".join(one for one in unicodedata.normalize("NFKD", text) if unicodedata.category(one) != "Mn")
    # Kana carry their voicing as marks: put what was no Latin letter together again.
    whole = text if not LATIN_LETTER.search(text) else folded
    whole = unicodedata.normalize("NFKC", whole).lower()
    return " ".join("".join(one if one.isalnum() or one == "ー" else " " for one in whole).split())


def _spaced(text: str) -> str | None:
    """Return the general term in a text whose words are separated by spaces and of which nothing else is left."""
    terms = vague_terms()
    rest = " " + " ".join(word for word in text.split() if not word.isdigit()) + " "
    found = []
    # Longest first: "museum shop goods" is a term of its own and not the word "goods" with a filler.
    for term in sorted(terms, key=len, reverse=True):
        if f" {term} " in rest:
            found.append(term)
            rest = rest.replace(f" {term} ", " ")
    return found[0] if found and not set(rest.split()) - FILLERS else None


def _unspaced(text: str) -> str | None:
    """Return the general term in a text written without spaces and of which nothing else is left."""
    rest = re.sub(r"[\s0-9]", "", text)
    found = None
    for term in sorted((term for term in vague_terms() if not term.isascii()), key=len, reverse=True):
        if term in rest:
            found, rest = found or term, rest.replace(term, "")
    for filler in LOCAL_FILLERS:
        rest = rest.replace(filler, "")
    return found if found and not rest else None


def vague(text: str) -> tuple[str, str] | None:
    """Return the general term that is all a description says, and why it is refused; None: it says more."""
    folded = plain(text)
    term = _spaced(folded) or _unspaced(folded)
    return (term, vague_terms()[term]) if term else None


def too_short(text: str) -> bool:
    """Tell whether an English description lacks either the kind or the material: one word, or a few letters."""
    words = plain(text).split()
    return len(words) < 2 or sum(one.isalpha() for one in text) < SHORTEST


def too_short_local(text: str) -> bool:
    """Tell whether a description in another script is shorter than any word can be."""
    return len(plain(text).replace(" ", "")) < SHORTEST_LOCAL


def only_code(text: str, codes: Iterable[str]) -> bool:
    """Tell whether a description is one of these product numbers, or looks like one: capitals, digits and hyphens."""
    given = {code.strip().casefold() for code in codes if code.strip()}
    return text.strip().casefold() in given or CODE.fullmatch(text.strip()) is not None


def only_brand(text: str, names: Iterable[str]) -> bool:
    """Tell whether every word of a description is a word of the seller's names."""
    known = {word for name in names for word in plain(name).split()} | FILLERS
    words = plain(text).split()
    return bool(words) and all(word in known for word in words)


def names_goods(text: str) -> bool:
    """Tell whether the text has Latin letters at all: English is what every customs accept (UPU, CN 23 note)."""
    return LATIN_LETTER.search(text) is not None
