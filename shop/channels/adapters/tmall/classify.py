"""From TOP's error codes to the shop's own error classes.

A `code` below 100 is the gateway's; `sub_code` tells the rest. A prefix `isp.` means the platform's side, which
may pass; `isv.` means the caller's or the business's side, which does not pass unless something changes. Business
refusals arrive as code 15 (older) or 50 (newer).
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shop.channels.adapters import errors
from shop.channels.adapters.errors import ChannelError, ErrorScope
from shop.channels.adapters.tmall.parse import CHINA

# A method closed to an app that is not yet online stays closed for long; asking hourly costs nothing.
_NOT_ONLINE_WAIT = timedelta(hours=1)

_BAN = re.compile(r"last for (\d{1,6}) more second", re.IGNORECASE)
_CODE = re.compile(r"[0-9]{1,9}")
_LOGISTICS = re.compile(r"isv\.logistics-[a-z]+-service-error:([A-Z]+\d+)")

_BY_CODE: dict[int, type[ChannelError]] = {
    3: errors.Transient,
    9: errors.InvalidRequest,
    10: errors.Transient,
    11: errors.PermissionDenied,
    12: errors.PermissionDenied,
    13: errors.PermissionDenied,
    21: errors.InvalidRequest,
    22: errors.InvalidRequest,
    23: errors.InvalidRequest,
    24: errors.AuthMisconfigured,
    25: errors.AuthMisconfigured,
    26: errors.AuthExpired,
    27: errors.AuthExpired,
    28: errors.AuthMisconfigured,
    29: errors.AuthMisconfigured,
    30: errors.ClockSkew,
    31: errors.ClockSkew,
    32: errors.InvalidRequest,
    33: errors.InvalidRequest,
    34: errors.InvalidRequest,
    40: errors.InvalidRequest,
    41: errors.InvalidRequest,
    42: errors.PermissionDenied,
    43: errors.InvalidRequest,
}

_LIMIT_SCOPE = {
    4: ErrorScope.ACCOUNT,
    5: ErrorScope.ACCOUNT,
    6: ErrorScope.APP,
    7: ErrorScope.METHOD,
    8: ErrorScope.APP,
}

_LOGISTICS_CLASS: dict[str, type[ChannelError]] = {
    "B04": errors.AlreadyDone,
    "B02": errors.Stale,
    "B55": errors.Stale,
    "B150": errors.Transient,
    "S01": errors.Transient,
}

# Tried in order against the sub-code of a business refusal.
_BY_SUB_CODE: tuple[tuple[re.Pattern[str], type[ChannelError]], ...] = (
    (re.compile(r"(isv\.)?(invalid-sessionkey|session-expired)"), errors.AuthExpired),
    (re.compile(r"isv\.(item|sku)-(not-exist|is-delete)"), errors.ListingGone),
    # The item has SKUs where we thought it had none: read it again.
    (re.compile(r"isv\.item-quantity-item-update-service-error"), errors.Stale),
    (re.compile(r"isv\.(invalid-|no-|not-enough-)?permission"), errors.PermissionDenied),
    (re.compile(r"isv\..*(activity|campaign|lock)"), errors.Conflict),
    (re.compile(r"isv\."), errors.InvalidRequest),
)

# The lock of a sales activity has no code of its own in the public lists, only its text.
_ACTIVITY_TEXT = re.compile(r"活动.*(锁定|不能|不允许|无法)|locked by .*(activity|campaign)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What is known about the refused call: whether it writes, and when it was made (aware)."""

    writes: bool = True
    at: datetime | None = None


_NOTHING_KNOWN = CallFacts()


def _until_midnight_in_china(at: datetime | None) -> timedelta | None:
    if at is None:
        return None
    local = at.astimezone(CHINA)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1) - local


def _limit(code: int, sub_code: str, sub_msg: str, facts: CallFacts) -> tuple[timedelta | None, ErrorScope]:
    """How long to wait, as far as the platform says, and within what."""
    scope = _LIMIT_SCOPE.get(code, ErrorScope.METHOD)
    wait: timedelta | None = None
    if "limited-by-app-access-count" in sub_code:
        scope, wait = ErrorScope.APP, _until_midnight_in_china(facts.at)
    elif "limited-by-app-api-access-count" in sub_code:
        wait = _NOT_ONLINE_WAIT
    elif "limited-by-dynamic-access-count" in sub_code:
        scope = ErrorScope.APP
    elif ban := _BAN.search(sub_msg):
        wait = timedelta(seconds=int(ban.group(1)) + 1)
    return wait, scope


def _class_of(code: int, sub_code: str, sub_msg: str, *, writes: bool) -> type[ChannelError]:
    if code in _BY_CODE:
        return _BY_CODE[code]
    if code not in (15, 50) and not sub_code.startswith(("isp.", "isv.")):
        return errors.ContractViolation
    if sub_code.startswith("isp."):
        # No answer from the system behind the gateway: a write may have been done all the same.
        return errors.UnknownOutcome if writes and "timeout" in sub_code else errors.Transient
    if logistics := _LOGISTICS.match(sub_code):
        return _LOGISTICS_CLASS.get(logistics.group(1), errors.InvalidRequest)
    if _ACTIVITY_TEXT.search(sub_msg):
        return errors.Conflict
    return next((kind for pattern, kind in _BY_SUB_CODE if pattern.match(sub_code)), errors.ContractViolation)


def classify_error(
    code: int,
    sub_code: str = "",
    sub_msg: str = "",
    *,
    msg: str = "",
    request_id: str = "",
    facts: CallFacts = _NOTHING_KNOWN,
) -> ChannelError:
    """The error to raise for a refusal; without facts it is taken for a write, the more careful reading."""
    if code in _LIMIT_SCOPE or sub_code.startswith(("accesscontrol.limited-by", "isp.call-limited")):
        wait, scope = _limit(code, sub_code, sub_msg, facts)
        return errors.RateLimited(
            "The platform limits our calls.",
            code=str(code),
            sub_code=sub_code,
            request_id=request_id,
            retry_after=wait,
            scope=scope,
        )
    kind = _class_of(code, sub_code, sub_msg, writes=facts.writes)
    message = f"The platform refused: {sub_msg or msg or 'no reason given'}"
    return kind(message, code=str(code), sub_code=sub_code, request_id=request_id)


def error_in(document: dict[str, Any], *, facts: CallFacts) -> ChannelError | None:
    """The error an answer carries, or None when it carries none."""
    body = document.get("error_response")
    if body is None:
        return None
    if not isinstance(body, dict) or not _CODE.fullmatch(str(body.get("code", ""))):
        return errors.ContractViolation("The platform refused in a form that cannot be read.")
    return classify_error(
        int(body["code"]),
        str(body.get("sub_code") or ""),
        str(body.get("sub_msg") or ""),
        msg=str(body.get("msg") or ""),
        request_id=str(body.get("request_id") or ""),
        facts=facts,
    )
