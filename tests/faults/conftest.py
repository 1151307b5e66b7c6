"""A shop behind HTTP and a Stripe that is another server, pointed at each other as the demo points them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe
from django.test import override_settings

from shop.checkout.actions import Placed
from shop.payments import gateway
from tests import factories as make
from tests.faults.shopping import place
from tests.faults.stripe_side import StripeSide
from tests.faults.web import Web
from tests.faults.workers import point_at


@pytest.fixture(autouse=True)
def _impatient_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK tries again at once instead of after half a second."""
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.01)
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0.01)


@pytest.fixture
def web(transactional_db: None) -> Iterator[Web]:
    """The shop, reachable."""
    made = Web()
    with override_settings(SITE_URL=made.address, CSRF_TRUSTED_ORIGINS=[made.address]):
        yield made
    made.close()


@pytest.fixture
def stripe_side(tmp_path: Path, web: Web) -> Iterator[StripeSide]:
    """Stripe, and the shop's settings for it."""
    side = StripeSide(tmp_path, web.address)
    with override_settings(**point_at(side.address)):
        gateway.client.cache_clear()
        yield side
    gateway.client.cache_clear()
    side.close()


@pytest.fixture
def world(stripe_side: StripeSide) -> Any:
    """A licensed mug of which ten are there, at 18.00."""
    make.agreement()
    make.tax_rates()
    return make.variant("MUG-1")


@pytest.fixture
def placed(world: Any) -> Placed:
    """An order for two mugs that awaits payment."""
    return place(world, 2)
