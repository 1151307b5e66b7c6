"""An address as it came in, checked against its country and normalised. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from shop.crossborder.addresses.phones import PHONE_REQUIRED, BadPhone, normalise_phone
from shop.crossborder.addresses.postcodes import BadPostcode, normalise_postcode
from shop.crossborder.addresses.rules import Rules, rules_of

# Field → longest text, in the order in which an address is kept.
LENGTHS = {
    "name": 120,
    "company": 120,
    "line1": 200,
    "line2": 200,
    "district": 120,
    "city": 120,
    "region": 120,
    "postcode": 20,
    "country": 2,
    "phone": 40,
}
COUNTRY = re.compile(r"[A-Z]{2}")
# What a field may hold invisibly: joiners that some scripts need.
JOINERS = {"\u200c", "\u200d"}


class AddressError(ValueError):
    """Some fields are not right: ``problems`` maps each field to a code and a sentence.

    Codes: required, invalid (not text, too long, control characters), unknown (no such field), postcode_invalid,
    postcode_region, region_invalid, phone_invalid.
    """

    def __init__(self, problems: Mapping[str, tuple[str, str]]) -> None:
        self.problems = dict(problems)
        super().__init__("; ".join(f"{field}: {text}" for field, (_code, text) in problems.items()))


def clean_text(raw: Any, longest: int) -> str:
    """Return the text in NFC, trimmed.

    :raises ValueError: with a sentence: it is not text, too long, or has characters that do not print.
    """
    if not isinstance(raw, str):
        raise ValueError("must be text.")  # noqa: TRY004 (one refusal for every field)
    text = unicodedata.normalize("NFC", raw).strip()
    if len(text) > longest:
        raise ValueError(f"must have at most {longest} characters.")
    if any(_unprintable(one) for one in text):
        raise ValueError("must not contain control characters.")
    return text


def _unprintable(one: str) -> bool:
    category = unicodedata.category(one)
    return category in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"} or (category == "Cf" and one not in JOINERS)


def _texts(raw: Mapping[str, Any], problems: dict[str, tuple[str, str]]) -> dict[str, str]:
    found = {}
    for field, longest in LENGTHS.items():
        value = raw.get(field)
        if value is None:
            continue
        try:
            text = clean_text(value, longest)
        except ValueError as error:
            problems[field] = ("invalid", f"{field} {error}")
            continue
        if text:
            found[field] = text
    return found


def _country(texts: dict[str, str], problems: dict[str, tuple[str, str]]) -> Rules | None:
    if "country" in problems:
        return None
    code = texts["country"] = texts.get("country", "").upper()
    if not code:
        problems["country"] = ("required", "This field is required.")
        return None
    try:
        return rules_of(code)
    except KeyError:
        problems["country"] = ("invalid", "country must be an ISO 3166-1 code of two letters, such as GB.")
        return None


def _places(texts: dict[str, str], rules: Rules, problems: dict[str, tuple[str, str]]) -> None:
    region = None
    if rules.regions and "region" in texts:
        region = rules.region(texts["region"])
        if region is None:
            known = ", ".join(f"{one.code} ({one.latin})" for one in rules.regions[:3])
            problems["region"] = (
                "region_invalid",
                f"region is not one of {rules.country}: send a code such as {known}.",
            )
        else:
            texts["region"] = region.code
    if "postcode" in texts:
        try:
            texts["postcode"] = normalise_postcode(texts["postcode"], rules, region)
        except BadPostcode as error:
            problems["postcode"] = (error.code, f"postcode {error}")
    if "phone" in texts:
        try:
            texts["phone"] = normalise_phone(texts["phone"], rules.country)
        except BadPhone as error:
            problems["phone"] = ("phone_invalid", f"phone {error}")


def required_fields(rules: Rules) -> frozenset[str]:
    """Return the fields that an address of the country must have."""
    return rules.required | ({"phone"} if rules.country in PHONE_REQUIRED else set())


def check_address(raw: Mapping[str, Any]) -> dict[str, str]:
    """Return the address with its known fields only; empty ones are left out.

    Texts are NFC and trimmed, the country and the postcode upper case, the region its code, the telephone E.164.
    Fields that are ours but not of that country's form (a county in GB) are kept as they came.

    :raises AddressError: naming every field that is missing or wrong.
    """
    problems: dict[str, tuple[str, str]] = {}
    texts = _texts(raw, problems)
    rules = _country(texts, problems)
    if rules is not None:
        _places(texts, rules, problems)
    # Without a country only what every country needs can be asked for.
    needed = required_fields(rules) if rules else {"name", "line1"}
    for field in LENGTHS:
        if field in needed and field not in texts and field not in problems:
            problems[field] = ("required", "This field is required.")
    unknown = sorted(str(field) for field in set(raw) - set(LENGTHS))
    problems |= dict.fromkeys(unknown, ("unknown", "There is no such field."))
    if problems:
        raise AddressError(problems)
    return {field: texts[field] for field in LENGTHS if field in texts}
