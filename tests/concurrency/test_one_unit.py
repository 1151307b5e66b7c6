"""Eight buyers, one unit, real PostgreSQL: one sold, seven refused. The negative control shows that the race is real."""

from threading import Barrier

import pytest
from django.db import connection, transaction
from django.db.models import F

from inventory.models import Balance, Hold
from inventory.stock import actions, proofs
from inventory.stock.errors import OutOfStock
from shop.checkout import actions as checkout
from shop.models import Order
from tests import factories as make
from tests.concurrency.together import all_at_once

BUYERS = 8
pytestmark = pytest.mark.django_db(transaction=True)


def test_holds_one_sold_seven_refused():
    balance = make.balance(1)

    def buy(number: int) -> str:
        try:
            actions.hold(
                demand={balance.item_id: 1},
                warehouses=[balance.warehouse_id],
                holder=f"buyer:{number}",
                cause_key=f"buyer:{number}",
                expires_at=None,
            )
        except OutOfStock:
            return "refused"
        return "sold"

    outcomes = all_at_once(buy)
    assert sorted(outcomes) == ["refused"] * 7 + ["sold"]
    balance.refresh_from_db()
    assert (balance.on_hand, balance.held) == (1, 1)
    assert Hold.objects.count() == 1
    assert proofs.differences() == {}


def test_orders_one_placed_seven_refused():
    make.agreement()
    make.tax_rates()
    thing = make.variant("ONE-1", stock_at={"LON": 1})
    baskets = [make.basket((thing, 1)) for _ in range(BUYERS)]

    def buy(number: int) -> str:
        try:
            checkout.place_order(
                basket=baskets[number],
                email=f"buyer{number}@example.org",
                ship_to=make.address(),
                shipping_option="standard",
                cause_key=f"buyer:{number}",
            )
        except OutOfStock as error:
            return f"{error.shortages[0].sku} refused"
        return "sold"

    assert sorted(all_at_once(buy)) == ["ONE-1 refused"] * 7 + ["sold"]
    assert Order.objects.count() == 1
    balance = Balance.objects.get(item=thing.item)
    assert (balance.on_hand, balance.held, balance.allocated) == (1, 1, 0)
    assert proofs.differences() == {}


def test_two_items_in_opposite_order_do_not_deadlock():
    first, second = make.balance(BUYERS), make.balance(BUYERS)

    def buy(number: int) -> str:
        order = [first, second] if number % 2 else [second, first]
        actions.hold(
            demand={one.item_id: 1 for one in order},
            warehouses=[first.warehouse_id],
            holder="t",
            cause_key=f"buyer:{number}",
            expires_at=None,
        )
        return "sold"

    assert all_at_once(buy) == ["sold"] * BUYERS
    first.refresh_from_db()
    assert first.held == BUYERS


def test_negative_control_read_decide_write_oversells():
    """The same buyers with the guard off: read what is available, decide, then write without condition or CHECK."""
    balance = make.balance(1)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE inventory_balance DROP CONSTRAINT balance_claims_within_stock")
    decided = Barrier(BUYERS)
    try:

        def buy(_number: int) -> str:
            with transaction.atomic():
                seen = Balance.objects.get(id=balance.id)
                if not seen.available:
                    return "refused"
                # Everybody has read before anybody writes: the pause between check and write, made certain.
                decided.wait(timeout=30)
                Balance.objects.filter(id=balance.id).update(held=F("held") + 1)
                return "sold"

        outcomes = all_at_once(buy)
        balance.refresh_from_db()
        assert outcomes == ["sold"] * BUYERS
        assert balance.held == BUYERS > balance.on_hand
    finally:
        Balance.objects.filter(id=balance.id).update(held=0)
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE inventory_balance ADD CONSTRAINT balance_claims_within_stock "
                "CHECK (held <= on_hand + backorder_limit - allocated)"
            )
