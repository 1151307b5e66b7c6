"""The Stripe simulator as a real server, and the shop pointed at it as the demo points it."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from django.db.models import Sum
from django.test import Client, override_settings
from django.urls import reverse
from werkzeug.serving import make_server

from licensing.models import Agreement
from shop.checkout import actions as checkout
from shop.demo.stripe_simulator.app import create_app
from shop.models import Dispute, Market, Payment, Refund, StripeEvent
from shop.payments import actions, gateway
from tests import factories as make

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

    def act(self, path: str, **form: Any) -> httpx.Response:
        """Press a button of the control page: what Stripe's people, the museum's in the dashboard, or banks do."""
        answer = self.http.post(f"/_control/{path}", data=form, headers={"Accept": "text/html"})
        assert answer.status_code == 303, answer.text
        return answer

    def session_of(self, payment: Payment) -> dict[str, Any]:
        return next(one for one in self.state()["sessions"] if one["id"] == payment.session_id)

    def charge_of(self, payment: Payment) -> dict[str, Any]:
        """The latest charge of a payment's intent."""
        intent = self.session_of(payment)["payment_intent"]
        return next(one for one in self.state()["charges"] if one["payment_intent"] == intent)

    def balance(self) -> Decimal:
        """What Stripe holds for the museum, in pounds."""
        held = httpx.get(f"{self.address}/v1/balance", headers={"Authorization": f"Bearer {KEY}"}).json()["available"]
        return sum((Decimal(one["amount"]) for one in held), Decimal(0)) / 100

    def state(self) -> dict[str, Any]:
        return self.http.get("/_control/state", headers={"Accept": "application/json"}).json()


def our_balance() -> Decimal:
    """What our books say that Stripe holds: charged, less what went back and what banks took."""
    charged = Payment.objects.aggregate(sum=Sum("charged"))["sum"] or Decimal(0)
    gone = Refund.objects.exclude(state=Refund.State.FAILED).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    taken = Dispute.objects.aggregate(sum=Sum("withdrawn"))["sum"] or Decimal(0)
    return charged - gone - taken


def sign(body: str, *, secret: str = WEBHOOK_SECRET, age: int = 0) -> str:
    stamp = int(time.time()) - age
    mac = hmac.new(secret.encode(), f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={stamp},v1={mac}"


def deliver(client: Client, event: dict[str, Any], **signing: Any) -> Any:
    body = json.dumps(event)
    return client.post(
        reverse("stripe_webhook"),
        data=body,
        content_type="application/json",
        headers={"Stripe-Signature": sign(body, **signing)},
    )


def process_inbox() -> None:
    for row in StripeEvent.objects.filter(processed_at=None).order_by("id"):
        actions.process_event(event_row_id=row.id)


def place(
    *, methods: Sequence[str] = ("card", "bacs_debit"), quantity: int = 2, key: str = "k", sku: str = "MUG-1"
) -> checkout.Placed:
    """Place an order for mugs (ten are there, £18 each, delivery £4.95) in a market that takes these methods."""
    if not Agreement.objects.exists():
        make.agreement()
        make.tax_rates()
    basket = make.basket((make.variant(sku), quantity))
    Market.objects.filter(code="gb").update(payment_methods=list(methods))
    return checkout.place_order(
        basket=type(basket).objects.get(pk=basket.pk),
        email="ada@example.org",
        ship_to=make.address(),
        shipping_option="standard",
        cause_key=key,
    )


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
