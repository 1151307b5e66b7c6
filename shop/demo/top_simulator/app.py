"""The WSGI application: the gateway at `/router/rest`, the control API, and the page for people."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from shop.demo.switchboard import Kept
from shop.demo.top_simulator import page
from shop.demo.top_simulator.clock import Clock, china_now
from shop.demo.top_simulator.control import PREFIX, Control, refuse_other_origins
from shop.demo.top_simulator.faults import BURST, PER_SECOND, Weather
from shop.demo.top_simulator.gateway import Gateway
from shop.demo.top_simulator.refusal import Refused
from shop.demo.top_simulator.store import Store

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

LARGEST_BODY = 4 * 1024 * 1024
CALLS_SHOWN = 30
TRADES_SHOWN = 50
LONGEST_BUYER = 60
# The page runs no script and loads nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


class _BoundedRequest(Request):
    """A request whose body has an end."""

    max_content_length = LARGEST_BODY
    max_form_memory_size = LARGEST_BODY


def _units(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Refused("数量必须是整数 · The quantity is a whole number.")
    return int(text)


class _Application:
    def __init__(self, *, store: Store, gateway: Gateway, control: Control) -> None:
        self._store = store
        self._gateway = gateway
        self._control = control

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return self._answer(_BoundedRequest(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path == "/router/rest":
            return self._gateway.handle(request)
        if request.path.startswith(PREFIX):
            return self._control.handle(request)
        if request.path in {"", "/"} and request.method in {"GET", "HEAD"}:
            placed = request.args.get("placed", "")
            notice = f"订单 {placed} 已付款 · Order {placed} is paid." if placed.isascii() and placed.isdigit() else ""
            return self._page(request, notice=notice)
        if request.path == "/buy" and request.method == "POST":
            return self._buy(request)
        return Response("There is no such page.", status=404, mimetype="text/plain")

    def _page(
        self, request: Request, *, notice: str = "", refused: str = "", buyer: str = "tb_buyer", status: int = 200
    ) -> Response:
        text = page.render(
            self._store.state(newest_trades=TRADES_SHOWN),
            self._store.calls(limit=CALLS_SHOWN),
            action=f"{request.script_root}/buy",
            buyer=buyer,
            notice=notice,
            refused=refused,
        )
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
        return Response(text, status=status, mimetype="text/html", headers=headers)

    def _buy(self, request: Request) -> Response:
        buyer = ""
        try:
            refuse_other_origins(request)
            buyer = request.form.get("buyer", "").strip()[:LONGEST_BUYER]
            line = {"outer_id": request.form.get("outer_id", ""), "num": _units(request.form.get("num", ""))}
            trade = self._store.place_order({"lines": [line], "buyer": buyer, "paid": True})
        except Refused as refusal:
            return self._page(request, refused=f"未能下单 · {refusal.sentence}", buyer=buyer, status=refusal.status)
        except HTTPException:
            return self._page(request, refused="表单无法读取 · The form cannot be read.", status=400)
        return redirect(f"{request.script_root}/?placed={trade['tid']}", code=303)


def create_app(
    *,
    state: Path,
    app_key: str,
    app_secret: str,
    session: str,
    now: Clock = china_now,
    burst: int = BURST,
    per_second: int = PER_SECOND,
) -> "WSGIApplication":
    """The simulator as a WSGI application, with its books in the folder `state`.

    One application key and secret, and one seller's token (`session`), are known. `now` is the platform's clock
    (aware); `burst` and `per_second` size the call limit of each method.
    """
    store = Store(state, now=now)
    weather = Weather(burst=burst, per_second=per_second, kept=Kept(state / "top-faults.json"))
    weather.restore()
    gateway = Gateway(store=store, weather=weather, app_key=app_key, app_secret=app_secret, session=session, now=now)
    return _Application(store=store, gateway=gateway, control=Control(store=store, weather=weather))
