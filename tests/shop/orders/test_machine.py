"""Random lives of an order: whatever is tried in whatever order, only allowed moves happen, each with its event row,
and stock, parcels and state agree after every step."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from inventory.models import Balance
from inventory.stock import proofs
from inventory.stock.errors import StockError
from inventory.stock.models import HoldLine
from shop.models import Allotment, Order, OrderEvent, OrderLine, Shipment, ShipmentEvent, ShipmentLine, ShipmentPart
from shop.orders import actions as orders
from shop.orders.fulfilment.allotting import allotments
from shop.orders.fulfilment.errors import FulfilmentError
from shop.orders.shipment_models import LEFT, ShipmentState
from shop.orders.transitions import ALLOWED, TO_SHIP, IllegalTransition
from tests import factories as make
from tests.shop.orders import sold

pytestmark = pytest.mark.django_db
REFUSED = (IllegalTransition, FulfilmentError, StockError)
PARCEL_MOVES = {
    ("", "packing"), ("", "packed"), ("packing", "packed"), ("packing", "dropped"), ("packed", "dropped"),
    ("packed", "shipped"), ("shipped", "delivered"),
}  # fmt: skip
PAID_STATES = {*map(str, TO_SHIP), "shipped", "delivered", "completed"}


class Life(RuleBasedStateMachine):
    """One order of a bundle over two warehouses and a plain thing."""

    step = 0

    @initialize()
    def begin(self) -> None:
        self.savepoint = transaction.savepoint()
        make.agreement()
        make.tax_rates()
        make.variant("CUP-1", stock_at={"LON": 6}), make.variant("FAN-1", stock_at={"LON": 2, "LIL": 9})
        pin = make.variant("PIN-1", stock_at={"LON": 4, "LIL": 4})
        self.order = sold.placed((sold.bundle("SET-1", {"CUP-1": 1, "FAN-1": 2}), 2), (pin, 5))

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.savepoint_rollback(self.savepoint)

    def attempt(self, verb: Any, **facts: Any) -> None:
        Life.step += 1
        before = self.picture()
        try:
            with transaction.atomic():
                verb(**{"actor": f"actor-{Life.step}", "cause": f"cause-{Life.step}", **facts})
        except REFUSED:
            assert self.picture() == before

    def picture(self) -> Any:
        return (
            sold.state(self.order),
            OrderEvent.objects.count(),
            ShipmentEvent.objects.count(),
            sold.counted(self.order),
            list(Balance.objects.order_by("id").values_list("on_hand", "held", "allocated")),
        )

    @rule()
    def pay(self) -> None:
        self.attempt(orders.mark_paid, order_id=self.order.id)

    @rule(late=st.booleans())
    def expire(self, *, late: bool) -> None:
        if late:
            Order.objects.filter(state="awaiting_payment").update(expires_at=timezone.now() - timedelta(seconds=1))
        orders.expire_unpaid()

    @rule()
    def cancel_unpaid(self) -> None:
        self.attempt(orders.cancel_unpaid, order_id=self.order.id)

    @rule(again=st.booleans())
    def pick(self, *, again: bool) -> None:
        self.attempt(orders.start_picking if again else orders.drop_picking, order_id=self.order.id)

    @rule(data=st.data(), weighed=st.booleans(), warehouse=st.sampled_from(["LON", "LIL"]))
    def pack(self, data: st.DataObject, *, weighed: bool, warehouse: str) -> None:
        units = None
        if sold.state(self.order) in TO_SHIP and data.draw(st.booleans()):
            here = [row for row in allotments(self.order) if row.warehouse.code == warehouse]
            some = {row.id: data.draw(st.integers(0, row.quantity)) for row in here}
            units = {number: quantity for number, quantity in some.items() if quantity}
        self.attempt(
            orders.pack,
            order_id=self.order.id,
            warehouse_id=make.warehouse(warehouse).id,
            units=units,
            cause_key=f"step-{Life.step}",
            weight_g=700 if weighed else None,
        )

    def parcel(self, data: st.DataObject) -> int | None:
        known = list(Shipment.objects.order_by("id").values_list("id", flat=True))
        return data.draw(st.sampled_from(known)) if known else None

    @rule(data=st.data(), verb=st.sampled_from([orders.ship, orders.drop_parcel, orders.mark_delivered, orders.ship]))
    def carry_on(self, data: st.DataObject, verb: Any) -> None:
        number = self.parcel(data)
        if number is not None:
            self.attempt(verb, shipment_id=number)

    @rule(data=st.data())
    def weigh(self, data: st.DataObject) -> None:
        number = self.parcel(data)
        if number is not None:
            self.attempt(orders.weigh, shipment_id=number, weight_g=800)

    @rule(position=st.integers(0, 1), units=st.integers(1, 5))
    def cancel_units(self, position: int, units: int) -> None:
        line = self.order.lines.all()[position]
        self.attempt(orders.cancel_units, order_id=self.order.id, lines={line.id: units}, cause_key=f"s{Life.step}")

    @rule()
    def ship_the_rest(self) -> None:
        self.attempt(orders.mark_shipped, order_id=self.order.id)

    @rule()
    def refund(self) -> None:
        self.attempt(orders.mark_refunded, order_id=self.order.id)

    @rule(over=st.booleans())
    def complete(self, *, over: bool) -> None:
        if over:
            past = timezone.now() - timedelta(days=200)
            Shipment.objects.filter(state__in=LEFT).update(shipped_at=past)
            Shipment.objects.filter(state="delivered").update(delivered_at=past)
        self.attempt(orders.complete, order_id=self.order.id)

    @invariant()
    def only_allowed_moves_happened_each_with_actor_and_cause(self) -> None:
        if not hasattr(self, "order"):
            return
        events = list(self.order.events.all())
        assert (events[0].from_state, events[0].to_state) == ("", "awaiting_payment")
        for before, after in pairwise(events):
            assert after.from_state == before.to_state
            assert after.to_state in ALLOWED[after.from_state]
            assert after.actor
            assert after.cause
        assert events[-1].to_state == sold.state(self.order)
        for parcel in Shipment.objects.all():
            moves = list(parcel.events.values_list("from_state", "to_state"))
            assert set(moves) <= PARCEL_MOVES
            assert moves[-1][1] == parcel.state

    @invariant()
    def stock_parcels_and_state_agree(self) -> None:
        if not hasattr(self, "order"):
            return
        state = sold.state(self.order)
        assert proofs.differences() == {}
        live = Shipment.objects.exclude(state=ShipmentState.DROPPED)
        for row in Allotment.objects.all():
            parts = ShipmentPart.objects.filter(allotment=row, line__shipment__in=live)
            assert (parts.aggregate(sum=Sum("quantity"))["sum"] or 0) == row.packed
        for line in OrderLine.objects.all():
            packed = ShipmentLine.objects.filter(order_line=line, shipment__in=live).aggregate(sum=Sum("quantity"))
            assert (packed["sum"] or 0) == line.packed <= line.quantity - line.cancelled
        for held in HoldLine.objects.all():
            mine = Allotment.objects.filter(hold_line=held)
            gone = ShipmentPart.objects.filter(allotment__in=mine, line__shipment__state__in=LEFT)
            assert (gone.aggregate(sum=Sum("quantity"))["sum"] or 0) == held.shipped
            assert not mine or sum(mine.values_list("quantity", flat=True)) == held.quantity
        claimed = HoldLine.objects.filter(hold__state="committed").aggregate(
            units=Sum(F("quantity") - F("shipped") - F("cancelled"))
        )
        gone = Shipment.objects.filter(state__in=LEFT).exists()
        assert (state == "partly_shipped") == bool(gone and claimed["units"])
        if state in {"paid", "picking"}:
            assert not gone
        if state in {"shipped", "delivered", "completed"}:
            assert gone
            assert not claimed["units"]
            assert Order.objects.get().hold.state == "shipped"
        if state not in PAID_STATES:
            assert not live.exists()


def test_random_lives(request):
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=12,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        ),
    )
