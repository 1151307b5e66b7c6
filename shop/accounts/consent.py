"""The words by which news are agreed to. A change of the words is a new version; earlier proofs keep theirs."""

from django.utils import translation
from django.utils.translation import gettext

WORDS_VERSION = "news-2026-1"


def words(language: str) -> str:
    """Return the words in the language."""
    with translation.override(language):
        return gettext(
            "Write to me now and then about new objects and exhibitions. I can stop this at any time in my account."
        )
