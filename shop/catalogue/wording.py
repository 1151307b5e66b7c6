"""Texts kept as language → text, read with English behind."""

from collections.abc import Iterable, Mapping
from typing import Any


def option_text(options: Mapping[str, Any], language: str) -> str:
    """Return a variant's option in the language, else in English, else empty."""
    return str(options.get(language) or options.get("en") or "")


def listed(values: Iterable[str], language: str) -> str:
    """Return the words one after the other, with the language's comma between them."""
    return ("、" if language in ("zh-hans", "ja") else ", ").join(values)
