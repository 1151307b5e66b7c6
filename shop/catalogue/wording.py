"""Texts kept as language → text, read with English behind."""

from collections.abc import Mapping
from typing import Any


def option_text(options: Mapping[str, Any], language: str) -> str:
    """Return a variant's option in the language, else in English, else empty."""
    return str(options.get(language) or options.get("en") or "")
