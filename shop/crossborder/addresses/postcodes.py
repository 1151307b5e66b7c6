"""Postcodes as their country writes them. Pure."""

import re
import unicodedata

from shop.crossborder.addresses.rules import Region, Rules

SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−ー〒]+")


class BadPostcode(ValueError):
    """``code`` is ``postcode_invalid`` (not the country's form) or ``postcode_region`` (not in that region)."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


def _shape(text: str) -> str:
    return "".join("9" if one.isdigit() else "A" for one in text)


def _without_prefix(text: str, prefix: str) -> str:
    """Take off the country mark that only the envelope's line carries, e.g. ``CH-`` or ``SE-``."""
    mark = SEPARATORS.sub("", prefix)
    return text[len(mark) :] if mark and text.startswith(mark) and text != mark else text


def _spaced(compact: str, examples: tuple[str, ...]) -> list[str]:
    """Return the postcode with the separators of those examples that have its length, the likest first."""
    fitting = [one for one in examples if len(SEPARATORS.sub("", one)) == len(compact)]
    fitting.sort(key=lambda one: _shape(SEPARATORS.sub("", one)) != _shape(compact))
    found = []
    for example in fitting:
        letters = iter(compact)
        found.append("".join(one if SEPARATORS.fullmatch(one) else next(letters) for one in example))
    return found


def normalise_postcode(raw: str, rules: Rules, region: Region | None = None) -> str:
    """Return the postcode in capitals, spaced as the country writes it; any width and spacing is understood.

    Where the country has no form to check against, the text comes back in capitals with single spaces.

    :raises BadPostcode: it has not the country's form, or does not belong to ``region``.
    """
    text = " ".join(unicodedata.normalize("NFKC", raw).upper().split())
    if rules.postcode is None:
        return text
    compact = _without_prefix(SEPARATORS.sub("", text), rules.postcode_prefix)
    written = [*_spaced(compact, rules.postcode_examples), compact, text]
    code = next((one for one in written if rules.postcode.fullmatch(one)), None)
    if code is None:
        example = f", such as {rules.postcode_examples[0]}" if rules.postcode_examples else ""
        raise BadPostcode("postcode_invalid", f"is not a postcode of {rules.country}{example}.")
    if region and region.zips and rules.postcode_compared and not region.zips.match(code):
        raise BadPostcode("postcode_region", f"is not in {region.latin}.")
    return code
