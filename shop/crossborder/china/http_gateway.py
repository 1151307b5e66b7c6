"""The gateway over HTTP: a broker's or the simulator's address, explicit time-outs, bounded answers.

``POST /messages`` (XML) → 202; ``GET /replies?limit=n`` → ``{"replies": [{"id", "message"}]}``;
``POST /replies/acknowledge`` ``{"ids": [...]}`` → 204. A refusal is 4xx with ``{"code", "message"}``.
"""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx

from shop.crossborder.china.gateway import CustomsError, Envelope, NotTaken, Unavailable

TIMEOUT = httpx.Timeout(8.0, connect=3.0)
LARGEST_ANSWER = 4 * 1024 * 1024  # bytes


class HttpGateway:
    """Messages and replies at ``url``; ``token`` is sent as a bearer token when there is one."""

    def __init__(self, *, url: str, token: str = "", client: httpx.Client | None = None) -> None:
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            raise ValueError("The address of customs must be an http or https URL.")
        self._url = url.rstrip("/")
        self._headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._client = client or httpx.Client(timeout=TIMEOUT, follow_redirects=False)

    def submit_order(self, message: bytes) -> None:
        """Hand over CEB311."""
        self._submit(message)

    def submit_payment(self, message: bytes) -> None:
        """Hand over CEB411."""
        self._submit(message)

    def submit_logistics(self, message: bytes) -> None:
        """Hand over CEB511."""
        self._submit(message)

    def poll(self, limit: int) -> Sequence[Envelope]:
        """Return the oldest replies that are not acknowledged."""
        body = self._ask("GET", "/replies", params={"limit": str(limit)})
        try:
            found = json.loads(body)["replies"]
            return [Envelope(id=str(one["id"]), message=one["message"].encode()) for one in found]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Unavailable("The gateway's list of replies cannot be read.") from None

    def acknowledge(self, ids: Sequence[str]) -> None:
        """Take replies off the queue."""
        if ids:
            self._ask("POST", "/replies/acknowledge", json={"ids": list(ids)})

    def _submit(self, message: bytes) -> None:
        self._ask("POST", "/messages", content=message, headers={"Content-Type": "application/xml; charset=utf-8"})

    def _ask(self, method: str, path: str, **sent: Any) -> bytes:
        headers = self._headers | sent.pop("headers", {})
        body = bytearray()
        try:
            with self._client.stream(method, f"{self._url}{path}", headers=headers, timeout=TIMEOUT, **sent) as answer:
                for chunk in answer.iter_bytes():
                    body += chunk
                    if len(body) > LARGEST_ANSWER:
                        raise Unavailable("The gateway's answer is larger than 4 MB.")
        except httpx.TimeoutException:
            raise Unavailable("The gateway did not answer in time.") from None
        except httpx.TransportError as error:
            raise Unavailable(f"The gateway cannot be reached ({type(error).__name__}).") from None
        if answer.is_success:
            return bytes(body)
        raise _refusal(answer.status_code, bytes(body))


def _refusal(status: int, body: bytes) -> CustomsError:
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status in {
        httpx.codes.TOO_MANY_REQUESTS,
        httpx.codes.REQUEST_TIMEOUT,
        httpx.codes.UNAUTHORIZED,
        httpx.codes.FORBIDDEN,
        httpx.codes.NOT_FOUND,
    }:
        # A wrong address or token is ours to mend, not the document's fault: it goes on when it is mended.
        return Unavailable(f"The gateway answered HTTP {status}.")
    try:
        said = json.loads(body)
        return NotTaken(str(said["code"])[:20], str(said["message"])[:2000])
    except (ValueError, KeyError, TypeError):
        return NotTaken(f"HTTP {status}", f"The gateway refused the message with HTTP {status}.")
