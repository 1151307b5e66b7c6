"""What every answer looks like: success key, list wrappers, error body."""

import json
import secrets
import string
from collections.abc import Iterable, Mapping
from typing import Any

# Platform messages by code; business failures (15, 50) share one text and speak through the sub-code.
MESSAGES = {
    7: "App Call Limited",
    9: "Http Action Not Allowed",
    10: "Service Currently Unavailable",
    12: "Insufficient User Permissions",
    15: "Remote service error",
    21: "Missing Method",
    22: "Invalid Method",
    23: "Invalid Format",
    24: "Missing Signature",
    25: "Invalid Signature",
    26: "Missing Session",
    27: "Invalid Session",
    28: "Missing App Key",
    29: "Invalid App Key",
    30: "Missing Timestamp",
    31: "Invalid Timestamp",
    32: "Missing Version",
    33: "Invalid Version",
    40: "Missing Required Arguments",
    41: "Invalid Arguments",
    50: "Remote service error",
}


class TopError(Exception):
    """A refusal the gateway answers with HTTP 200 and an `error_response` body."""

    def __init__(self, code: int, sub_code: str = "", sub_msg: str = "") -> None:
        super().__init__(f"{code} {sub_code}: {sub_msg}")
        self.code = code
        self.sub_code = sub_code
        self.sub_msg = sub_msg


class Rows(list[Any]):
    """A list on the wire: wrapped once in an object whose one key is the element's type name in snake case."""

    def __init__(self, inner: str, rows: Iterable[Any]) -> None:
        super().__init__(rows)
        self.inner = inner


def request_id() -> str:
    """A fresh opaque id, thirteen lower-case letters and digits."""
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(13))


def response_key(method: str) -> str:
    """The success key of a method: only the `taobao.` prefix is dropped, other families keep theirs."""
    return method.removeprefix("taobao.").replace(".", "_") + "_response"


def _plain(value: Any, *, simplify: bool) -> Any:
    if isinstance(value, Rows):
        rows = [_plain(row, simplify=simplify) for row in value]
        return rows if simplify else {value.inner: rows}
    if isinstance(value, Mapping):
        # An empty list is not an empty array on this platform: the key is absent.
        kept = {key: item for key, item in value.items() if not (isinstance(item, Rows) and not item)}
        return {key: _plain(item, simplify=simplify) for key, item in kept.items() if item is not None}
    return value


def success(method: str, payload: Mapping[str, Any], *, simplify: bool = False) -> str:
    """The JSON text of a successful answer. `payload` may hold `Rows`; None values and empty lists disappear."""
    body = {**_plain(payload, simplify=simplify), "request_id": request_id()}
    return json.dumps({response_key(method): body}, ensure_ascii=False, separators=(",", ":"))


def failure(error: TopError) -> str:
    """The JSON text of a refusal."""
    body: dict[str, Any] = {"code": error.code, "msg": MESSAGES[error.code]}
    if error.sub_code:
        body["sub_code"] = error.sub_code
    if error.sub_msg:
        body["sub_msg"] = error.sub_msg
    body["request_id"] = request_id()
    return json.dumps({"error_response": body}, ensure_ascii=False, separators=(",", ":"))
