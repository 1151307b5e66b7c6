"""Many pay at once, or pay late: exactly what is there is sold, nobody pays twice, and late money is never kept for
nothing."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import httpx
import pytest

from inventory.models import Balance
from shop.models import Order, Payment, Refund
from shop.orders import actions as orders
from shop.payments import actions, tasks
from tests import factories as make
from tests.faults.books import books_agree
from tests.faults.shopping import place
from tests.faults.stripe_side import eventually
from tests.faults.sweeps import let_expire, sweep, time_passes, work_inbox

BUYERS, UNITS = 200, 50
pytestmark = pytest.mark.django_db(transaction=True)


def together(number: int, act) -> list:
    """Do ``act(number)`` in so many threads that start together."""
    barrier = Barrier(number)

    def run(one: int):
        barrier.wait(timeout=30)
        return act(one)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def counters() -> tuple[int, int, int]:
    return Balance.objects.values_list("on_hand", "held", "allocated").get()


# --- Two browsers ---------------------------------------------------------------------------------------------------


def test_two_browsers_pay_the_same_order(placed, stripe_side, web):
    order_page = f"{web.address}/orders/{placed.order.token}/"

    def pay(_number: int) -> int:
        origin = {"Origin": web.address}
        leads = httpx.post(f"{order_page}pay/", headers=origin, trust_env=False, timeout=30).headers["location"]
        assert leads == placed.payment.url
        return stripe_side.press(leads).status_code

    answers = together(2, pay)
    assert answers.count(303) >= 1
    eventually(stripe_side.delivered)
    work_inbox()
    assert len(stripe_side.state()["charges"]) == 1
    assert Order.objects.get().state == "paid"
    books_agree(stripe_side)


def test_two_attempts_that_were_both_paid_keep_one_charge(placed, stripe_side):
    """A page of an expired attempt that could be paid all the same: the second charge goes back by itself."""
    first = placed.payment
    Payment.objects.filter(id=first.id).update(state="expired")
    second = Payment.objects.create(order=placed.order, attempt=2, amount=first.amount, currency=first.currency)
    second = actions.open_session(payment=second)
    together(2, lambda number: stripe_side.press((first.url, second.url)[number]))
    eventually(stripe_side.delivered)
    for _ in range(2):
        sweep()
        eventually(stripe_side.delivered)
        work_inbox()
    assert [one["amount"] for one in stripe_side.state()["refunds"]] == [4095]
    assert Order.objects.get().state == "paid"
    books_agree(stripe_side)


# --- Late -----------------------------------------------------------------------------------------------------------


def pay_late(placed, stripe_side, *, gone: bool) -> Order:
    """The hold expires while the shopper looks at Stripe's page; somebody may buy the units; then the shopper pays."""
    let_expire()
    assert counters() == (10, 0, 0)
    if gone:
        winner = place(placed.order.lines.get().variant, 10, who="bob")
        stripe_side.press(winner.payment.url)
    stripe_side.press(placed.payment.url)
    eventually(stripe_side.delivered)
    work_inbox()
    return Order.objects.get(id=placed.order.id)


def test_paid_late_with_the_units_still_there(placed, stripe_side):
    order = pay_late(placed, stripe_side, gone=False)
    assert (order.state, counters()) == ("paid", (10, 0, 2))
    books_agree(stripe_side)


def test_paid_late_with_the_units_gone_goes_back_by_itself(placed, stripe_side):
    order = pay_late(placed, stripe_side, gone=True)
    assert order.state == "paid_without_stock"
    for _ in range(2):
        sweep()
        eventually(stripe_side.delivered)
        work_inbox()
    order.refresh_from_db()
    assert (order.state, counters()) == ("refunded", (10, 0, 10))
    assert Refund.objects.get().amount == order.total
    books_agree(stripe_side)


def test_without_the_sweep_late_money_would_be_kept(placed, stripe_side):
    """The negative control."""
    pay_late(placed, stripe_side, gone=True)
    with pytest.raises(AssertionError, match=r"is kept for order .*paid_without_stock"):
        books_agree(stripe_side)


def test_the_page_of_an_expired_order_cannot_be_paid_after_the_next_sweep(placed, stripe_side):
    let_expire()
    time_passes()
    tasks.reconcile_open_sessions()
    assert stripe_side.press(placed.payment.url).status_code != 303
    assert stripe_side.state()["charges"] == []
    assert Payment.objects.get().state == "expired"
    eventually(stripe_side.delivered)
    work_inbox()
    books_agree(stripe_side)


def test_cancelled_and_paid_at_the_same_moment(placed, stripe_side):
    stripe_side.faults(drop_share=100)
    stripe_side.press(placed.payment.url)
    orders.cancel_unpaid(order_id=placed.order.id, actor="ada", cause="asked")
    for _ in range(2):
        sweep()
    # Whether the order is taken up again or the money goes back, it is not kept for nothing.
    books_agree(stripe_side)


# --- Everybody ------------------------------------------------------------------------------------------------------


def test_two_hundred_checkouts_at_once_on_fifty_units(stripe_side, web):
    make.agreement()
    make.tax_rates()
    mug = make.variant("MUG-1", stock_at={"LON": UNITS})
    baskets = [make.basket((mug, 1)).token for _ in range(BUYERS)]
    known = {"shipping_option": "standard", "ship_to": make.address(), "consents": make.consents()}

    def check_out(number: int) -> tuple[int, str, str]:
        url = f"{web.address}/api/v1/store/baskets/{baskets[number]}/checkout"
        body = {**known, "email": f"buyer{number}@example.org"}
        headers = {"Idempotency-Key": uuid4().hex}
        answer = httpx.post(url, json=body, headers=headers, trust_env=False, timeout=120)
        told = answer.json()
        return answer.status_code, told.get("code", ""), (told.get("payment") or {}).get("url") or ""

    answers = together(BUYERS, check_out)
    sold = [url for status, _code, url in answers if status == 201]
    assert len(sold) == UNITS, Counter(answer[:2] for answer in answers)
    assert [code for status, code, _url in answers if status != 201] == ["out-of-stock"] * (BUYERS - UNITS)
    assert counters() == (UNITS, UNITS, 0)
    assert Order.objects.count() == len(set(sold)) == UNITS
    # Three webhooks of four are lost, and nobody waits for the others: the sweep asks Stripe.
    stripe_side.faults(drop_share=75)
    with ThreadPoolExecutor(8) as pool:
        assert {answer.status_code for answer in pool.map(stripe_side.press, sold)} == {303}
    time_passes()
    tasks.reconcile_open_sessions()
    assert set(Order.objects.values_list("state", flat=True)) == {"paid"}
    assert counters() == (UNITS, 0, UNITS)
    assert len(stripe_side.state()["charges"]) == UNITS
    eventually(stripe_side.delivered)
    work_inbox()
    books_agree(stripe_side)
