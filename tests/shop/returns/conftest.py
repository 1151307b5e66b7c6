"""Orders of these tests are paid at the simulated Stripe, which pays back as well."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.shop.payments.conftest import stripe_side
from tests.shop.returns import world

__all__ = ["stripe_side"]


@pytest.fixture
def till(stripe_side: Any) -> Iterator[Any]:
    """The simulated Stripe, where ``world.paid`` pays."""
    world.TILL.append(stripe_side)
    yield stripe_side
    world.TILL.clear()
