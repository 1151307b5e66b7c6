"""The control API under `/__control__`: how a test or a demo plays the buyers and the platform's operators."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from shop.demo.top_simulator.faults import Weather
from shop.demo.top_simulator.refusal import Refused
from shop.demo.top_simulator.store import Store

PREFIX = "/__control__/"
MOST_CALLS = 1_000
_TRADE_ROUTE = re.compile(r"orders/([0-9]{1,18}[0-9]?)/(pay|close|status)")


def refuse_other_origins(request: Request) -> None:
    """A page of another site may not drive the simulator through a person's browser. Raises Refused 403."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Refused("Requests from other origins are refused.", status=403)


def _body(request: Request) -> Any:
    if request.mimetype != "application/json":
        raise Refused("Send application/json.", status=415)
    try:
        body = request.get_json()
        # Half a surrogate pair is legal in JSON and cannot be stored.
        json.dumps(body, ensure_ascii=False).encode()
    except (HTTPException, RecursionError, UnicodeEncodeError):
        raise Refused("The body is not JSON.") from None
    return body


def _whole_number(request: Request, name: str, default: int, most: int) -> int:
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit() and int(text) <= most):
        raise Refused(f"{name} is a whole number up to {most}.")
    return int(text)


class Control:
    """Answers of the control API; every refusal is `{"error": sentence}`."""

    def __init__(self, *, store: Store, weather: Weather) -> None:
        self._store = store
        self._weather = weather
        self._routes: dict[tuple[str, str], Callable[[Request], tuple[Any, int]]] = {
            ("GET", "state"): lambda _: (self._store.state(), 200),
            ("PUT", "items"): self._put_items,
            ("POST", "orders"): lambda request: (self._store.place_order(_body(request)), 201),
            ("GET", "faults"): lambda _: (self._weather.describe(), 200),
            ("POST", "faults"): lambda request: (self._weather.switch(_body(request)), 200),
            ("GET", "switches"): lambda _: (self._weather.described(), 200),
            ("POST", "switches"): lambda request: (self._weather.switch_some(_body(request)), 200),
            ("POST", "switches/off"): self._all_off,
            ("GET", "calls"): self._calls,
            ("POST", "reset"): self._reset,
        }

    def handle(self, request: Request) -> Response:
        """Answer one control request as JSON."""
        try:
            refuse_other_origins(request)
            answer, status = self._route(request)
        except Refused as refusal:
            answer, status = {"error": refusal.sentence}, refusal.status
        return Response(json.dumps(answer, ensure_ascii=False), status=status, mimetype="application/json")

    def _route(self, request: Request) -> tuple[Any, int]:
        path = request.path.removeprefix(PREFIX).rstrip("/")
        handler = self._routes.get((request.method, path))
        if handler is not None:
            return handler(request)
        on_trade = _TRADE_ROUTE.fullmatch(path)
        if request.method == "POST" and on_trade is not None:
            return self._move_trade(request, int(on_trade[1]), on_trade[2]), 200
        raise Refused("There is no such control.", status=404)

    def _put_items(self, request: Request) -> tuple[Any, int]:
        body = _body(request)
        entries = body.get("items") if isinstance(body, dict) else body
        if not isinstance(entries, list):
            raise Refused("Send a list of items.")
        keep = request.args.get("keep_quantity") in {"1", "true"}
        return {"items": self._store.put_items(entries, keep_quantity=keep)}, 200

    def _move_trade(self, request: Request, tid: int, verb: str) -> dict[str, Any]:
        if verb == "pay":
            return self._store.pay(tid)
        body = _body(request) if request.content_length else {}
        if not isinstance(body, dict):
            raise Refused("Send an object.")
        if verb == "close":
            return self._store.close(tid, reason=str(body.get("reason") or "买家不想买了"))
        if not body.get("status"):
            raise Refused("status is missing.")
        return self._store.set_status(tid, status=str(body["status"]))

    def _calls(self, request: Request) -> tuple[Any, int]:
        found = self._store.calls(
            method=request.args.get("method", ""),
            after=_whole_number(request, "after", 0, 2**62),
            limit=_whole_number(request, "limit", 200, MOST_CALLS),
        )
        return {"calls": found}, 200

    def _all_off(self, _: Request) -> tuple[Any, int]:
        self._weather.switch({})
        return self._weather.described(), 200

    def _reset(self, _: Request) -> tuple[Any, int]:
        self._store.reset()
        self._weather.switch({})
        return {"reset": True}, 200
