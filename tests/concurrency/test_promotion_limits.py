"""The last use of a code goes to one order, whoever asks at once; and to several where the check is not in the write."""

from threading import Barrier

import pytest
from django.db.models import F
from django.utils import timezone

from config.numbering import next_number
from shop.checkout import settling
from shop.checkout.actions import place_order
from shop.checkout.errors import CheckoutError
from shop.checkout.promotions import actions as promotions
from shop.models import Order, Promotion, PromotionCustomer, PromotionUse
from shop.orders import actions as orders
from tests import factories as make
from tests.concurrency.together import PATIENCE, all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS = 6


@pytest.fixture
def mugs():
    """One for each buyer, so that nothing but the code brings them together."""
    make.agreement()
    make.tax_rates()
    # The first number of a year is given out one after the other.
    next_number("VT", sequence="order_number", year=timezone.now().year)
    return [make.variant(f"MUG-{number}", stock_at={"LON": 100}) for number in range(BUYERS)]


def baskets(mugs, code: str):
    made = [make.basket((mug, 1)) for mug in mugs]
    for basket in made:
        settling.put_in(basket=basket, code=code)
    return made


def attempt(basket, number: int, email: str = "") -> str:
    try:
        place_order(
            basket=basket,
            email=email or f"buyer{number}@example.org",
            ship_to=make.address(),
            shipping_option="standard",
            cause_key=f"race:{number}",
        )
    except CheckoutError as refusal:
        return type(refusal).__name__
    return "placed"


@pytest.mark.parametrize("limit", [1, 3])
def test_a_limit_holds_for_all_who_ask_at_once(mugs, limit):
    code = make.promotion("LAST", limit=limit)
    made = baskets(mugs, "LAST")
    said = all_at_once(lambda number: attempt(made[number], number), BUYERS)
    assert sorted(said) == ["QuoteChanged"] * (BUYERS - limit) + ["placed"] * limit
    code.refresh_from_db()
    assert (Promotion.objects.get().used, code.used) == (limit, limit)
    assert PromotionUse.objects.count() == Order.objects.count() == limit


def test_the_limit_of_one_customer_holds_for_her_orders_at_once(mugs, settings):
    settings.LIVE_HOLDS_PER_HOLDER = 0
    make.promotion("MINE", limit_per_customer=2)
    made = baskets(mugs, "MINE")
    said = all_at_once(lambda number: attempt(made[number], number, "ada@example.org"), BUYERS)
    assert said.count("placed") == 2
    assert PromotionCustomer.objects.get().used == Promotion.objects.get().used == 2


def test_cancelling_and_expiring_at_once_give_back_once(mugs):
    make.promotion("BACK")
    made = baskets(mugs, "BACK")
    assert attempt(made[0], 0) == attempt(made[1], 1) == "placed"
    order = Order.objects.order_by("number").first()

    def end(_number: int) -> str:
        orders.cancel_unpaid(order_id=order.id, actor="test", cause="test")
        promotions.give_back(order=order)
        return "ended"

    assert set(all_at_once(end, BUYERS)) == {"ended"}
    assert Promotion.objects.get().used == 1


def test_negative_control_reading_before_writing_oversells_the_code(mugs, monkeypatch):
    """The same race with the check outside the write: more uses than the limit allows."""
    make.promotion("LAST", limit=1)
    made = baskets(mugs, "LAST")
    looked = Barrier(BUYERS)

    def naive(code, names, *, at) -> bool:
        promotion = Promotion.objects.get(id=code.promotion_id)
        looked.wait(timeout=PATIENCE)  # everybody has read before anybody writes
        if promotion.limit is not None and promotion.used >= promotion.limit:
            return False
        Promotion.objects.filter(id=code.promotion_id).update(used=F("used") + 1)
        return True

    monkeypatch.setattr(promotions, "_take", naive)
    said = all_at_once(lambda number: attempt(made[number], number), BUYERS)
    assert said.count("placed") > 1
    assert Promotion.objects.get().used > 1
