"""Kinds of a seller's tax registrations and what their numbers look like. Pure.

The engine asks only whether there is a number; what reads requests and what keeps sellers checks its form.
"""

import re
from typing import NamedTuple


class Registration(NamedTuple):
    """A kind of number: its form, and a sentence that says it."""

    pattern: re.Pattern[str]
    sentence: str


def _kind(pattern: str, sentence: str) -> Registration:
    return Registration(re.compile(pattern), sentence)


# Spaces are no part of a number. Forms only: whether a number was given out, its register says.
REGISTRATIONS: dict[str, Registration] = {
    # Regulation (EU) 2020/194: IM and twelve characters in all; IN is the intermediary's own number.
    "IOSS": _kind(r"IM\d{10}", "IM and 10 digits"),
    "EU_OSS": _kind(r"(EU\d{9}|[A-Z]{2}[0-9A-Z+*]{2,13})", "the VAT number with its country, or EU and 9 digits"),
    "EU_VAT": _kind(r"[A-Z]{2}[0-9A-Z+*]{2,13}", "the VAT number with its country's two letters"),
    "GB_VAT": _kind(r"GB(\d{9}|\d{12}|GD[0-4]\d\d|HA[5-9]\d\d)", "GB and 9 or 12 digits"),
    "XI_VAT": _kind(r"XI(\d{9}|\d{12}|GD[0-4]\d\d|HA[5-9]\d\d)", "XI and 9 or 12 digits"),
    "VOEC": _kind(r"\d{7}", "7 digits"),
    "AU_ARN": _kind(r"\d{12}", "12 digits"),
    "AU_ABN": _kind(r"\d{11}", "11 digits"),
    "NZ_GST": _kind(r"\d{8,9}", "8 or 9 digits"),
    # IRAS: M and 8 characters, or the unique entity number.
    "SG_GST": _kind(r"(M[0-9A-Z]\d{7}[A-Z]?|\d{8,9}[A-Z]|[STR]\d{2}[A-Z]{2}\d{4}[A-Z])", "such as M90312345A"),
    "CH_VAT": _kind(r"CHE-?\d{3}\.?\d{3}\.?\d{3}( ?(MWST|TVA|IVA))?", "such as CHE-123.456.789 MWST"),
    "CN_CBEC": _kind(r"[0-9A-Z]{10}", "10 digits or capitals: the number in the customs register"),
    "CN_PLATFORM": _kind(r"[0-9A-Z]{10}", "10 digits or capitals: the number in the customs register"),
}
GROUPING = re.compile(r"(?<=\d)[ -](?=\d)")


def compact(number: str) -> str:
    """Return a number without spaces around it and between groups of digits."""
    return GROUPING.sub("", number.strip())


def fault_in(kind: str, number: str) -> str:
    """Return a sentence saying what is wrong with a number, or an empty text.

    :raises KeyError: there is no such kind.
    """
    known = REGISTRATIONS[kind]
    plain = compact(number)
    if known.pattern.fullmatch(plain) and plain.isascii():
        return ""
    if kind == "IOSS" and plain[:2] == "IN":
        return "This is an intermediary's own number (IN…): the seller's, which begins with IM, is needed."
    return f"must be {known.sentence}."
