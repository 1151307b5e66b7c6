"""Years out of museum files. Pure functions; what is not understood is None, never an error: the text is kept."""

import re

# Prehistoric tools carry years such as -400000; seven digits also stay far within a PostgreSQL integer.
WHOLE_YEAR = re.compile(r"[+-]?\d{1,7}(?:\.0+)?")
SPAN = re.compile(r"(?:\?|c\.|circa|\s)*(?P<first>\d{4})\s*[-–]\s*(?P<last>\d{4}|\d{1,2})(?!\d)")
LONE = re.compile(r"(?:\?|c\.|circa|\s)*(?P<first>\d{4})(?![\ds])")


def year(text: str) -> int | None:
    """Return a year column's number: ``1785``, ``-550``, ``1900.0``; None for anything else."""
    text = text.strip().replace("−", "-")
    return int(text.partition(".")[0]) if WHOLE_YEAR.fullmatch(text) else None


def span(text: str) -> tuple[int, int] | None:
    """Return first and last year of a date text that begins with them: ``c.1805–10`` is (1805, 1810).

    A range that would run backwards is not one: its first year alone counts.
    """
    if found := SPAN.match(text):
        first, last = found["first"], found["last"]
        end = int(first[: 4 - len(last)] + last)
        return int(first), max(int(first), end)
    if found := LONE.match(text):
        return int(found["first"]), int(found["first"])
    return None
