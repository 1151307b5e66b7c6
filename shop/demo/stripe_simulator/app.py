"""The WSGI application: the API at ``/v1``, the payment pages at ``/pay/``, the control pages at ``/_control/``."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from shop.demo.stripe_simulator import api, control
from shop.demo.stripe_simulator.api import Api
from shop.demo.stripe_simulator.books import Books
from shop.demo.stripe_simulator.control import Control
from shop.demo.stripe_simulator.courier import Courier
from shop.demo.stripe_simulator.hosted import Hosted

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

LARGEST_BODY = 1024 * 1024
PAY = "/pay/"


class _BoundedRequest(Request):
    """A request whose body has an end."""

    max_content_length = LARGEST_BODY
    max_form_memory_size = LARGEST_BODY


class StripeSimulator:
    """The application. Its courier thread starts with it; ``close`` stops the thread."""

    def __init__(self, *, api: Api, hosted: Hosted, control: Control, courier: Courier) -> None:
        self._api = api
        self._hosted = hosted
        self._control = control
        self._courier = courier
        courier.ensure_running()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        self._courier.ensure_running()
        return self._answer(_BoundedRequest(environ))(environ, start_response)

    def _answer(self, request: Request) -> Response:
        path = request.path
        if path == api.PREFIX or path.startswith(f"{api.PREFIX}/"):
            response = self._api.handle(request)
            if request.method == "POST":
                self._courier.wake()
            return response
        if path.startswith(PAY):
            return self._hosted.handle(request, path.removeprefix(PAY))
        if path == control.PREFIX or path.startswith(f"{control.PREFIX}/"):
            return self._control.handle(request)
        if path in {"", "/"}:
            return redirect(f"{request.script_root}{control.PREFIX}/", code=302)
        return Response("There is no such page.", status=404, mimetype="text/plain")

    def close(self) -> None:
        """Stop delivering, and let calls that hang go; what waits is delivered after the next start."""
        self._api.close()
        self._courier.close()


def create_app(
    *,
    state: Path,
    secret_key: str,
    webhook_secret: str,
    webhook_url: str,
    public_url: str,
    shop_name: str = "Museum shop",
    clock: Callable[[], float] = time.time,
) -> StripeSimulator:
    """The simulator as a WSGI application, with its books in the folder ``state``.

    One account with the key ``secret_key`` is known. Events go to ``webhook_url``, signed with ``webhook_secret``.
    ``public_url`` is the address that the application is mounted at, as browsers reach it; ``shop_name`` is what the
    payment page calls the shop; ``clock`` gives Unix seconds. :raises ValueError: an address or secret is unusable.
    """
    if not secret_key or not webhook_secret:
        raise ValueError("The Stripe simulator needs a secret key and a webhook secret.")
    store = Books(state)
    courier = Courier(books=store, url=webhook_url, secret=webhook_secret, clock=clock)
    return StripeSimulator(
        api=Api(books=store, secret_key=secret_key, pages=public_url.rstrip("/"), clock=clock),
        hosted=Hosted(store=store, shop=shop_name, clock=clock, wake=courier.wake),
        control=Control(store=store, webhook=webhook_url, clock=clock, wake=courier.wake),
        courier=courier,
    )
