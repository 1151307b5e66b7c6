"""Which zone an address lies in. Pure.

A zone names countries, and may narrow them by postcodes or regions. Postcodes are written as people know them: a prefix
(``97``, ``63``), a range of prefixes (``967-968``), and in Britain an area or a district (``ZE``, ``KA27``,
``PA20-PA49``), because there ``PA2`` and ``PA20`` are neighbours in the alphabet and not on the map.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

INWARD = re.compile(r"[0-9][A-Z]{2}$")
DISTRICT = re.compile(r"([A-Z]+)([0-9]*)")
PATTERN = re.compile(r"[A-Z0-9]{1,8}(-[A-Z0-9]{1,8})?")


@dataclass(frozen=True)
class Area:
    """A zone: ``postcodes`` are patterns, ``regions`` names or codes in any case; empty: all of its countries."""

    id: int
    countries: tuple[str, ...]
    postcodes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    extra_days: int = 0


def compact(postcode: str) -> str:
    """Return the postcode in capitals, without spaces and hyphens."""
    return re.sub(r"[\s-]", "", postcode.upper())


def check_pattern(pattern: str) -> str:
    """Return the pattern in capitals, without spaces.

    :raises ValueError: it is not a prefix or a range of two prefixes of one length and kind.
    """
    text = re.sub(r"\s", "", pattern.upper())
    if not PATTERN.fullmatch(text):
        raise ValueError(f"{pattern!r} is not a postcode prefix such as 97 or KA27, nor a range such as 967-968.")
    first, dash, last = text.partition("-")
    if dash:
        ends = [DISTRICT.fullmatch(one) for one in (first, last)]
        if all(ends):
            areas = {end[1] for end in ends if end}
            numbers = [end[2] for end in ends if end]
            fits = len(areas) == 1 and all(numbers) and int(numbers[0]) <= int(numbers[1])
        else:
            fits = first.isdigit() and last.isdigit() and len(first) == len(last) and first <= last
        if not fits:
            raise ValueError(f"{pattern!r} is not a range from a lower to a higher prefix of the same kind.")
    return text


def _district(postcode: str) -> tuple[str, int | None]:
    """Return area and district number of a British postcode, e.g. ``("KA", 27)``."""
    outward = INWARD.sub("", postcode) if len(postcode) > 4 else postcode
    found = DISTRICT.match(outward)
    return (found[1], int(found[2]) if found[2] else None) if found else ("", None)


def in_pattern(postcode: str, pattern: str, *, country: str) -> bool:
    """Return whether a postcode (as :func:`compact` writes it) matches a pattern."""
    first, _dash, last = pattern.partition("-")
    if country == "GB":
        area, number = _district(postcode)
        low, high = _district(first), _district(last or first)
        if area != low[0]:
            return False
        return low[1] is None or (number is not None and low[1] <= number <= (high[1] or low[1]))
    if last:
        return len(postcode) >= len(first) and first <= postcode[: len(first)] <= last
    return postcode.startswith(first)


def zone_of(areas: Iterable[Area], *, country: str, postcode: str, region: str) -> Area | None:
    """Return the zone of an address, or None: one that names its postcode, else its region, else its whole country."""
    code, named = compact(postcode), region.strip().casefold()
    best: tuple[int, Area] | None = None
    for area in sorted(areas, key=lambda one: one.id):
        if country not in area.countries:
            continue
        by_postcode = bool(code) and any(in_pattern(code, one, country=country) for one in area.postcodes)
        by_region = bool(named) and named in {one.casefold() for one in area.regions}
        whole = not area.postcodes and not area.regions
        rank = 3 if by_postcode else 2 if by_region else 1 if whole else 0
        if rank and (best is None or rank > best[0]):
            best = (rank, area)
    return best[1] if best else None
