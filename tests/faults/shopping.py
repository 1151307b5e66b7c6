"""Orders as shoppers place them."""

from typing import Any

from shop.checkout import actions as checkout
from shop.checkout.actions import Placed
from tests import factories as make


def place(variant: Any, units: int, *, who: str = "ada") -> Placed:
    """Place an order through the checkout's own verb."""
    return checkout.place_order(
        basket=make.basket((variant, units)),
        email=f"{who}@example.org",
        ship_to=make.address(),
        shipping_option="standard",
        cause_key=f"{who}:{units}",
    )
