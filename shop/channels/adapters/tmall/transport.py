"""One signed call to the TOP gateway: time stamp, signature, time-outs, size limit, errors."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from shop.channels.adapters.errors import (
    ChannelError,
    ClockSkew,
    ContractViolation,
    RateLimited,
    Transient,
    UnknownOutcome,
)
from shop.channels.adapters.tmall.classify import CallFacts, error_in
from shop.channels.adapters.tmall.parse import compact_json, decode, moment, open_envelope, stamp
from shop.channels.adapters.tmall.signing import SignMethod, sign

MAX_RESPONSE_BYTES = 8 * 1024 * 1024
TOTAL_SECONDS = 20.0
_TIMEOUT = httpx.Timeout(10.0, connect=3.0)
_FORM = "application/x-www-form-urlencoded; charset=utf-8"

Value = str | int | bool | Mapping[str, Any] | list[Any]


def wall_clock() -> datetime:
    return datetime.now(UTC)


def _as_text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    return compact_json(value)


class TopTransport:
    """Calls methods of the gateway for one app and one seller.

    `now` gives the aware current time; the platform's own clock is asked only when it refuses our stamp. `monotonic`
    bounds the whole time of one call: to TOTAL_SECONDS plus at most one read time-out.
    """

    def __init__(
        self,
        *,
        gateway_url: str,
        app_key: str,
        app_secret: str,
        session: str,
        client: httpx.Client | None = None,
        now: Callable[[], datetime] = wall_clock,
        sign_method: SignMethod = SignMethod.HMAC_SHA256,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if urlsplit(gateway_url).scheme not in ("http", "https") or not urlsplit(gateway_url).hostname:
            raise ValueError("The gateway address must be an http or https URL.")
        if not (app_key and app_secret and session):
            raise ValueError("App key, app secret and session are all needed.")
        self._gateway_url = gateway_url
        self._app_key = app_key
        self._app_secret = app_secret
        self._session = session
        self._client = client or httpx.Client(timeout=_TIMEOUT, follow_redirects=False)
        self._now = now
        self._monotonic = monotonic
        self._sign_method = sign_method
        self._offset = timedelta(0)

    @property
    def clock_offset(self) -> timedelta:
        """How far the platform's clock runs ahead of ours, as far as it was ever asked."""
        return self._offset

    def platform_now(self) -> datetime:
        return self._now() + self._offset

    def build_form(self, method: str, params: Mapping[str, Value | None]) -> dict[str, str]:
        """The signed form of one call; parameters that are None or empty are left out."""
        form = {
            "app_key": self._app_key,
            "session": self._session,
            "timestamp": stamp(self.platform_now()),
            "format": "json",
            "v": "2.0",
            "sign_method": self._sign_method.value,
            "method": method,
        }
        for key, value in params.items():
            if value is not None and (written := _as_text(value)):
                form[key] = written
        form["sign"] = sign(form, secret=self._app_secret, method=self._sign_method)
        return form

    def call(self, method: str, params: Mapping[str, Value | None] | None = None, *, writes: bool) -> dict[str, Any]:
        """The record in a success answer.

        Raises a ChannelError; for a call that `writes`, UnknownOutcome whenever it may have been carried out. A
        refused time stamp is mended once by asking the platform for its time.
        """
        try:
            return self._call_once(method, params or {}, writes=writes)
        except ClockSkew:
            self.resync_clock()
            return self._call_once(method, params or {}, writes=writes)

    def resync_clock(self) -> timedelta:
        """Ask the platform for its time, keep the difference and return it."""
        body = self._call_once("taobao.time.get", {}, writes=False)
        self._offset = moment(body, "time") - self._now()
        return self._offset

    def _call_once(self, method: str, params: Mapping[str, Value | None], *, writes: bool) -> dict[str, Any]:
        document = decode(self._post(self.build_form(method, params), writes=writes))
        error = error_in(document, facts=CallFacts(writes=writes, at=self.platform_now()))
        if error is not None:
            raise error
        return open_envelope(document, method)

    def _post(self, form: Mapping[str, str], *, writes: bool) -> bytes:
        deadline = self._monotonic() + TOTAL_SECONDS
        # Uncompressed answers only, so that the size limit counts what really arrives.
        headers = {"Content-Type": _FORM, "Accept": "application/json", "Accept-Encoding": "identity"}
        content = urlencode(form).encode("ascii")
        try:
            with self._client.stream(
                "POST", self._gateway_url, content=content, headers=headers, timeout=_TIMEOUT, follow_redirects=False
            ) as response:
                _check_status(response, writes=writes)
                return self._read(response, deadline, writes=writes)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            raise Transient("The platform cannot be reached.") from error
        except httpx.TimeoutException as error:
            raise _no_answer("The platform did not answer in time.", writes=writes) from error
        except httpx.TransportError as error:
            raise _no_answer("The connection broke before the platform's answer.", writes=writes) from error
        except httpx.DecodingError as error:
            raise ContractViolation("The platform's answer cannot be decompressed.") from error

    def _read(self, response: httpx.Response, deadline: float, *, writes: bool) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MAX_RESPONSE_BYTES:
                raise ContractViolation("The platform's answer is larger than 8 MB.")
            if self._monotonic() > deadline:
                raise _no_answer("The platform's answer took too long.", writes=writes)
        return bytes(body)


def _no_answer(message: str, *, writes: bool) -> ChannelError:
    return UnknownOutcome(message) if writes else Transient(message)


def _check_status(response: httpx.Response, *, writes: bool) -> None:
    """The gateway answers 200 even to refusals; anything else comes from something in between."""
    status = response.status_code
    if status == httpx.codes.OK:
        return
    if status == httpx.codes.TOO_MANY_REQUESTS:
        raise RateLimited("The gateway limits our calls.", code=f"HTTP {status}")
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        if writes:
            raise UnknownOutcome("The gateway failed while it held our request.", code=f"HTTP {status}")
        raise Transient("The gateway failed.", code=f"HTTP {status}")
    raise ContractViolation("The gateway answered with an unexpected HTTP status.", code=f"HTTP {status}")
