"""The Stripe simulator as a real server, and the shop pointed at it as the demo points it."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from django.test import override_settings
from werkzeug.serving import make_server

from shop.demo.stripe_simulator.app import create_app
from shop.payments import gateway

KEY = "sk_test_51f0c0ffee"
WEBHOOK_SECRET = "whsec_0123456789abcdef0123456789abcdef"


class StripeSide:
    """What a person does on Stripe's side."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.http = httpx.Client(base_url=address, timeout=10, follow_redirects=False)

    def press(self, url: str, button: str) -> httpx.Response:
        """Press a button of the hosted page, as its form would."""
        page = self.http.get(url)
        assert page.status_code == 200, page.text
        return self.http.post(url, data={"choice": button}, headers={"Origin": self.address})

    def state(self) -> dict[str, Any]:
        return self.http.get("/_control/state", headers={"Accept": "application/json"}).json()


@pytest.fixture
def stripe_side(tmp_path: Path) -> Iterator[StripeSide]:
    app: Any = None

    def late(environ: Any, start_response: Any) -> Any:
        return app(environ, start_response)

    server = make_server("127.0.0.1", 0, late, threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    app = create_app(
        state=tmp_path,
        secret_key=KEY,
        webhook_secret=WEBHOOK_SECRET,
        # Nobody listens there: these tests hand events over themselves, when and as often as they like.
        webhook_url="http://127.0.0.1:9/webhooks/stripe",
        public_url=address,
    )
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    gateway.client.cache_clear()
    side = StripeSide(address)
    with (
        override_settings(
            STRIPE_SECRET_KEY=KEY, STRIPE_WEBHOOK_SECRETS=[WEBHOOK_SECRET], STRIPE_API_BASE=address, DEMO=True
        ),
        side.http,
    ):
        yield side
    gateway.client.cache_clear()
    server.shutdown()
    thread.join()
    server.server_close()
    app.close()
