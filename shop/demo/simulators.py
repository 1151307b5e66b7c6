"""The web root that plays others: Stripe at ``/stripe``, the Taobao Open Platform at ``/top``, customs at ``/customs``.

Letters are read at ``/mailbox``; the mail server that takes them listens on MAIL_PORT.

``granian --interface wsgi --factory shop.demo.simulators:create_app --host 127.0.0.1 --port 8001``. It reads
VITRINE_STATE, SIMULATORS_URL, STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, STRIPE_WEBHOOK_URL, TOP_APP_KEY,
TOP_APP_SECRET, TOP_SESSION, CUSTOMS_REGISTERED and MAIL_PORT. A simulator whose own settings (STRIPE_WEBHOOK_URL,
TOP_APP_KEY, MAIL_PORT, CUSTOMS_REGISTERED: the company codes that customs knows, by commas) are absent is not mounted:
the demo then talks to the real service.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from html import escape
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

DEFAULT_URL = "http://127.0.0.1:8001"


class MissingSetting(Exception):
    """A setting that a mounted simulator needs is absent; the message names it."""


def _setting(given: Mapping[str, str], name: str) -> str:
    value = given.get(name, "")
    if not value:
        raise MissingSetting(f"The simulators need {name}.")
    return value


def _stripe(given: Mapping[str, str], folder: Path) -> "WSGIApplication | None":
    if not given.get("STRIPE_WEBHOOK_URL"):
        return None
    from shop.demo.stripe_simulator.app import create_app as create_stripe

    return create_stripe(
        state=folder,
        secret_key=_setting(given, "STRIPE_SECRET_KEY"),
        webhook_secret=_setting(given, "STRIPE_WEBHOOK_SECRET"),
        webhook_url=_setting(given, "STRIPE_WEBHOOK_URL"),
        public_url=f"{(given.get('SIMULATORS_URL') or DEFAULT_URL).rstrip('/')}/stripe",
        shop_name="Vitrine",
    )


def _top(given: Mapping[str, str], folder: Path) -> "WSGIApplication | None":
    if not given.get("TOP_APP_KEY"):
        return None
    from shop.demo.top_simulator.app import create_app as create_top

    return create_top(
        state=folder,
        app_key=_setting(given, "TOP_APP_KEY"),
        app_secret=_setting(given, "TOP_APP_SECRET"),
        session=_setting(given, "TOP_SESSION"),
    )


def _customs(given: Mapping[str, str], folder: Path) -> "WSGIApplication | None":
    if not given.get("CUSTOMS_REGISTERED"):
        return None
    from shop.demo.customs_simulator.app import create_app as create_customs

    return create_customs(state=folder, registered=given["CUSTOMS_REGISTERED"].split(","))


def _mailbox(given: Mapping[str, str], folder: Path) -> "WSGIApplication | None":
    if not given.get("MAIL_PORT"):
        return None
    from shop.demo.mail_simulator.app import create_app as create_mailbox

    return create_mailbox(state=folder, port=int(given["MAIL_PORT"]))


def _from_loopback(environ: "WSGIEnvironment") -> bool:
    try:
        address = ip_address(str(environ.get("REMOTE_ADDR", "")))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def _index(mounted: Mapping[str, str]) -> Callable[[Request], Response]:
    links = "".join(f'<li><a href="{escape(path)}">{escape(text)}</a></li>' for path, text in mounted.items())
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><title>Simulators</title><style>'
        ":root{color-scheme:light dark}body{font:1.125rem/1.6 system-ui,sans-serif;max-width:34rem;margin:0 auto;"
        "padding:2rem 1rem}ul{list-style:none;padding:0}a{display:block;padding:.6rem 0}</style></head>"
        "<body><main><h1>Simulators</h1>"
        "<p>They play the other companies of the demo. No money moves and nothing is really sold.</p>"
        f"<ul>{links or '<li>None is in use: the demo talks to the real services.</li>'}</ul></main></body></html>"
    )
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )

    def answer(request: Request) -> Response:
        if request.path == "/healthz":
            return Response("ok", mimetype="text/plain")
        if request.path == "/":
            return Response(text, mimetype="text/html", headers={"Content-Security-Policy": policy})
        return Response("There is no such page.", status=404, mimetype="text/plain")

    return answer


class Simulators:
    """The root application: answers only to this machine, whatever it is bound to."""

    def __init__(self, mounts: Mapping[str, "WSGIApplication"], mounted: Mapping[str, str]) -> None:
        index = _index(mounted)

        def root(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
            return index(Request(environ))(environ, start_response)

        self._mounts = dict(mounts)
        self._dispatch = DispatcherMiddleware(root, self._mounts)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if not _from_loopback(environ):
            refusal = Response("The simulators answer only to this machine.", status=403, mimetype="text/plain")
            return refusal(environ, start_response)
        return self._dispatch(environ, start_response)

    def close(self) -> None:
        """Stop what the simulators do in the background; what waits goes on after the next start."""
        for app in self._mounts.values():
            stop = getattr(app, "close", None)
            if stop is not None:
                stop()


def create_app() -> Simulators:
    """The root from the environment. :raises MissingSetting: a setting of a mounted simulator is absent."""
    given = os.environ
    folder = Path(_setting(given, "VITRINE_STATE")) / "simulators"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = {
        "/mailbox": (_mailbox(given, folder), "/mailbox/", "Mailbox: the letters that the shop wrote"),
        "/stripe": (_stripe(given, folder), "/stripe/_control/", "Stripe: sessions, events, deliveries, faults"),
        "/top": (_top(given, folder), "/top/", "Tmall: the flagship store as a buyer sees it, and the calls it had"),
        "/customs": (_customs(given, folder), "/customs/", "China customs: documents filed, and what becomes of them"),
    }
    return Simulators(
        {path: app for path, (app, _, _) in found.items() if app is not None},
        {link: text for app, link, text in found.values() if app is not None},
    )
