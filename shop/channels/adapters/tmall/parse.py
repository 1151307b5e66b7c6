"""Reading TOP's JSON without guessing: every reader returns a typed value or raises ContractViolation."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, NoReturn

from shop.channels.adapters.errors import ContractViolation
from shop.channels.adapters.types import Money

CHINA = timezone(timedelta(hours=8), "GMT+8")
CURRENCY = "CNY"
_STAMP = "%Y-%m-%d %H:%M:%S"
# Two decimals are the rule; a few amounts come with fewer or more.
_YUAN = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")

Record = Mapping[str, Any]


def compact_json(value: Any) -> str:
    """The one text of a JSON parameter, used both for signing and for sending."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def stamp(moment: datetime) -> str:
    """An aware instant as TOP writes it: no zone, Chinese time, whole seconds (cut off, not rounded)."""
    if moment.tzinfo is None:
        raise ValueError("A time sent to the platform needs a time zone.")
    return moment.astimezone(CHINA).strftime(_STAMP)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def decode(raw: bytes) -> dict[str, Any]:
    """The JSON object in a response body; fractions become Decimal. Raises ContractViolation."""
    try:
        document = json.loads(raw.decode("utf-8"), parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ContractViolation("The platform's answer is not valid JSON.") from error
    if not isinstance(document, dict):
        raise ContractViolation("The platform's answer is not a JSON object.")
    return document


def response_key(method: str) -> str:
    """The key of a success answer: dots become underscores and only the `taobao.` prefix falls away."""
    return method.removeprefix("taobao.").replace(".", "_") + "_response"


def open_envelope(document: Record, method: str) -> dict[str, Any]:
    """The record under the success key of `method`. Raises ContractViolation when it is not there."""
    return record(document, response_key(method))


def record(parent: Record, key: str) -> dict[str, Any]:
    value = parent.get(key)
    if not isinstance(value, dict):
        raise ContractViolation(f"The platform's answer lacks the record {key!r}.")
    return value


def wrapped_list(parent: Record, outer: str, inner: str) -> list[dict[str, Any]] | None:
    """The list in `{outer: {inner: [...]}}`, or None when TOP left it out (as it does with empty lists)."""
    wrapper = parent.get(outer)
    if wrapper is None or wrapper == {}:
        return None
    entries = wrapper.get(inner) if isinstance(wrapper, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ContractViolation(f"The platform's answer has no list {outer}.{inner}.")
    return entries


def explained_list(parent: Record, outer: str, inner: str, *, skipped: int = 0) -> list[dict[str, Any]]:
    """A list that may be missing only if the answer itself says that it is empty.

    That is a `total_results` no greater than the entries `skipped` by earlier pages, or `has_next` false where the
    count is left out; otherwise an order could be lost without a trace, so a missing list raises ContractViolation.
    """
    entries = wrapped_list(parent, outer, inner)
    if entries is not None:
        return entries
    total = optional_integer(parent, "total_results")
    if (total is not None and total <= skipped) or (total is None and optional_flag(parent, "has_next") is False):
        return []
    raise ContractViolation(f"The platform left out the list {outer} without saying that it is empty.")


def optional_text(parent: Record, key: str) -> str:
    value = parent.get(key)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ContractViolation(f"The field {key!r} should be text.")


def text(parent: Record, key: str) -> str:
    value = optional_text(parent, key)
    if not value:
        raise ContractViolation(f"The field {key!r} is missing.")
    return value


def optional_identity(parent: Record, key: str) -> str | None:
    """An id as text: TOP sends a number above 2^53 or its decimal text; 0 and nothing mean none."""
    value = optional_text(parent, key)
    if value in ("", "0"):
        return None
    if not (value.isascii() and value.isdigit()):
        raise ContractViolation(f"The field {key!r} should be a decimal id.")
    return value


def identity(parent: Record, key: str) -> str:
    value = optional_identity(parent, key)
    if value is None:
        raise ContractViolation(f"The field {key!r} is missing.")
    return value


def optional_integer(parent: Record, key: str) -> int | None:
    value = optional_text(parent, key)
    if not value:
        return None
    digits = value.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 19):
        raise ContractViolation(f"The field {key!r} should be a whole number.")
    return int(value)


def integer(parent: Record, key: str) -> int:
    value = optional_integer(parent, key)
    if value is None:
        raise ContractViolation(f"The field {key!r} is missing.")
    return value


def optional_flag(parent: Record, key: str) -> bool | None:
    match parent.get(key):
        case None:
            return None
        case bool() as value:
            return value
        case "true" | 1:
            return True
        case "false" | 0:
            return False
    raise ContractViolation(f"The field {key!r} should be true or false.")


def optional_yuan(parent: Record, key: str) -> Money | None:
    """An amount TOP writes as yuan text such as "128.00". Raises ContractViolation on anything else."""
    value = parent.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal) or not _YUAN.fullmatch(str(value)):
        raise ContractViolation(f"The field {key!r} should be an amount in yuan.")
    return Money(Decimal(str(value)), CURRENCY)


def yuan(parent: Record, key: str) -> Money:
    value = optional_yuan(parent, key)
    if value is None:
        raise ContractViolation(f"The field {key!r} is missing.")
    return value


def optional_moment(parent: Record, key: str) -> datetime | None:
    """A date TOP writes without a zone, read as Chinese time."""
    value = optional_text(parent, key)
    if not value:
        return None
    try:
        return datetime.strptime(value, _STAMP).replace(tzinfo=CHINA)
    except ValueError as error:
        raise ContractViolation(f"The field {key!r} should be a date and time.") from error


def moment(parent: Record, key: str) -> datetime:
    value = optional_moment(parent, key)
    if value is None:
        raise ContractViolation(f"The field {key!r} is missing.")
    return value
