"""Checking parameters: what each may be, in the codes that Stripe documents (``parameter_unknown`` and its family)."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from shop.demo.stripe_simulator.refusals import bad_parameter

# Takes what the form held and the parameter's full name; returns the typed value or raises ApiError.
Check = Callable[[Any, str], Any]

# What bank statements begin with: set in the account, at most ten characters.
PREFIX = "SIMULATED"
MOST_METADATA = 50
LONGEST_METADATA_KEY = 40
LONGEST_METADATA_VALUE = 500
LARGEST_INTEGER = 2**53
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_INTEGER = re.compile(r"-?[0-9]{1,16}")
# The placeholder is not a legal part of an address, yet every shop sends it.
SESSION_PLACEHOLDER = "{CHECKOUT_SESSION_ID}"


def text(*, most: int = 5_000) -> Check:
    """A string of 1 to ``most`` characters."""

    def check(value: Any, name: str) -> str:
        if not isinstance(value, str):
            raise bad_parameter(f"{name} must be a string, not a group.", param=name)
        if not value:
            raise bad_parameter(
                f"{name} is an empty string; leave it out instead.", param=name, code="parameter_invalid_empty"
            )
        if len(value) > most:
            raise bad_parameter(f"{name} is longer than {most} characters.", param=name)
        return value

    return check


def integer(*, least: int = 0, most: int = LARGEST_INTEGER) -> Check:
    """A whole number within bounds."""

    def check(value: Any, name: str) -> int:
        if not isinstance(value, str) or not _INTEGER.fullmatch(value):
            raise bad_parameter(f"Invalid integer: {name}", param=name, code="parameter_invalid_integer")
        number = int(value)
        if not least <= number <= most:
            raise bad_parameter(f"{name} must be from {least} to {most}.", param=name, code="parameter_invalid_integer")
        return number

    return check


def boolean(value: Any, name: str) -> bool:
    """``true`` or ``false``."""
    if value not in {"true", "false"}:
        raise bad_parameter(f"Invalid boolean: {name}", param=name)
    return bool(value == "true")


def choice(options: Iterable[str]) -> Check:
    """One of the words given."""
    allowed = list(options)

    def check(value: Any, name: str) -> str:
        if value not in allowed:
            raise bad_parameter(f"Invalid {name}: must be one of {', '.join(allowed)}", param=name)
        return str(value)

    return check


def address(value: Any, name: str) -> str:
    """An absolute http(s) address."""
    found = str(text()(value, name))
    try:
        parts = urlsplit(found.replace(SESSION_PLACEHOLDER, "ID"))
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"[\s\x00-\x1f]", found)
    except ValueError:
        good = False
    if not good:
        raise bad_parameter(f"{name} is not a valid URL with its scheme.", param=name, code="url_invalid")
    return found


def email(value: Any, name: str) -> str:
    """An e-mail address, by its shape."""
    found = str(text(most=800)(value, name))
    if not _EMAIL.fullmatch(found):
        raise bad_parameter(f"Invalid email address: {found[:100]}", param=name, code="email_invalid")
    return found


def statement_text(value: Any, name: str) -> str:
    """What follows the account's prefix on a bank statement: 22 characters with it and "* ", one a letter."""
    given: str = text(most=22)(value, name)
    if len(PREFIX) + 2 + len(given) > 22 or not given.isascii() or not any(one.isalpha() for one in given):
        raise bad_parameter(
            f"{name} must have a Latin letter and, with the prefix {PREFIX}* before it, 22 characters at most.",
            param=name,
        )
    if set(given) & set("<>\\'\"*"):
        raise bad_parameter(f"{name} must not contain any of < > \\ ' \" *.", param=name)
    return given


def metadata(value: Any, name: str) -> dict[str, str]:
    """Up to 50 short key-value pairs; an empty value leaves its key out."""
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise bad_parameter(f"{name} must be a group of keys and values.", param=name)
    if len(value) > MOST_METADATA:
        raise bad_parameter(f"{name} has more than {MOST_METADATA} keys.", param=name)
    for key, held in value.items():
        full = f"{name}[{key}]"
        if not isinstance(held, str) or len(held) > LONGEST_METADATA_VALUE:
            raise bad_parameter(f"{full} must be a string of up to {LONGEST_METADATA_VALUE} characters.", param=full)
        if len(key) > LONGEST_METADATA_KEY:
            raise bad_parameter(f"{full} has a key longer than {LONGEST_METADATA_KEY} characters.", param=full)
    return {key: held for key, held in value.items() if held}


def many(check: Check, *, most: int = 100) -> Check:
    """A list of up to ``most`` values."""

    def check_all(value: Any, name: str) -> list[Any]:
        if not isinstance(value, dict) or not all(key.isascii() and key.isdigit() for key in value):
            raise bad_parameter(f"Invalid array: {name}", param=name)
        if len(value) > most:
            raise bad_parameter(f"{name} has more than {most} entries.", param=name)
        return [check(value[key], f"{name}[{key}]") for key in sorted(value, key=int)]

    return check_all


def group(fields: Mapping[str, Check], *, required: Iterable[str] = ()) -> Check:
    """A group with known fields. An unknown one answers ``parameter_unknown``, a lacking one ``parameter_missing``."""
    needed = list(required)

    def check(value: Any, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise bad_parameter(f"Invalid object: {name}", param=name)
        full = {key: f"{name}[{key}]" if name else key for key in [*value, *needed]}
        for key in value:
            if key not in fields:
                raise bad_parameter(
                    f"Received unknown parameter: {full[key]}", param=full[key], code="parameter_unknown"
                )
        for key in needed:
            if key not in value:
                raise bad_parameter(
                    f"Missing required parameter: {full[key]}", param=full[key], code="parameter_missing"
                )
        return {key: fields[key](held, full[key]) for key, held in value.items()}

    return check
