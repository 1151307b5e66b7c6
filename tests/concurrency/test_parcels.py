"""Two people at one order: the same units are packed once, shipped once, and never both cancelled and shipped.

Each race has a control: without the guard in the write, or with the constraint behind it alone.
"""

from threading import Barrier

import pytest
from django.db import IntegrityError
from django.db.models import F

from inventory.models import Balance, HoldLine
from inventory.stock import proofs
from shop.models import Allotment, LineCancellation, Order, OrderLine, Shipment, ShipmentEvent
from shop.orders import actions as orders
from shop.orders.fulfilment.errors import FulfilmentError
from tests import factories as make
from tests.concurrency.test_controls import without
from tests.concurrency.together import PATIENCE, all_at_once
from tests.shop.orders import sold

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 6


@pytest.fixture
def order() -> Order:
    make.agreement()
    make.tax_rates()
    made = sold.paid((make.variant("MUG-1"), 3))
    orders.start_picking(order_id=made.id, **sold.BY)
    return made


def tried(verb, **facts) -> str:
    try:
        verb(**facts, actor="somebody", cause="test")
    except FulfilmentError as error:
        return type(error).__name__
    return "done"


def test_the_same_units_are_packed_by_one_of_many(order):
    row = sold.rows(order)["MUG-1", "LON"]

    def pack(number: int) -> str:
        facts = {"order_id": order.id, "warehouse_id": row.warehouse_id, "units": {row.id: 2}}
        return tried(orders.pack, **facts, cause_key=f"person-{number}", weight_g=800)

    outcomes = all_at_once(pack, PEOPLE)
    assert sorted(outcomes) == ["NothingLeft"] * (PEOPLE - 1) + ["done"]
    assert sold.counted(order) == [(3, 2, 0)]
    assert Shipment.objects.count() == 1


def test_one_form_sent_many_times_at_once_packs_one_parcel(order):
    row = sold.rows(order)["MUG-1", "LON"]

    def pack(_number: int) -> str:
        facts = {"order_id": order.id, "warehouse_id": row.warehouse_id, "units": {row.id: 1}}
        return tried(orders.pack, **facts, cause_key="one form", weight_g=800)

    assert all_at_once(pack, PEOPLE) == ["done"] * PEOPLE
    assert (Shipment.objects.count(), sold.counted(order)) == (1, [(3, 1, 0)])


def test_a_parcel_is_shipped_once_by_many(order):
    parcel = sold.pack(order, "LON")
    assert all_at_once(lambda _number: tried(orders.ship, shipment_id=parcel.id), PEOPLE) == ["done"] * PEOPLE
    balance = Balance.objects.get()
    assert (balance.on_hand, balance.allocated, sold.state(order)) == (7, 0, "shipped")
    assert ShipmentEvent.objects.filter(to_state="shipped").count() == 1
    assert order.events.filter(to_state="shipped").count() == 1
    assert proofs.differences() == {}


def test_packing_and_cancelling_the_same_units_at_once_is_one_or_the_other(order):
    row = sold.rows(order)["MUG-1", "LON"]

    def act(number: int) -> str:
        if number % 2:
            facts = {"order_id": order.id, "warehouse_id": row.warehouse_id, "units": {row.id: 3}}
            return tried(orders.pack, **facts, cause_key=f"p{number}", weight_g=800)
        return tried(orders.cancel_units, order_id=order.id, lines={row.order_line_id: 3}, cause_key=f"c{number}")

    outcomes = all_at_once(act, PEOPLE)
    assert outcomes.count("done") == 1
    assert sold.counted(order) in ([(3, 3, 0)], [(3, 0, 3)])
    assert bool(Shipment.objects.count()) != bool(LineCancellation.objects.count())


def test_dropping_and_shipping_one_parcel_at_once_is_one_or_the_other(order):
    parcel = sold.pack(order, "LON")

    def act(number: int) -> str:
        return tried(orders.drop_parcel if number % 2 else orders.ship, shipment_id=parcel.id)

    outcomes = all_at_once(act, PEOPLE)
    parcel.refresh_from_db()
    held = HoldLine.objects.get()
    assert outcomes.count("done") == PEOPLE // 2
    assert (parcel.state, sold.counted(order), held.shipped) in (
        ("shipped", [(3, 3, 0)], 3),
        ("dropped", [(3, 0, 0)], 0),
    )


# --- Controls -------------------------------------------------------------------------------------------------------


def _read_decide_write(order: Order) -> list[str]:
    """Pack all that is left as nobody should: what was read decides what is written, and no lock is held."""
    decided = Barrier(PEOPLE)

    def pack(_number: int) -> str:
        line = OrderLine.objects.get(order=order)
        left = line.quantity - line.packed - line.cancelled
        decided.wait(timeout=PATIENCE)
        try:
            OrderLine.objects.filter(id=line.id).update(packed=F("packed") + left)
        except IntegrityError as error:
            return type(error.__cause__).__name__
        return "done"

    return all_at_once(pack, PEOPLE)


def test_without_the_condition_in_the_write_the_constraint_is_all_that_stops_them(order):
    assert sorted(_read_decide_write(order)) == ["CheckViolation"] * (PEOPLE - 1) + ["done"]
    assert sold.counted(order) == [(3, 3, 0)]


def test_without_either_more_is_packed_than_was_ordered(order):
    Allotment.objects.all().delete()
    Order.objects.update(hold=None)
    with without("shop_orderline", "orderline_packed_within_quantity"):
        assert _read_decide_write(order) == ["done"] * PEOPLE
        assert sold.counted(order) == [(3, 3 * PEOPLE, 0)]
        OrderLine.objects.update(packed=0)
