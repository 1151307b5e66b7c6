"""The WSGI application: messages in, replies out, a control door under `/__control__/`, and a page for people."""

import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from shop.demo.customs_simulator import message, page
from shop.demo.customs_simulator.books import Books
from shop.demo.customs_simulator.clock import Clock, beijing_now
from shop.demo.customs_simulator.faults import Faults
from shop.demo.customs_simulator.refusal import Refused
from shop.demo.switchboard import Kept

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

LARGEST_BODY = 1024 * 1024
MOST_REPLIES = 500
LONGEST_DELAY = 86_400
# The page runs no script and loads nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


class _BoundedRequest(Request):
    """A request whose body has an end."""

    max_content_length = LARGEST_BODY


def _json(answer: Any, status: int = 200) -> Response:
    return Response(json.dumps(answer, ensure_ascii=False), status=status, mimetype="application/json")


def _body(request: Request) -> Any:
    if request.mimetype != "application/json":
        raise Refused("Send application/json.", status=415)
    try:
        return request.get_json()
    except (HTTPException, RecursionError):
        raise Refused("The body is not JSON.") from None


class _Application:
    def __init__(self, *, books: Books, faults: Faults, token: str) -> None:
        self._books = books
        self._faults = faults
        self._token = token
        self._routes = {
            ("POST", "/messages"): self._take,
            ("GET", "/replies"): self._replies,
            ("POST", "/replies/acknowledge"): self._acknowledge,
            ("GET", "/__control__/state"): lambda _: _json({"documents": books.state()}),
            ("POST", "/__control__/faults"): lambda request: _json(faults.switch(_body(request))),
            ("GET", "/__control__/faults"): lambda _: _json(faults.describe()),
            ("GET", "/__control__/switches"): lambda _: _json(faults.described()),
            ("POST", "/__control__/switches"): lambda request: _json(faults.switch_some(_body(request))),
            ("POST", "/__control__/switches/off"): self._all_off,
            ("POST", "/__control__/delay"): self._delay,
            ("POST", "/__control__/reset"): self._reset,
        }

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return self._answer(_BoundedRequest(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path in {"", "/"} and request.method in {"GET", "HEAD"}:
            text = page.render(self._books.state(60), faults=self._faults.describe(), delay=self._books.delay)
            headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
            return Response(text, mimetype="text/html", headers=headers)
        handler = self._routes.get((request.method, request.path))
        if handler is None:
            return _json({"code": "unknown", "message": "There is no such address."}, 404)
        try:
            self._admit(request)
            return handler(request)
        except Refused as refusal:
            return _json({"code": refusal.code, "message": refusal.sentence}, refusal.status)
        except HTTPException:
            return _json({"code": "request", "message": "The request cannot be read."}, 400)

    def _admit(self, request: Request) -> None:
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise Refused("Requests from other origins are refused.", status=403)
        control = request.path.startswith("/__control__/")
        if self._token and not control and request.headers.get("Authorization") != f"Bearer {self._token}":
            raise Refused("The token is not known.", status=401)

    def _take(self, request: Request) -> Response:
        found = message.read(request.get_data())
        fault = self._faults.next_for(found.kind)
        if fault.get("http_500"):
            return _json({"code": "busy", "message": "系统异常，请稍后重试"}, 500)
        self._books.take(found, fault)
        if fault.get("timeout"):
            time.sleep(float(fault["timeout"]))
        return _json({"received": found.guid}, 202)

    def _replies(self, request: Request) -> Response:
        text = request.args.get("limit", "100")
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_REPLIES):
            raise Refused(f"limit is a number from 1 to {MOST_REPLIES}.")
        return _json({"replies": self._books.replies(int(text))})

    def _acknowledge(self, request: Request) -> Response:
        ids = (_body(request) or {}).get("ids")
        if not isinstance(ids, list) or not all(isinstance(one, str) and one.isdigit() for one in ids):
            raise Refused("ids is a list of ids.")
        self._books.acknowledge([int(one) for one in ids])
        return Response(status=204)

    def _delay(self, request: Request) -> Response:
        seconds = (_body(request) or {}).get("seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= LONGEST_DELAY:
            raise Refused(f"seconds is a number from 0 to {LONGEST_DELAY}.")
        self._books.delay = float(seconds)
        return _json({"delay": self._books.delay})

    def _all_off(self, _request: Request) -> Response:
        self._faults.switch({})
        return _json(self._faults.described())

    def _reset(self, _request: Request) -> Response:
        self._books.reset()
        self._faults.switch({})
        return _json({"reset": True})


def create_app(
    *,
    state: Path,
    registered: Iterable[str] = (),
    delay: float = 10,
    token: str = "",
    now: Clock = beijing_now,
) -> "WSGIApplication":
    """The simulator as a WSGI application, with its books in the folder `state`.

    ``registered`` are the companies customs knows (none: it knows all); ``delay`` is how many seconds customs takes;
    with a ``token`` messages and replies need it. ``now`` is customs' clock (aware).
    """
    books = Books(state, registered=frozenset(registered), delay=delay, now=now)
    return _Application(books=books, faults=Faults(Kept(state / "customs-faults.json")), token=token)
