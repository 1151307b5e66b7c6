"""The API's door: key, parameters, idempotency, faults, and the answer in Stripe's manner."""

import binascii
import hashlib
import hmac
import json
import sqlite3
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, RequestRedirect, Rule
from werkzeug.wrappers import Request, Response

from shop.demo.stripe_simulator import expansion, faults, form, ids, sessions, shapes
from shop.demo.stripe_simulator.books import Books, Step
from shop.demo.stripe_simulator.endpoints import Endpoint, table
from shop.demo.stripe_simulator.refusals import ApiError, bad_parameter
from shop.demo.stripe_simulator.silence import Silence

PREFIX = "/v1"
LONGEST_KEY = 255
# Stripe forgets idempotency keys after a day or more.
KEY_LIFE = 24 * 60 * 60
FORM, WITH_FILE = "application/x-www-form-urlencoded", "multipart/form-data"


@dataclass(frozen=True)
class _Answer:
    status: int
    text: str
    replay_of: str = ""


class _NoAnswer(Exception):
    """The answer is kept back: the connection hangs for ``seconds`` and is cut."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class _Call:
    """One request to one endpoint."""

    endpoint: Endpoint
    name: str
    params: dict[str, Any]
    expand: list[str]
    key: str
    fingerprint: str


class Api:
    """Everything under ``/v1``."""

    def __init__(self, *, books: Books, secret_key: str, pages: str, clock: Callable[[], float]) -> None:
        self._books = books
        self._secret_key = secret_key.encode()
        self._silence = Silence()
        self._clock = clock
        self._urls = Map(
            [Rule(f"{PREFIX}{entry.rule}", methods=[entry.method], endpoint=entry) for entry in table(pages=pages)],
            redirect_defaults=False,
            merge_slashes=False,
        )

    def handle(self, request: Request) -> Response:
        """Answer one API request."""
        request_id = ids.fresh("req", length=14)
        try:
            self._check_key(request)
            answer = self._perform(self._read(request), request_id)
        except _NoAnswer as cut:
            return self._silence.answer(seconds=cut.seconds)
        except ApiError as refusal:
            answer = _refusal(refusal, request_id)
        response = Response(answer.text, status=answer.status, mimetype="application/json")
        response.headers["Request-Id"] = request_id
        response.headers["Stripe-Version"] = request.headers.get("Stripe-Version", shapes.API_VERSION)
        response.headers["Cache-Control"] = "no-store"
        if key := request.headers.get("Idempotency-Key", ""):
            response.headers["Idempotency-Key"] = key
        if answer.replay_of:
            response.headers["Idempotent-Replayed"] = "true"
            response.headers["Original-Request"] = answer.replay_of
        return response

    def close(self) -> None:
        """Let calls that hang go."""
        self._silence.close()

    def _check_key(self, request: Request) -> None:
        given = request.headers.get("Authorization", "")
        scheme, _, value = given.partition(" ")
        if scheme.lower() == "basic":
            try:
                value = b64decode(value, validate=True).decode().partition(":")[0]
            except (binascii.Error, UnicodeDecodeError):
                value = ""
        if not value:
            raise ApiError("Give your API key in the Authorization header, as a bearer token.", status=401)
        if not hmac.compare_digest(value.encode(), self._secret_key):
            shown = f"{value[:8]}{'*' * 8}{value[-4:]}" if len(value) > 16 else "*" * 8
            raise ApiError(f"Invalid API Key provided: {shown}", status=401)

    def _read(self, request: Request) -> _Call:
        unknown = ApiError(f"Unrecognized request URL ({request.method}: {request.path}).", status=404)
        try:
            endpoint, arguments = self._urls.bind("").match(request.path, method=request.method)
        except (NotFound, MethodNotAllowed, RequestRedirect):
            raise unknown from None
        posted = request.method == "POST"
        wanted = WITH_FILE if endpoint.takes_file else FORM
        if posted and request.content_length and request.mimetype != wanted:
            raise ApiError(f"Send {wanted}.", replayed=False)
        try:
            pairs = list((request.form if posted else request.args).items(multi=True))
        except HTTPException as error:
            raise ApiError("The body cannot be read.", status=error.code or 400, replayed=False) from None
        params = endpoint.check(form.nested(pairs), "")
        key = request.headers.get("Idempotency-Key", "") if posted else ""
        if len(key) > LONGEST_KEY:
            raise ApiError(f"Idempotency keys have at most {LONGEST_KEY} characters.", replayed=False)
        digest = ""
        if endpoint.takes_file:
            sent = request.files.get("file")
            if sent is None:
                raise bad_parameter("Missing required parameter: file", param="file", code="parameter_missing")
            with sent.stream as stream:
                content = stream.read()
            params["file"], digest = (sent.filename or "file", content), hashlib.sha256(content).hexdigest()
        said = json.dumps([request.method, request.path, sorted(pairs), digest])
        return _Call(
            endpoint=endpoint,
            name=arguments.get("name", ""),
            expand=params.pop("expand", []),
            params=params,
            key=key,
            fingerprint=hashlib.sha256(said.encode()).hexdigest(),
        )

    def _perform(self, call: _Call, request_id: str) -> _Answer:
        answer, cut = self._answer(call, request_id)
        if cut is not None:
            raise cut
        return answer

    def _answer(self, call: _Call, request_id: str) -> "tuple[_Answer, _NoAnswer | None]":
        """Carry the call out unless a fault forbids it; the answer, and the fault that keeps it back."""
        failed = _refusal(ApiError("Simulated failure.", status=500, kind="api_error"), request_id)
        with self._books.transaction() as connection:
            if faults.take(connection, faults.FAIL):
                return failed, None
            cut = _NoAnswer(faults.read(connection)[faults.HANG])
            if faults.take(connection, faults.BEFORE):
                return failed, cut
            kept_back = cut if faults.take(connection, faults.AFTER) else None
            return self._carry_out(connection, call, request_id), kept_back

    def _carry_out(self, connection: sqlite3.Connection, call: _Call, request_id: str) -> _Answer:
        step = Step(connection, int(self._clock()), request_id, call.key or None)
        sessions.expire_due(step)
        earlier = _earlier(step, call)
        if earlier is not None:
            return earlier
        connection.execute("SAVEPOINT action")
        try:
            body = call.endpoint.action(step, call.name, call.params)
            answer = _Answer(200, json.dumps(expansion.expand(step, body, call.expand), indent=2))
            kept = True
        except ApiError as refusal:
            # What it began is undone; that a sweep expired sessions is not.
            connection.execute("ROLLBACK TO action")
            answer, kept = _refusal(refusal, request_id), refusal.replayed
        if call.key and kept:
            connection.execute(
                "INSERT INTO idempotency (key, fingerprint, request_id, status, answer, at) VALUES (?,?,?,?,?,?)",
                (call.key, call.fingerprint, request_id, answer.status, answer.text, step.now),
            )
        return answer


def _refusal(refusal: ApiError, request_id: str) -> _Answer:
    body = {"error": {**refusal.error, "request_id": request_id}}
    return _Answer(refusal.status, json.dumps(body, indent=2))


def _earlier(step: Step, call: _Call) -> _Answer | None:
    """The stored answer to this key. :raises ApiError: the key was used for something else."""
    if not call.key:
        return None
    step.connection.execute("DELETE FROM idempotency WHERE at < ?", (step.now - KEY_LIFE,))
    row = step.connection.execute("SELECT * FROM idempotency WHERE key = ?", (call.key,)).fetchone()
    if row is None:
        return None
    if row["fingerprint"] != call.fingerprint:
        raise ApiError(
            "This idempotency key was used before with other parameters; use a new key for a new request.",
            kind="idempotency_error",
        )
    return _Answer(row["status"], row["answer"], replay_of=row["request_id"])
