"""Stripe's side of a fault: the simulator in a real server, its faults, its clock, and what a shopper does there."""

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
from werkzeug.serving import make_server

from shop.demo.stripe_simulator.app import create_app
from shop.demo.stripe_simulator.books import FILE_NAME

KEY = "sk_test_51f0c0ffee"
WEBHOOK_SECRET = "whsec_0123456789abcdef0123456789abcdef"
PATIENCE = 30.0


def eventually(question: Callable[[], Any], *, within: float = PATIENCE) -> Any:
    """Ask until the answer is true; fail when the time is over."""
    deadline = time.monotonic() + within
    while not (answer := question()):
        assert time.monotonic() < deadline, f"not within {within} s: {answer!r}"
        threading.Event().wait(0.02)
    return answer


class Clock:
    """Real time, which a test can put forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


class StripeSide:
    """Stripe, whose webhooks go to ``shop`` (an address)."""

    def __init__(self, folder: Path, shop: str) -> None:
        self.clock = Clock()
        self._file = folder / FILE_NAME
        self._server = make_server("127.0.0.1", 0, self._answer, threaded=True)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._app: Any = create_app(
            state=folder,
            secret_key=KEY,
            webhook_secret=WEBHOOK_SECRET,
            webhook_url=f"{shop}/webhooks/stripe",
            public_url=self.address,
            clock=self.clock,
        )
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self.http = httpx.Client(base_url=self.address, timeout=30, trust_env=False)

    def _answer(self, environ: Any, start_response: Any) -> Any:
        return self._app(environ, start_response)

    def press(self, url: str, button: str = "card") -> httpx.Response:
        """Press a button of the payment page, as its form would; not followed to where it leads."""
        return self.http.post(url, data={"choice": button}, headers={"Origin": self.address})

    def state(self) -> dict[str, Any]:
        return dict(self.http.get("/_control/state").raise_for_status().json())

    def faults(self, **wanted: float) -> None:
        self.http.post("/_control/switches", json=wanted).raise_for_status()

    def later(self, seconds: float) -> None:
        """Let time pass for Stripe, and wake what waits there."""
        self.clock.ahead += seconds
        self.faults()

    def deliveries(self) -> list[dict[str, Any]]:
        return list(self.http.get("/_control/deliveries").raise_for_status().json()["deliveries"])

    def delivered(self) -> bool:
        """Whether nothing waits to be delivered."""
        return bool(found := self.deliveries()) and all(one["state"] != "waiting" for one in found)

    def deliver_again(self, event: str) -> None:
        self.http.post(f"/_control/events/{event}/send", json={}).raise_for_status()

    def events(self, kind: str) -> list[dict[str, Any]]:
        return [one for one in self.state()["events"] if one["type"] == kind]

    def forget_keys(self) -> None:
        """Forget the idempotency keys, as after a day: whoever relies on nothing else does things twice."""
        with closing(sqlite3.connect(self._file, timeout=10)) as connection, connection:
            connection.execute("DELETE FROM idempotency")

    def close(self) -> None:
        self._app.close()
        self.http.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
