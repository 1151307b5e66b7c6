"""The published rule book: one small statement, and the content only when the version is new to the process."""

from datetime import date
from functools import lru_cache

from django.db.models import Q

from shop.crossborder.models import RuleSet
from shop.crossborder.models.rules import DatedRule
from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.tables import TABLES


class NoRuleBook(LookupError):
    """No rule book is published yet: nothing can be quoted."""


@lru_cache(maxsize=4)
def book_of(version: int, digest: str) -> RuleBook:
    """Return a frozen version; ``digest`` tells versions of different databases apart.

    :raises NoRuleBook: there is no such version.
    """
    content = RuleSet.objects.filter(version=version, digest=digest).values_list("content", flat=True).first()
    if content is None:
        raise NoRuleBook(f"There is no version {version} of the rule book.")
    return RuleBook.from_json(content, version=str(version))


def current_book() -> RuleBook | None:
    """Return the version that was published last, or None."""
    row = RuleSet.objects.order_by("-version").values_list("version", "digest").first()
    return book_of(*row) if row else None


def published_book() -> RuleBook:
    """Return the version that was published last.

    :raises NoRuleBook: none was.
    """
    book = current_book()
    if book is None:
        raise NoRuleBook("No rule book is published: run manage.py load_rules.")
    return book


def count_unconfirmed(on: date) -> int:
    """Return how many rows of the tables nobody has confirmed, those left out that were over before. One statement."""
    waiting = Q(confirmed_on=None) & (Q(valid_to=None) | Q(valid_to__gte=on))
    first, *others = (
        table._default_manager.filter(waiting).order_by().values("key")  # noqa: SLF001
        for table in TABLES.values()
        if issubclass(table, DatedRule)
    )
    return first.union(*others, all=True).count()
