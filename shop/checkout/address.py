"""Where a parcel goes, and who is told: validated once, for the page and for the API."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

# Field → longest text; the first group must be given.
REQUIRED = {"name": 120, "line1": 200, "city": 120, "postcode": 20, "country": 2}
OPTIONAL = {"line2": 200, "region": 120, "phone": 40}
COUNTRY = re.compile(r"[A-Z]{2}")


class AddressError(ValueError):
    """Some fields are not right: ``problems`` maps each field to a code and a sentence."""

    def __init__(self, problems: Mapping[str, tuple[str, str]]) -> None:
        self.problems = dict(problems)
        super().__init__("; ".join(f"{field}: {text}" for field, (_code, text) in problems.items()))


def _clean(field: str, raw: Any, longest: int) -> str:
    """Return the text, trimmed; raise ValueError with a sentence."""
    if not isinstance(raw, str):
        raise ValueError("must be text.")  # noqa: TRY004 (one refusal for every field)
    text = unicodedata.normalize("NFC", raw).strip()
    if len(text) > longest:
        raise ValueError(f"must have at most {longest} characters.")
    if any(unicodedata.category(one) in {"Cc", "Cs", "Co"} for one in text):
        raise ValueError("must not contain control characters.")
    if field == "country":
        text = text.upper()
        if text and not COUNTRY.fullmatch(text):
            raise ValueError("must be an ISO 3166-1 code of two letters, such as GB.")
    return text


def parse_address(raw: Mapping[str, Any]) -> dict[str, str]:
    """Return the address with its known fields only, trimmed; empty optional fields are left out.

    :raises AddressError: naming every field that is missing or wrong.
    """
    problems: dict[str, tuple[str, str]] = {}
    address: dict[str, str] = {}
    for field, longest in (REQUIRED | OPTIONAL).items():
        value = raw.get(field)
        if value is None or value == "":
            if field in REQUIRED:
                problems[field] = ("required", "This field is required.")
            continue
        try:
            text = _clean(field, value, longest)
        except ValueError as error:
            problems[field] = ("invalid", f"{field} {error}")
            continue
        if text:
            address[field] = text
        elif field in REQUIRED:
            problems[field] = ("required", "This field is required.")
    unknown = sorted(set(raw) - set(REQUIRED) - set(OPTIONAL))
    problems |= {str(field): ("unknown", "There is no such field.") for field in unknown}
    if problems:
        raise AddressError(problems)
    return address


def parse_email(raw: Any) -> str:
    """Return the e-mail address.

    :raises AddressError: it is missing or not an address.
    """
    if not isinstance(raw, str) or not raw.strip():
        raise AddressError({"email": ("required", "This field is required.")})
    text = raw.strip()
    try:
        validate_email(text)
    except ValidationError:
        raise AddressError({"email": ("invalid", "This is not an e-mail address.")}) from None
    if len(text) > 254:
        raise AddressError({"email": ("invalid", "This is not an e-mail address.")})
    return text
