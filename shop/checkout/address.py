"""Where a parcel goes, and who is told: validated once, for the page and for the API."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from shop.crossborder.addresses.check import AddressError, check_address

__all__ = ["AddressError", "parse_address", "parse_email"]


def parse_address(raw: Mapping[str, Any]) -> dict[str, str]:
    """Return the address with its known fields only, normalised as its country writes it; empty fields are left out.

    See :func:`shop.crossborder.addresses.check.check_address`.

    :raises AddressError: naming every field that is missing or wrong.
    """
    return check_address(raw)


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
