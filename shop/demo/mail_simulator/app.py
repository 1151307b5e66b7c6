"""The WSGI application: the mailbox for people, and a control door under ``/__control__/``."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from shop.demo.mail_simulator import pages
from shop.demo.mail_simulator.books import Books, Letter, parse
from shop.demo.mail_simulator.faults import Faults, Wrong
from shop.demo.mail_simulator.server import MailServer
from shop.demo.switchboard import Kept

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

LARGEST_BODY = 64 * 1024
LETTER = re.compile(r"/letters/([0-9]{1,9})(?:/(html|source|parts/([0-9]{1,2})))?")
# The pages run no script and load nothing but the frame; the letter in it may show only its own style and pictures.
PAGE = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"  # noqa: E501
FRAME = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: https: http://127.0.0.1:* http://localhost:*; frame-ancestors 'self'"  # noqa: E501


class _BoundedRequest(Request):
    max_content_length = LARGEST_BODY


def _json(answer: Any, status: int = 200) -> Response:
    return Response(json.dumps(answer, ensure_ascii=False), status=status, mimetype="application/json")


def _html(text: str, policy: str = PAGE, status: int = 200) -> Response:
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(text, status=status, mimetype="text/html", headers=headers)


def _file(content: bytes, *, name: str) -> Response:
    # Downloaded, never shown: what is attached may be anything.
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:80] or "attachment"
    headers = {"Content-Disposition": f'attachment; filename="{safe}"', "X-Content-Type-Options": "nosniff"}
    return Response(content, mimetype="application/octet-stream", headers=headers)


class MailApplication:
    """The mailbox, with the mail server that fills it."""

    def __init__(self, *, books: Books, faults: Faults, server: MailServer) -> None:
        self._books = books
        self._faults = faults
        self._server = server

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = _BoundedRequest(environ)
        try:
            response = self._answer(request)
        except Wrong as wrong:
            response = _json({"error": str(wrong)}, 400)
        except (HTTPException, RecursionError):
            response = _json({"error": "The request cannot be read."}, 400)
        return response(environ, start_response)

    def close(self) -> None:
        """Stop the mail server; the letters stay."""
        self._server.close()

    def _answer(self, request: Request) -> Response:
        if request.path.startswith("/__control__/"):
            return self._control(request)
        if request.method not in {"GET", "HEAD"}:
            return _json({"error": "The mailbox is only read."}, 405)
        if request.path in {"", "/"}:
            to = request.args.get("to", "")[:254].strip()
            note = "The mail server is switched down: letters wait in the shop." if self._faults.down else ""
            return _html(pages.mailbox(self._books.letters(to=to), root=request.root_path, to=to, note=note))
        found = LETTER.fullmatch(request.path)
        raw = self._books.raw(int(found.group(1))) if found else None
        if found is None or raw is None:
            return _json({"error": "There is no such letter."}, 404)
        return self._letter(request, raw, number=int(found.group(1)), what=found.group(2) or "", part=found.group(3))

    def _letter(self, request: Request, raw: bytes, *, number: int, what: str, part: str | None) -> Response:
        read = parse(raw)
        if what == "source":
            return _file(raw, name=f"letter-{number}.eml")
        if what == "html":
            body = read.get_body(("html",))
            # Its links open beside the mailbox, as they would beside a mail program.
            designed = str(body.get_content()).replace("<head>", '<head><base target="_blank">', 1) if body else ""
            return _html(designed, FRAME)
        if part is not None:
            attached = list(read.iter_attachments())
            if int(part) >= len(attached):
                return _json({"error": "There is no such attachment."}, 404)
            one = attached[int(part)]
            content = one.get_payload(decode=True)
            return _file(content if isinstance(content, bytes) else b"", name=one.get_filename() or "attachment")
        again = any(letter.again for letter in self._books.letters(1_000) if letter.id == number)
        return _html(pages.letter(number, read, root=request.root_path, again=again))

    def _control(self, request: Request) -> Response:
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            return _json({"error": "Requests from other origins are refused."}, 403)
        if request.method == "POST" and request.mimetype != "application/json":
            return _json({"error": "Send application/json."}, 415)
        match request.method, request.path.removeprefix("/__control__/"):
            case "GET", "letters":
                found = self._books.letters(to=request.args.get("to", "")[:254])
                return _json({"letters": [_listed(one) for one in found]})
            case "POST", "switches":
                self._faults.switch(request.get_json())
            case "POST", "switches/off":
                self._faults.off()
            case "POST", "reset":
                self._books.empty()
                self._faults.off()
            case method, rest if (method, rest) != ("GET", "switches"):
                return _json({"error": "There is no such address."}, 404)
        self._server.follow()
        return _json(self._faults.described())


def _listed(letter: Letter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "message_id": letter.message_id,
        "to": letter.recipients,
        "subject": letter.subject,
        "language": letter.language,
        "received": letter.received,
        "again": bool(letter.again),
    }


def create_app(*, state: Path, port: int) -> MailApplication:
    """Return the mailbox with a mail server that listens on ``port``; its books are in the folder ``state``."""
    books = Books(state)
    faults = Faults(Kept(state / "mail-faults.json"))
    return MailApplication(books=books, faults=faults, server=MailServer(port=port, books=books, faults=faults))
