"""The control pages under ``/_control/``: what a person or a test sees and switches."""

import json
import re
import sqlite3
from collections.abc import Callable
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from shop.demo.stripe_simulator import (
    books,
    control_page,
    courier,
    dashboard,
    deliveries,
    events,
    faults,
    look,
    origins,
    sessions,
)
from shop.demo.stripe_simulator.books import Books, Step

PREFIX = "/_control"
SHOWN, TOLD, LATEST = 50, 1_000, 20
DONE = {
    "sent": "The event will be sent again.",
    "expired": "The session has expired.",
    "faults": "The faults are set.",
    "off": "All faults are off.",
}
_ON_EVENT = re.compile(r"/events/(evt_[A-Za-z0-9]+)/send")
_ON_SESSION = re.compile(r"/sessions/(cs_test_[A-Za-z0-9]+)/expire")


# What is told as JSON beside the whole state; the newest deliveries only, for a page that looks often.
_TOLD: dict[str, Callable[[sqlite3.Connection], dict[str, Any]]] = {
    "/faults": faults.read,
    "/switches": lambda connection: faults.described(faults.read(connection)),
    "/deliveries": lambda connection: {"deliveries": deliveries.latest(connection, limit=LATEST)},
}


class _Unknown(Exception):
    """No such thing; one sentence."""


class Control:
    """Answers HTML to browsers and JSON to whoever sends or asks for JSON."""

    def __init__(self, *, store: Books, webhook: str, clock: Callable[[], float], wake: Callable[[], None]) -> None:
        self._books = store
        self._webhook = webhook
        self._clock = clock
        self._wake = wake

    def handle(self, request: Request) -> Response:
        """Answer one control request."""
        path = request.path.removeprefix(PREFIX).rstrip("/")
        if request.method in {"GET", "HEAD"}:
            return self._read(request, path)
        if request.method != "POST":
            return _json({"error": "Only GET and POST work here."}, status=405)
        if origins.foreign(request):
            return _json({"error": "Requests from other sites are refused."}, status=403)
        return self._write(request, path)

    def _write(self, request: Request, path: str) -> Response:
        machine = request.mimetype == "application/json" or request.accept_mimetypes.best == "application/json"
        try:
            done, answer = self._act(request, path)
        except (faults.WrongFault, dashboard.WrongMove, _Unknown) as refusal:
            status = 404 if isinstance(refusal, _Unknown) else 400
            if machine:
                return _json({"error": str(refusal)}, status=status)
            return self._page(request, problem=str(refusal), status=status)
        self._wake()
        if machine:
            return _json(answer)
        return redirect(f"{request.script_root}{PREFIX}/?done={done}", code=303)

    def _read(self, request: Request, path: str) -> Response:
        if path == "":
            return self._page(request, notice=(DONE | dashboard.DONE).get(request.args.get("done", ""), ""))
        if path == "/state":
            return _json(self._state(limit=TOLD))
        if path in _TOLD:
            with self._books.transaction() as connection:
                return _json(_TOLD[path](connection))
        return _json({"error": "There is no such control."}, status=404)

    def _state(self, *, limit: int) -> dict[str, Any]:
        """The newest objects of each kind, newest first."""
        with self._books.transaction() as connection:
            step = self._step(connection)

            def newest(kind: str) -> list[books.Body]:
                return books.page(step, kind, limit=limit)[0]

            return {
                "sessions": newest(sessions.KIND),
                "payment_intents": newest("payment_intent"),
                "charges": newest("charge"),
                "refunds": newest("refund"),
                **dashboard.state(newest),
                "events": [events.shown(step, event) for event in newest("event")],
                "sendings": events.sendings(connection),
                "deliveries": courier.attempts(connection, limit=limit),
                "faults": faults.read(connection),
            }

    def _step(self, connection: sqlite3.Connection) -> Step:
        step = Step(connection, int(self._clock()))
        sessions.expire_due(step)
        return step

    def _page(self, request: Request, *, notice: str = "", problem: str = "", status: int = 200) -> Response:
        text = control_page.render(
            self._state(limit=SHOWN), root=request.script_root, webhook=self._webhook, notice=notice, problem=problem
        )
        return Response(text, status=status, mimetype="text/html", headers=look.headers())

    def _act(self, request: Request, path: str) -> tuple[str, dict[str, Any]]:
        wanted = _faults_of(request) if path in {"/faults", "/switches"} else None
        on_event, on_session = _ON_EVENT.fullmatch(path), _ON_SESSION.fullmatch(path)
        with self._books.transaction() as connection:
            step = self._step(connection)
            if path == "/faults":
                return "faults", faults.switch(connection, wanted)
            if path == "/switches":
                return "faults", faults.described(faults.switch(connection, wanted))
            if path == "/switches/off":
                return "off", faults.described(faults.all_off(connection))
            if on_event:
                event = books.find(step, "event", on_event[1])
                if event is None:
                    raise _Unknown(f"There is no event {on_event[1]}.")
                events.plan(connection, on_event[1], due=self._clock())
                return "sent", events.shown(step, event.body)
            if on_session:
                session = books.find(step, sessions.KIND, on_session[1])
                if session is None or session.body["status"] != "open":
                    raise _Unknown(f"There is no open session {on_session[1]}.")
                return "expired", sessions.expire(step, session.body)
            pressed = dashboard.act(step, path, request.form)
            if pressed:
                return pressed
        raise _Unknown("There is no such control.")


def _faults_of(request: Request) -> Any:
    """The faults that a form or a JSON body asks for. :raises WrongFault: it cannot be read."""
    try:
        if request.mimetype == "application/json":
            return request.get_json()
        return {name: int(value) for name, value in request.form.items() if value}
    except (HTTPException, ValueError, RecursionError):
        raise faults.WrongFault("The faults cannot be read: send whole numbers.") from None


def _json(answer: Any, *, status: int = 200) -> Response:
    return Response(
        json.dumps(answer, ensure_ascii=False), status=status, mimetype="application/json",
        headers={"Cache-Control": "no-store"},
    )  # fmt: skip
