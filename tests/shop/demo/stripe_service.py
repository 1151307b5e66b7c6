"""The Stripe simulator in a real server, with the official SDK in front of it and a shop's webhook behind it."""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import stripe
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

from shop.demo.stripe_simulator.app import create_app

KEY, SECRET = "sk_test_simulated0123456789", "whsec_simulated0123456789"
SUCCESS, CANCEL = "http://127.0.0.1:9/thanks?s={CHECKOUT_SESSION_ID}", "http://127.0.0.1:9/basket"


def eventually(question: Callable[[], Any], *, seconds: float = 15) -> Any:
    """Poll until the answer is true; the answer."""
    deadline = time.monotonic() + seconds
    while not (answer := question()):
        assert time.monotonic() < deadline, "it did not happen in time"
        threading.Event().wait(0.02)
    return answer


class Clock:
    """Real time, which a test can put forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


class Receiver:
    """A shop's webhook: verifies with the SDK and keeps what it took; answers the next ``refusals`` with 500."""

    def __init__(self, port: int = 0) -> None:
        self.events: list[stripe.Event] = []
        self.bodies: list[bytes] = []
        self.refusals = 0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.bodies.append(body)
                status = 200
                if receiver.refusals:
                    receiver.refusals -= 1
                    status = 500
                else:
                    event = stripe.Webhook.construct_event(body, self.headers["Stripe-Signature"], SECRET)
                    receiver.events.append(event)
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.events]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Service:
    """The simulator mounted at /stripe in a real server, the SDK's client, and a browser without JavaScript."""

    def __init__(self, state: Path, webhook_port: int, clock: Clock) -> None:
        self.server = make_server("127.0.0.1", 0, lambda *_: iter(()), threaded=True)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        self.base = f"{self.origin}/stripe"
        self.app = create_app(
            state=state,
            secret_key=KEY,
            webhook_secret=SECRET,
            webhook_url=f"http://127.0.0.1:{webhook_port}/hook",
            public_url=self.base,
            clock=clock,
        )
        self.server.app = DispatcherMiddleware(lambda *_: iter(()), {"/stripe": self.app})
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()
        self.client = self.with_key(KEY)
        self.web = httpx.Client(timeout=10, trust_env=False)

    def with_key(self, key: str) -> stripe.StripeClient:
        return stripe.StripeClient(
            key,
            base_addresses={"api": self.base, "files": self.base},
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=10),
        )

    def open(self, *, options: Any = None, **changes: Any) -> stripe.checkout.Session:
        params = {key: value for key, value in {**session_params(), **changes}.items() if value is not None}
        return self.client.v1.checkout.sessions.create(params=params, options=options or {})

    def press(self, session: stripe.checkout.Session, choice: str = "card", **fields: str) -> httpx.Response:
        page = f"{self.base}/pay/{session.id}"
        return self.web.post(page, data={"choice": choice, **fields}, headers={"Origin": self.origin})

    def retrieve(self, session: stripe.checkout.Session, *expand: str) -> stripe.checkout.Session:
        return self.client.v1.checkout.sessions.retrieve(session.id, params={"expand": list(expand)})

    def state(self) -> dict[str, Any]:
        return self.web.get(f"{self.base}/_control/state").json()

    def faults(self, **wanted: int) -> None:
        assert self.web.post(f"{self.base}/_control/faults", json=wanted).status_code == 200

    def close(self) -> None:
        self.app.close()
        self.web.close()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def session_params() -> dict[str, Any]:
    def line(name: str, amount: int, quantity: int) -> dict[str, Any]:
        price = {"currency": "gbp", "unit_amount": amount, "product_data": {"name": name, "metadata": {"sku": name}}}
        return {"quantity": quantity, "price_data": price}

    return {
        "mode": "payment",
        "line_items": [line("Cat & <Mouse> scarf", 4500, 2), line("Delivery", 495, 1)],
        "success_url": SUCCESS,
        "cancel_url": CANCEL,
        "customer_email": "ada@example.org",
        "client_reference_id": "W-1001",
        "metadata": {"order": "W-1001"},
        "payment_intent_data": {"metadata": {"order": "W-1001", "payment": "p1"}},
        "locale": "en-GB",
    }


def item(**price: Any) -> dict[str, Any]:
    return {"quantity": 1, "price_data": {"currency": "gbp", "unit_amount": 500, "product_data": {"name": "x"}} | price}
