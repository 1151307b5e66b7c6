"""Deliveries: units onto the shelf once, cost into the average, and nothing changed by what is refused."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import transaction
from django.utils import timezone

from inventory.models import Balance, Item, Lot, LotBalance, Movement, Restock, Warehouse
from inventory.replenishment import actions
from inventory.replenishment.actions import Arrival
from inventory.replenishment.errors import OrderRule, OverReceipt, RateMissing, WrongState
from inventory.replenishment.models import (
    ItemCost,
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    ReceiptLine,
    Supplier,
    SupplierItem,
)
from inventory.stock import actions as stock
from inventory.stock import proofs
from inventory.stock.errors import BadQuantity, LotError
from inventory.stock.models import Transfer
from tests import factories as make
from tests.concurrency.together import all_at_once

D = Decimal
State = PurchaseOrder.State
TABLES = [Balance, Movement, ItemCost, PurchaseOrder, PurchaseOrderLine, Receipt, ReceiptLine, Lot, Restock]


def maker(currency: str = "GBP") -> Supplier:
    return Supplier.objects.get_or_create(
        code=f"kiln-{currency.lower()}", defaults={"name": "Kiln", "country": "GB", "currency": currency}
    )[0]


def ordered(
    lines: dict[str, tuple[int, str]], *, rate: str | None = None, currency: str = "GBP", at: Warehouse | None = None
) -> PurchaseOrder:
    """A sent order of SKU → (units, unit cost)."""
    supplier = maker(currency)
    for sku, (_units, cost) in lines.items():
        SupplierItem.objects.update_or_create(
            supplier=supplier, item=make.item(sku), defaults={"unit_cost": D(cost), "preferred": False}
        )
    order = actions.draft(
        supplier=supplier,
        warehouse=at or make.warehouse(),
        lines={make.item(sku).id: units for sku, (units, _cost) in lines.items()},
        rate=D(rate) if rate else None,
    )
    return actions.send(order=order)


def line(order: PurchaseOrder, sku: str = "MUG-1") -> PurchaseOrderLine:
    return order.lines.get(item__sku=sku)


def came(order: PurchaseOrder, key: str = "d1", **units: int) -> dict:
    """Arguments of a delivery; ``MUG_1=5`` are five of MUG-1."""
    arrivals = [Arrival(line(order, name.replace("_", "-")).id, quantity) for name, quantity in units.items()]
    return {"order": order, "arrivals": arrivals, "cause_key": key}


def average(sku: str = "MUG-1") -> Decimal:
    return ItemCost.objects.get(item__sku=sku).average


def there(sku: str = "MUG-1") -> int:
    return Balance.objects.get(item__sku=sku, warehouse__code="LON").on_hand


def everything() -> list:
    return [list(table.objects.order_by("pk").values()) for table in TABLES]


def refused(error: type[Exception], *, saying: str, **facts) -> None:
    before = everything()
    with pytest.raises(error, match=saying):
        actions.receive(**facts)
    assert everything() == before


# --- Whole and in part ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_whole_delivery_by_hand():
    order = ordered({"MUG-1": (100, "4.00"), "CUP-1": (50, "12.00")}, currency="EUR", rate="0.85")
    receipt = actions.receive(
        **came(order, MUG_1=100, CUP_1=50), charges=D("85.00"), delivery_note="DN 4711", actor="mina"
    )
    order.refresh_from_db()
    assert order.state == State.RECEIVED
    assert (receipt.charges, receipt.currency, receipt.delivery_note, receipt.actor) == (
        D("85.00"),
        "GBP",
        "DN 4711",
        "mina",
    )
    # 850.00 of goods and 85.00 of charges: a tenth on top of 3.40 and 10.20.
    told = {
        row.line.item.sku: (row.quantity, row.landed_unit_cost, row.units_before, row.average_before, row.average_after)
        for row in receipt.lines.all()
    }
    assert told == {
        "MUG-1": (100, D("3.7400"), 0, None, D("3.7400")),
        "CUP-1": (50, D("11.2200"), 0, None, D("11.2200")),
    }
    assert (average(), average("CUP-1")) == (D("3.7400"), D("11.2200"))
    assert set(ItemCost.objects.values_list("currency", flat=True)) == {"GBP"}
    assert (there(), there("CUP-1")) == (100, 50)
    movement = Movement.objects.get(balance__item__sku="MUG-1")
    assert (movement.kind, movement.cause, movement.actor) == ("receive", f"purchase:{order.number}", "mina")
    assert proofs.differences() == {}


@pytest.mark.django_db
def test_parts_move_the_average_by_what_is_there():
    order = ordered({"MUG-1": (100, "10.00")})
    actions.receive(**came(order, MUG_1=40))
    order.refresh_from_db()
    assert (order.state, line(order).received, line(order).outstanding) == (State.PARTLY_RECEIVED, 40, 60)
    stock.correct(item=make.item("MUG-1"), warehouse=make.warehouse(), delta=-10, cause="broken", cause_key="broken")
    # 30 left at 10.00; 60 come at 10.00 + 180.00 / 60 = 13.00: (300 + 780) / 90 = 12.00
    receipt = actions.receive(**came(order, "d2", MUG_1=60), charges=D("180.00"))
    order.refresh_from_db()
    assert (order.state, line(order).outstanding) == (State.RECEIVED, 0)
    row = receipt.lines.get()
    assert (row.units_before, row.average_before, row.landed_unit_cost, row.average_after) == (
        30,
        D("10.0000"),
        D("13.0000"),
        D("12.0000"),
    )
    assert average() == D("12.0000")
    assert there() == 90


@pytest.mark.django_db
def test_one_average_for_all_warehouses():
    actions.receive(**came(ordered({"MUG-1": (30, "6.00")}), MUG_1=30))
    lille = make.warehouse("LIL", "FR")
    actions.receive(**came(ordered({"MUG-1": (10, "10.00")}, at=lille), "d2", MUG_1=10))
    # 180 and 100 over 40 units
    assert average() == D("7.0000")


@pytest.mark.django_db
def test_stock_of_unknown_cost_takes_the_cost_of_the_first_delivery():
    make.balance(50, sku="MUG-1")
    receipt = actions.receive(**came(ordered({"MUG-1": (10, "5.00")}), MUG_1=10))
    assert (receipt.lines.get().units_before, receipt.lines.get().average_before) == (50, None)
    assert average() == D("5.0000")


@pytest.mark.django_db
def test_units_on_the_way_or_set_aside_still_weigh():
    """They are ours at the average: left out, their value would change with every delivery that passes them."""
    actions.receive(**came(ordered({"MUG-1": (100, "10.00")}), MUG_1=100))
    mug, lon = make.item("MUG-1"), make.warehouse()
    stock.quarantine(item=mug, warehouse=lon, quantity=20, cause="look", cause_key="look")
    stock.damage(item=mug, warehouse=lon, quantity=10, cause="drop", cause_key="drop")
    sent = stock.send_transfer(
        source=lon, destination=make.warehouse("LIL", "FR"), lines={mug.id: 50}, cause_key="to-lille"
    )
    assert sent.state == Transfer.State.IN_TRANSIT
    receipt = actions.receive(**came(ordered({"MUG-1": (100, "20.00")}), "d2", MUG_1=100))
    assert receipt.lines.get().units_before == 100
    assert average() == D("15.0000")


@pytest.mark.django_db
def test_units_that_arrive_into_an_empty_shelf_are_noted():
    order = ordered({"MUG-1": (10, "5.00")})
    actions.receive(**came(order, MUG_1=4))
    noted = Restock.objects.get()
    assert (noted.balance.item.sku, noted.available) == ("MUG-1", 4)
    assert noted.movement.cause == f"purchase:{order.number}"
    actions.receive(**came(order, "d2", MUG_1=6))
    assert Restock.objects.count() == 1


@pytest.mark.django_db
def test_receipts_into_lots():
    order = ordered({"MUG-1": (20, "5.00"), "CUP-1": (5, "5.00")})
    made = date(2026, 3, 1)
    first = actions.receive(
        order=order,
        arrivals=[Arrival(line(order).id, 8, "B-17", made), Arrival(line(order, "CUP-1").id, 5)],
        cause_key="d1",
    )
    lot = Lot.objects.get()
    assert (lot.item.sku, lot.number, lot.produced_on) == ("MUG-1", "B-17", made)
    assert {row.line.item.sku: row.lot for row in first.lines.all()} == {"MUG-1": lot, "CUP-1": None}
    actions.receive(order=order, arrivals=[Arrival(line(order).id, 12, "B-17")], cause_key="d2")
    assert LotBalance.objects.get(lot=lot).units == 20
    assert proofs.differences() == {}


@pytest.mark.django_db
def test_a_lot_without_a_date_was_made_today():
    order = ordered({"MUG-1": (1, "5.00")})
    actions.receive(order=order, arrivals=[Arrival(line(order).id, 1, "B-18")], cause_key="d1")
    assert Lot.objects.get().produced_on == timezone.localdate()


@pytest.mark.django_db
def test_a_recalled_lot_is_refused_with_the_whole_delivery():
    order = ordered({"CUP-1": (5, "5.00"), "MUG-1": (20, "5.00")})
    actions.receive(order=order, arrivals=[Arrival(line(order).id, 1, "B-17")], cause_key="d1")
    stock.recall(lot=Lot.objects.get(), reason="glaze")
    arrivals = [Arrival(line(order, "CUP-1").id, 5), Arrival(line(order).id, 1, "B-17")]
    refused(LotError, saying="was recalled", order=order, arrivals=arrivals, cause_key="d2")


# --- Refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_surplus_is_taken_only_when_accepted():
    order = ordered({"MUG-1": (10, "5.00"), "CUP-1": (5, "5.00")})
    actions.receive(**came(order, MUG_1=4))
    told = came(order, "d2", MUG_1=7, CUP_1=5)
    refused(OverReceipt, saying="MUG-1: 7 arrived, 6 outstanding", **told)
    actions.receive(**told, accept_surplus=True)
    order.refresh_from_db()
    assert (order.state, line(order).received, line(order).outstanding) == (State.RECEIVED, 11, 0)
    assert there() == 11


@pytest.mark.django_db
def test_the_same_key_twice_is_one_delivery():
    order = ordered({"MUG-1": (10, "5.00")})
    first = actions.receive(**came(order, MUG_1=10), charges=D("5.00"))
    before = everything()
    assert actions.receive(**came(order, MUG_1=10), charges=D("5.00")) == first
    assert actions.receive(**came(order, MUG_1=3)) == first
    assert everything() == before


@pytest.mark.django_db
def test_a_key_belongs_to_one_order():
    first, second = ordered({"MUG-1": (10, "5.00")}), ordered({"MUG-1": (10, "5.00")})
    actions.receive(**came(first, MUG_1=10))
    refused(OrderRule, saying=f"belongs to a delivery for {first.number}", **came(second, MUG_1=10))


@pytest.mark.django_db
def test_a_foreign_line_is_refused():
    order, other = ordered({"MUG-1": (10, "5.00")}), ordered({"CUP-1": (10, "5.00")})
    arrivals = [Arrival(line(order).id, 1), Arrival(line(other, "CUP-1").id, 1)]
    refused(OrderRule, saying=f"not of {order.number}", order=order, arrivals=arrivals, cause_key="d1")


@pytest.mark.django_db
def test_a_line_told_twice_or_none_is_refused():
    order = ordered({"MUG-1": (10, "5.00")})
    twice = [Arrival(line(order).id, 1, "A"), Arrival(line(order).id, 1, "B")]
    refused(OrderRule, saying="twice", order=order, arrivals=twice, cause_key="d1")
    refused(OrderRule, saying="Nothing", order=order, arrivals=[], cause_key="d1")


@pytest.mark.django_db
@pytest.mark.parametrize("quantity", [0, -1, 1.0, True, "1", 1_000_001])
def test_an_arrival_is_whole_units(quantity):
    order = ordered({"MUG-1": (10, "5.00")})
    refused(
        BadQuantity,
        saying="whole number|between 1",
        order=order,
        arrivals=[Arrival(line(order).id, quantity)],
        cause_key="d1",
        accept_surplus=True,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("charges", ["-0.01", "0.005", "NaN", "Infinity", "10000000000"])
def test_charges_are_money(charges):
    order = ordered({"MUG-1": (10, "5.00")})
    refused(OrderRule, saying="Charges must be", **came(order, MUG_1=1), charges=D(charges))


@pytest.mark.django_db
def test_a_landed_cost_too_large_to_keep_is_refused():
    order = ordered({"MUG-1": (10, "9999999999")}, currency="EUR", rate="100")
    refused(OrderRule, saying="MUG-1: a unit cost must be", **came(order, MUG_1=1))


@pytest.mark.django_db
def test_a_foreign_order_that_lost_its_rate_is_not_received():
    order = ordered({"MUG-1": (10, "5.00")}, currency="EUR", rate="0.86")
    PurchaseOrder.objects.filter(id=order.id).update(rate=None)
    refused(RateMissing, saying="give the rate", **came(order, MUG_1=1))


@pytest.mark.django_db
@pytest.mark.parametrize("state", [State.DRAFT, State.RECEIVED, State.CLOSED_SHORT, State.CANCELLED])
def test_only_what_is_on_its_way_arrives(state):
    order = ordered({"MUG-1": (10, "5.00")})
    PurchaseOrder.objects.filter(id=order.id).update(state=state)
    refused(WrongState, saying=f"is {state.label.lower()}: it cannot be received", **came(order, MUG_1=1))


# --- What is left ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_after_a_part_the_rest_is_given_up_and_no_more_is_taken():
    order = ordered({"MUG-1": (10, "5.00")})
    actions.receive(**came(order, MUG_1=4))
    for verb in (actions.cancel, actions.back_to_draft):
        with pytest.raises(WrongState):
            verb(order=order)
    assert actions.close_short(order=order).state == State.CLOSED_SHORT
    refused(WrongState, saying="closed short", **came(order, "d2", MUG_1=1))
    assert (there(), average()) == (4, D("5.0000"))


# --- Together -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_deliveries_of_one_order_at_once():
    order = ordered({"MUG-1": (30, "10.00"), "CUP-1": (30, "2.00")})
    mug, cup = line(order).id, line(order, "CUP-1").id
    told = [
        # One tells the lines the other way round.
        {"arrivals": [Arrival(mug, 10), Arrival(cup, 10)], "charges": D("12.00")},
        {"arrivals": [Arrival(cup, 20), Arrival(mug, 20)], "charges": D("48.00")},
    ]

    def take(number: int) -> str:
        return str(actions.receive(order=order, cause_key=f"d{number}", **told[number]).lines.count())

    assert all_at_once(take, 2) == ["2", "2"]
    order.refresh_from_db()
    assert order.state == State.RECEIVED
    assert (there(), there("CUP-1")) == (30, 30)
    # Goods 120.00 with 12.00, and 240.00 with 48.00: 11.00 and 2.20, then 12.00 and 2.40, whichever came first.
    # (110 + 240) / 30 = 11.6667 and (22 + 48) / 30 = 2.3333
    assert (average(), average("CUP-1")) == (D("11.6667"), D("2.3333"))
    assert proofs.differences() == {}


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_by_eight_clicks_at_once():
    order = ordered({"MUG-1": (30, "10.00")})
    told = came(order, MUG_1=10)
    outcomes = all_at_once(lambda _number: str(actions.receive(**told).id))
    assert len(set(outcomes)) == 1
    assert Receipt.objects.count() == 1
    assert (there(), line(order).received, average()) == (10, 10, D("10.0000"))


@pytest.mark.django_db(transaction=True)
def test_orders_of_the_same_items_at_once_keep_value_and_units():
    make.balance(0, sku="MUG-1")
    kept = [ordered({"MUG-1": (5, cost), "CUP-1": (5, cost)}) for cost in ("1.00", "2.00", "3.00", "4.00")]

    def take(number: int) -> str:
        order = kept[number]
        lines = list(order.lines.order_by("id" if number % 2 else "-id"))
        return str(actions.receive(order=order, arrivals=[Arrival(one.id, 5) for one in lines], cause_key=f"d{number}"))

    assert len(all_at_once(take, 4)) == 4
    for sku in ("MUG-1", "CUP-1"):
        assert there(sku) == 20
        # 5 × (1 + 2 + 3 + 4) / 20; a grain for each average that was rounded on the way.
        assert abs(average(sku) - D("2.5")) <= D("0.0003")
        rows = list(ReceiptLine.objects.filter(line__item__sku=sku).order_by("units_before"))
        assert [row.units_before for row in rows] == [0, 5, 10, 15]
        assert all(after.average_before == before.average_after for before, after in pairwise(rows))


@pytest.mark.django_db(transaction=True)
def test_a_delivery_and_buyers_of_its_items_never_wait_in_a_circle():
    """Balances are locked in key order, whatever the order of the items is."""
    first, second = make.item("AAA-1"), make.item("BBB-1")
    make.balance(100, sku=second.sku)
    make.balance(100, sku=first.sku)
    assert first.id < second.id
    assert Balance.objects.get(item=first).id > Balance.objects.get(item=second).id
    order = ordered({"AAA-1": (100, "1.00"), "BBB-1": (100, "1.00")})
    lines = list(order.lines.all())
    place = make.warehouse()

    def act(number: int) -> str:
        for turn in range(5):
            if number % 2:
                actions.receive(
                    order=order, arrivals=[Arrival(one.id, 1) for one in lines], cause_key=f"d{number}-{turn}"
                )
            else:
                stock.hold(
                    demand={first.id: 1, second.id: 1},
                    warehouses=[place.id],
                    holder=f"buyer:{number}",
                    cause_key=f"h{number}-{turn}",
                    expires_at=None,
                )
        return "done"

    assert all_at_once(act, 4) == ["done"] * 4
    assert (there("AAA-1"), there("BBB-1")) == (110, 110)


@pytest.mark.django_db(transaction=True)
def test_a_delivery_inside_a_transaction_that_is_rolled_back_leaves_nothing():
    order = ordered({"MUG-1": (30, "10.00")})
    before = everything()
    with transaction.atomic():
        actions.receive(**came(order, MUG_1=10))
        transaction.set_rollback(True)
    assert everything() == before
    assert Item.objects.filter(sku="MUG-1", cost__isnull=True).exists()
