"""An address as lines, for labels, papers and pages. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from shop.crossborder.addresses.rules import LETTERS, TOKEN, Rules, rules_of


def region_name(country: str, code: str, *, latin: bool = False) -> str:
    """Return the region's name, local or latin; the text itself where it is no code of the country."""
    try:
        region = rules_of(country).region(code)
    except KeyError:
        region = None
    return code if region is None else region.latin if latin else region.local


def _line(pattern: str, values: Mapping[str, str]) -> str:
    """Fill one line of a format; a word or mark of its own is written with the field it stands before."""
    written, literal = "", ""
    for part in re.split(r"(%[NOADCSZX])", pattern):
        if not TOKEN.fullmatch(part):
            literal = part
            continue
        value = values.get(LETTERS.get(part[1:], ""), "")
        written += literal + value if value else ""
        literal = ""
    return (written + literal if written else "").strip(" ,-")


def _values(address: Mapping[str, Any], rules: Rules, *, latin: bool, capitals: bool) -> dict[str, str]:
    values = {field: str(address.get(field) or "") for field in LETTERS.values()}
    region = rules.region(values["region"]) if values["region"] else None
    if region is not None:
        values["region"] = region.written or (region.latin if latin else region.local)
    if not latin and values["city"] == values["region"]:
        values["city"] = ""  # Beijing is a province and a city: it is written once
    if capitals:
        values |= {field: values[field].upper() for field in rules.upper}
    return values


def lines(
    address: Mapping[str, Any], *, latin: bool = False, capitals: bool = False, country: str | None = None
) -> list[str]:
    """Return the address in the order its country writes it, or in latin order for carriers abroad.

    ``address`` is checked (``check_address``). ``capitals``: write in capitals what the country's post wants so.
    ``country`` is the last line: None writes it in English capitals, an empty text leaves it out.
    """
    code = str(address.get("country") or "")
    rules = rules_of(code)
    values = _values(address, rules, latin=latin, capitals=capitals)
    found: list[str] = []
    for pattern in (rules.latin_fmt if latin else rules.fmt).split("%n"):
        text = _line(pattern, values)
        street = [str(address[one]) for one in ("line2",) if address.get(one)] if "%A" in pattern else []
        if text:
            found.append(text)
        found += street
        # What the shopper gave beyond the country's form is not lost. Postcodes of countries without any are.
        if "%A" in pattern:
            found += [values[one] for one in ("district", "city") if values[one] and _extra(one, rules, values[one])]
        if "%C" in pattern and values["region"] and "region" not in rules.used:
            found.append(values["region"])
    last = rules.name if country is None else country
    return [*found, last] if last else found


def _extra(field: str, rules: Rules, value: str) -> bool:
    return field not in rules.used and value.casefold() not in rules.name.casefold()
