"""How far two words are apart. Pure."""

from collections.abc import Iterable

SHORTEST = 4  # characters; shorter words are taken as typed


def distance(one: str, other: str) -> int:
    """Return the optimal string alignment distance: letters put in, left out, changed, or swapped with a neighbour."""
    rows = [list(range(len(other) + 1))]
    for i, left in enumerate(one, 1):
        row = [i]
        for j, right in enumerate(other, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def allowed(word: str) -> int:
    """Return how many slips a word may have: one up to five letters, two in longer ones."""
    return 0 if len(word) < SHORTEST else 1 if len(word) <= 5 else 2


def swapped(word: str) -> list[str]:
    """Return the word with each pair of neighbouring letters swapped; few trigrams are left of a short one."""
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]


def nearest(word: str, candidates: Iterable[str], *, most: int = 3) -> list[str]:
    """Return the candidates nearest to the word, all equally near, in the order given; none that is too far."""
    near = [(distance(word, one), one) for one in dict.fromkeys(candidates) if one != word]
    least = min((apart for apart, _one in near), default=allowed(word) + 1)
    return [one for apart, one in near if apart == least][:most] if least <= allowed(word) else []
