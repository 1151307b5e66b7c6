"""The address of a page as the cache knows it: host, path, and the query parameters that the page reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict

MOST_PAIRS = 24
LONGEST = 120  # characters of a value
FAR = 3  # digits of a page's number; from there on nobody waits for it
TEXT, NUMBER = "q", "page"


@dataclass(frozen=True)
class Key:
    """``shared``: few enough visitors' words are in it that all processes keep it together."""

    text: str
    shared: bool


def key_of(request: HttpRequest, accepts: Sequence[str]) -> Key | None:
    """Return the page's key, unknown parameters left out; None: rendered for each visitor.

    That is what was typed by hand (a search), what is longer than a form of ours sends, and far pages: there is no end
    to them, and hardly anybody asks twice.
    """
    pairs: list[tuple[str, str]] = []
    for name in sorted(accepts):
        for value in request.GET.getlist(name):
            if not value:
                continue
            if name == TEXT or len(value) > LONGEST or len(pairs) >= MOST_PAIRS:
                return None
            if name == NUMBER and (not value.isdigit() or len(value) > FAR):
                return None
            pairs.append((name, value))
    whole = repr((request.scheme, request.get_host(), request.path, pairs))
    named = {name for name, _value in pairs}
    return Key(blake2b(whole.encode(), digest_size=16).hexdigest(), shared=named <= {NUMBER})


def read_by_page(query: QueryDict, accepts: Sequence[str]) -> QueryDict:
    """Return the query as the page may see it: links to other places repeat it, and one page is sent to everybody."""
    return QueryDict(urlencode([(name, value) for name in accepts for value in query.getlist(name)]))
