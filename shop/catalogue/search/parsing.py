"""What a shopper types, as terms that must all be found. Pure; nothing of it is ever read as a query's syntax."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shop.catalogue.search.folding import Token, pairs, tokens

MAX_QUERY = 80  # characters
MOST_TERMS = 12
SHORTEST_PREFIX = 2  # characters
QUOTED = re.compile(r"""["“”«»„「」『』]""")


@dataclass(frozen=True, slots=True)
class Term:
    """One word, or words and runs that follow one another; a word that may still be growing is a ``prefix``.

    An ``exact`` word is taken as it stands, not by its stem.
    """

    tokens: tuple[Token, ...]
    prefix: bool = False
    exact: bool = False

    @property
    def text(self) -> str:
        """The folded term, for comparison."""
        return " ".join(token.text for token in self.tokens)

    @property
    def word(self) -> str:
        """The word if it is a single one, else empty."""
        return self.tokens[0].text if len(self.tokens) == 1 and not self.tokens[0].run else ""

    @property
    def has_run(self) -> bool:
        """Whether a part of it is written without blanks."""
        return any(token.run for token in self.tokens)

    def phrase(self) -> str:
        """Return the term as a literal of ``tsquery``: its lexemes one after the other."""
        steps: list[str] = []
        for token in self.tokens:
            parts = pairs(token.text) if token.run else [token.text]
            steps.append(" <-> ".join(f"'{part}'" for part in parts))
        return " <-> ".join(steps) if not self._mixed() else " & ".join(f"({step})" for step in steps)

    def _mixed(self) -> bool:
        # A run takes the places of its characters, so what follows it has no place that pairs could count to.
        return self.has_run and len(self.tokens) > 1


def clean(text: str) -> str:
    """Return what was typed without control characters and needless blanks, in its first ``MAX_QUERY`` characters."""
    printable = "".join(one if one.isprintable() else " " for one in text[: MAX_QUERY * 8])
    return " ".join(printable.split())[:MAX_QUERY].strip()


def parse(text: str) -> tuple[Term, ...]:
    """Return the terms: quoted phrases, words, runs; the last word, unless quoted, may be the beginning of one."""
    found: list[Term] = []
    parts = QUOTED.split(clean(text))
    # An odd part stood between two marks; a mark without its fellow is none.
    for number, part in enumerate(parts):
        quoted = number % 2 == 1 and number < len(parts) - 1
        if quoted:
            inside = tuple(tokens(part))
            if inside:
                found.append(Term(inside, exact=True))
            continue
        for chunk in part.split():
            found += _chunk(tuple(tokens(chunk)))
    found = found[:MOST_TERMS]
    if found and (last := found[-1]).word and not last.exact and len(last.word) >= SHORTEST_PREFIX:
        found[-1] = Term(last.tokens, prefix=True)
    return tuple(found)


def _chunk(inside: tuple[Token, ...]) -> list[Term]:
    if any(token.run for token in inside):
        return [Term((token,)) for token in inside]
    return [Term(inside)] if inside else []


@dataclass(frozen=True, slots=True)
class Plan:
    """Groups that must all be found; any term of a group will do."""

    groups: tuple[tuple[Term, ...], ...]

    def __bool__(self) -> bool:
        return bool(self.groups)

    @property
    def has_runs(self) -> bool:
        """Whether anything that was typed is written without blanks (Han, kana, Hangul); synonyms do not count."""
        return any(group[0].has_run for group in self.groups)

    def expression(self, config: str, *, runs: bool = True) -> tuple[str, list[object]]:
        """Return the SQL expression of the ``tsquery`` with its parameters; ``config`` gives the stems.

        Without ``runs`` synonyms in other scripts are left out: documents of that language have none.
        """
        parts: list[str] = []
        values: list[object] = []
        for typed, *fellows in self.groups:
            alternatives: list[str] = []
            for term in (typed, *(one for one in fellows if runs or not one.has_run)):
                if term.word and not term.exact:
                    alternatives.append("shop_search_word(%s::regconfig, %s, %s)")
                    values += [config, term.word, term.prefix]
                else:
                    alternatives.append("%s::tsquery")
                    values.append(term.phrase())
            parts.append(f"({' || '.join(alternatives)})")
        return f"({' && '.join(parts)})", values


MOST_WORDS_OF_ALIAS = 6


def sequences(terms: Sequence[Term]) -> list[str]:
    """Return every run of terms that a synonym could stand for, folded."""
    return [
        " ".join(term.text for term in terms[start:end])
        for start in range(len(terms))
        for end in range(start + 1, min(start + MOST_WORDS_OF_ALIAS, len(terms)) + 1)
    ]


def plan(terms: Sequence[Term], synonyms: Mapping[str, Sequence[str]]) -> Plan:
    """Return the terms with their synonyms: folded term → its fellows. The longest sequence that has any is taken."""
    groups: list[tuple[Term, ...]] = []
    start = 0
    while start < len(terms):
        for end in range(min(start + MOST_WORDS_OF_ALIAS, len(terms)), start, -1):
            taken = terms[start:end]
            fellows = synonyms.get(" ".join(term.text for term in taken))
            if fellows and not any(term.exact for term in taken):
                own = taken[0] if len(taken) == 1 else Term(tuple(token for term in taken for token in term.tokens))
                others = [Term(tuple(tokens(fellow))) for fellow in fellows]
                groups.append((own, *[term for term in others if term.tokens]))
                start = end
                break
        else:
            groups.append((terms[start],))
            start += 1
    return Plan(tuple(groups))
