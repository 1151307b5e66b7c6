"""What the hosted payment page does: show a session, take a choice once, send the customer on."""

import sqlite3
from collections.abc import Callable

from werkzeug.exceptions import HTTPException
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from shop.demo.stripe_simulator import books, look, origins, pay_page, sessions, words
from shop.demo.stripe_simulator.books import Body, Books, Step
from shop.demo.stripe_simulator.parameters import email as check_email
from shop.demo.stripe_simulator.refusals import ApiError
from shop.demo.stripe_simulator.words import Words

CHOICES = {**{method: (method, True) for method in sessions.METHODS}, "decline": ("card", False)}


class Hosted:
    """The pages under ``/pay/<session>``."""

    def __init__(self, *, store: Books, shop: str, clock: Callable[[], float], wake: Callable[[], None]) -> None:
        self._books = store
        self._shop = shop
        self._clock = clock
        self._wake = wake

    def handle(self, request: Request, name: str) -> Response:
        """Answer one request of a person's browser."""
        if request.method == "POST":
            return self._choose(request, name)
        if request.method in {"GET", "HEAD"}:
            with self._books.transaction() as connection:
                return self._show(self._step(connection), request, name)
        return Response(
            "Only GET and POST work here.", status=405, mimetype="text/plain", headers={"Allow": "GET, POST"}
        )

    def _step(self, connection: sqlite3.Connection) -> Step:
        step = Step(connection, int(self._clock()))
        sessions.expire_due(step)
        return step

    def _choose(self, request: Request, name: str) -> Response:
        if origins.foreign(request):
            return Response("Requests from other sites are refused.", status=403, mimetype="text/plain")
        try:
            chosen, email = request.form.get("choice", ""), request.form.get("email", "").strip()
        except HTTPException:
            chosen = email = ""
        if chosen not in CHOICES:
            return Response("Choose one of the buttons of the page.", status=400, mimetype="text/plain")
        with self._books.transaction() as connection:
            step = self._step(connection)
            found = books.find(step, sessions.KIND, name)
            if found is None or found.body["status"] == "expired":
                return self._show(step, request, name)
            if email and not _good(email):
                return self._show(step, request, name, wrong_email=email)
            method, pays = CHOICES[chosen]
            if not pays:
                method = found.body["payment_method_types"][0]
            after = sessions.attempt(step, found, sessions.Choice(method=method, pays=pays, email=email or None))
        self._wake()
        if after["status"] == "complete":
            target = sessions.success_address(after)
            return _go(target, goes_to=target)
        return _go(f"{request.script_root}/pay/{name}")

    def _show(self, step: Step, request: Request, name: str, *, wrong_email: str = "") -> Response:
        found = books.find(step, sessions.KIND, name)
        if found is None:
            said = words.of_locale("auto", request.accept_languages)
            return _html(pay_page.missing_page(said), status=404)
        session = found.body
        said = words.of_locale(session["locale"], request.accept_languages)
        lines = found.hidden["lines"]
        if session["status"] != "open":
            return _html(pay_page.closed_page(session, lines, said, shop=self._shop))
        problem = self._problem(step, session, said, wrong_email)
        text = pay_page.open_page(
            session, lines, said, shop=self._shop, action=f"{request.script_root}/pay/{name}", problem=problem,
            email=wrong_email,
        )  # fmt: skip
        return _html(text, status=422 if wrong_email else 200, goes_to=session["success_url"])

    @staticmethod
    def _problem(step: Step, session: Body, said: Words, wrong_email: str) -> str:
        if wrong_email:
            return said.wrong_email
        return said.declined if sessions.declined(step, session) else ""


def _good(email: str) -> bool:
    try:
        check_email(email, "email")
    except ApiError:
        return False
    return True


def _html(text: str, *, status: int = 200, goes_to: str = "") -> Response:
    return Response(text, status=status, mimetype="text/html", headers=look.headers(goes_to))


def _go(target: str, *, goes_to: str = "") -> Response:
    response = redirect(target, code=303)
    response.headers.update(look.headers(goes_to))
    return response
