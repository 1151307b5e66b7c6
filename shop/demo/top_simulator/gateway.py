"""The gateway's door: the common checks in a fixed order, then the method, then one log row per call."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from shop.demo.top_simulator import envelope, signature
from shop.demo.top_simulator.answers import Answer, Call
from shop.demo.top_simulator.clock import Clock, from_wire
from shop.demo.top_simulator.contract import COMMON_PARAMETERS, CONTRACTS, check_arguments
from shop.demo.top_simulator.envelope import TopError
from shop.demo.top_simulator.faults import Fault, Weather
from shop.demo.top_simulator.item_methods import ITEM_METHODS
from shop.demo.top_simulator.stock_methods import STOCK_METHODS
from shop.demo.top_simulator.store import Store
from shop.demo.top_simulator.trade_methods import TRADE_METHODS

ANSWERS: dict[str, Answer] = {**ITEM_METHODS, **STOCK_METHODS, **TRADE_METHODS}
WIDEST_CLOCK_ERROR = timedelta(minutes=10)
LONGEST_LOGGED_VALUE = 500


def redacted(session: str) -> str:
    """Enough of a token to tell two apart, not enough to use it."""
    if not session:
        return ""
    return f"{session[:2]}***" if len(session) > 6 else "***"


@dataclass(frozen=True)
class Gateway:
    """One application's view of the platform: its key, secret and the seller's token."""

    store: Store
    weather: Weather
    app_key: str
    app_secret: str
    session: str
    now: Clock

    def handle(self, request: Request) -> Response:
        """Answer one call. The HTTP status is 200 for refusals too; only a switched-on 503 differs."""
        try:
            params = request.values.to_dict()
        except HTTPException:
            return self._respond(envelope.failure(TopError(41, "isv.invalid-parameter", "The body cannot be read.")))
        method = params.get("method", "")
        sign_ok = signature.is_genuine(params, secret=self.app_secret.encode())
        fault = Fault()
        code, sub_code = 0, ""
        try:
            self._check_common(request.method, params, sign_ok=sign_ok)
            self.weather.admit(method, now=self.now())
            fault = self.weather.next_fault(method)
            text = self._run(method, params, fault)
        except TopError as error:
            code, sub_code = error.code, error.sub_code
            text = envelope.failure(error)
        self.store.log_call(
            http_method=request.method,
            method=method[:100],
            sign_ok=sign_ok,
            session=redacted(params.get("session", "")),
            params={
                name[:100]: value[:LONGEST_LOGGED_VALUE]
                for name, value in params.items()
                if name not in COMMON_PARAMETERS
            },
            code=code,
            sub_code=sub_code,
        )
        if fault.http_503:
            return Response("Service Unavailable", status=503, mimetype="text/plain")
        return self._respond(text[: len(text) // 2] if fault.malformed else text)

    @staticmethod
    def _respond(text: str) -> Response:
        return Response(text, mimetype="application/json", headers={"Cache-Control": "no-store"})

    def _check_common(self, verb: str, params: Mapping[str, str], *, sign_ok: bool) -> None:
        method = params.get("method", "")
        if not method:
            raise TopError(21, "isv.missing-method")
        contract = CONTRACTS.get(method)
        if contract is None:
            raise TopError(22, "isv.invalid-method", "There is no such method.")
        if verb not in {"GET", "POST"} or (verb == "GET" and contract.writes):
            raise TopError(9, "isv.http-action-not-allowed")
        if params.get("format", "xml") != "json":
            raise TopError(23, "isv.invalid-format", "Ask for format=json.")
        if "v" not in params:
            raise TopError(32, "isv.missing-version")
        if params["v"] != "2.0":
            raise TopError(33, "isv.invalid-version", "Only version 2.0 is served.")
        if "app_key" not in params:
            raise TopError(28, "isv.missing-app-key")
        if params["app_key"] != self.app_key:
            raise TopError(29, "isv.appkey-not-exists")
        self._check_clock(method, params.get("timestamp", ""))
        if not params.get("sign") or not params.get("sign_method"):
            raise TopError(24, "isv.missing-signature")
        if not sign_ok:
            raise TopError(25, "isv.sign-check-failure")
        if contract.needs_session:
            self._check_session(params.get("session", ""))

    def _check_clock(self, method: str, stamp: str) -> None:
        if not stamp:
            raise TopError(30, "isv.missing-timestamp")
        try:
            sent = from_wire(stamp)
        except ValueError:
            raise TopError(31, "isv.invalid-timestamp", "The form is yyyy-MM-dd HH:mm:ss in GMT+8.") from None
        # A client whose clock is wrong must be able to ask for the time.
        if method != "taobao.time.get" and abs(self.now() - sent) > WIDEST_CLOCK_ERROR:
            raise TopError(31, "isv.invalid-timestamp", "The timestamp is more than 10 minutes off.")

    def _check_session(self, session: str) -> None:
        if not session:
            raise TopError(26, "missing-session")
        if session != self.session:
            raise TopError(27, "invalid-sessionkey")

    def _run(self, method: str, params: Mapping[str, str], fault: Fault) -> str:
        if fault.ban_seconds is not None:
            self.weather.ban(method, seconds=fault.ban_seconds, now=self.now())
            self.weather.admit(method, now=self.now())
        if fault.session_revoked:
            raise TopError(27, "session-expired")
        if fault.read_only_session and CONTRACTS[method].writes:
            raise TopError(12, "isv.permission-api-write", "The token may still read, and no longer write.")
        if fault.error_10:
            raise TopError(10, "isp.service-unavailable")
        if fault.timeout_before is not None:
            self._hold(fault.timeout_before)
            raise TopError(15, "isp.remote-service-timeout")
        arguments = check_arguments(method, params)
        payload = ANSWERS[method](Call(arguments=arguments, store=self.store, now=self.now))
        if fault.timeout_after is not None:
            self._hold(fault.timeout_after)
            raise TopError(15, "isp.remote-service-timeout")
        return envelope.success(method, payload, simplify=params.get("simplify") == "true")

    @staticmethod
    def _hold(seconds: float) -> None:
        threading.Event().wait(seconds)
