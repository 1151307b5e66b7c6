"""What rows of a rule book refer to. Pure."""

from collections.abc import Iterator

from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.entries import RowFault


def check_references(book: RuleBook) -> None:
    """Refuse a book that could not be worked with: a parent or a threshold that other rows name is not in it.

    :raises RowFault: naming the first such row.
    """
    for kind, key, column, value in dangling(book):
        raise RowFault(column, f"of {key} ({kind}) names {value}, which is not in the book")


def dangling(book: RuleBook) -> Iterator[tuple[str, str, str, str]]:
    """Yield kind, key, column and value of each reference that leads nowhere or, for parents, round in a circle."""
    for code, row in book.jurisdictions.items():
        if row.parent and (row.parent not in book.jurisdictions or _circular(book, code)):
            yield "jurisdictions", row.key, "parent", row.parent
    limits = {row.key for row in book.rows["thresholds"]}
    for kind in ("duties", "fees"):
        for row in book.rows[kind]:
            if row.within and row.within not in limits:
                yield kind, row.key, "within", row.within


def _circular(book: RuleBook, code: str) -> bool:
    """Whether going up from a jurisdiction leads back to it."""
    seen = {code}
    above = book.jurisdictions[code].parent
    while above in book.jurisdictions:
        if above in seen:
            return above == code
        seen.add(above)
        above = book.jurisdictions[above].parent
    return False
