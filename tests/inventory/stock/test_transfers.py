"""Transfers: sent all or nothing, received in parts, closed short."""

from datetime import date

import pytest

from inventory.models import Balance
from inventory.stock import actions, proofs
from inventory.stock.errors import BadQuantity, ClaimExceeded, TransferError
from inventory.stock.models import LotBalance, Restock, Transfer
from tests import factories as make
from tests.inventory.stock.model_of_stock import contents, refused

pytestmark = pytest.mark.django_db


def lille():
    return make.warehouse("LIL", "FR")


def send(lines: dict[int, int], *, key: str = "t") -> Transfer:
    return actions.send_transfer(source=make.warehouse(), destination=lille(), lines=lines, cause_key=key)


def arrive(transfer: Transfer, parts: dict[int, int] | None = None, *, key: str = "a") -> Transfer:
    return actions.receive_transfer(transfer=transfer, parts=parts, key=key)


def on_hand(item_id: int) -> dict[str, int]:
    assert proofs.differences() == {}
    return dict(Balance.objects.filter(item_id=item_id).values_list("warehouse__code", "on_hand"))


def test_units_leave_at_once_and_arrive_when_they_are_received():
    cup, fan = make.balance(5), make.balance(4)
    sent = send({cup.item_id: 3, fan.item_id: 4})
    assert (on_hand(cup.item_id), on_hand(fan.item_id)) == ({"LON": 2}, {"LON": 0})
    assert arrive(sent).state == Transfer.State.RECEIVED
    assert (on_hand(cup.item_id), on_hand(fan.item_id)) == ({"LON": 2, "LIL": 3}, {"LON": 0, "LIL": 4})
    before = contents()
    assert arrive(sent).state == Transfer.State.RECEIVED
    assert contents() == before
    with refused(TransferError, match="received"):
        arrive(sent, key="b")


def test_the_same_cause_sends_once():
    cup = make.balance(3)
    first = send({cup.item_id: 2})
    before = contents()
    assert send({cup.item_id: 2}) == first
    assert contents() == before


def test_a_transfer_arrives_in_parts_and_each_part_counts_once():
    cup = make.balance(9)
    sent = send({cup.item_id: 6})
    line = sent.lines.get().id
    for _ in range(2):
        assert arrive(sent, {line: 2}).state == Transfer.State.IN_TRANSIT
    with refused(TransferError, match="on the way"):
        arrive(sent, {line: 5}, key="b")
    assert arrive(sent, {line: 4}, key="b").state == Transfer.State.RECEIVED
    assert on_hand(cup.item_id) == {"LON": 3, "LIL": 6}


def test_what_does_not_arrive_is_lost_on_the_way():
    cup = make.balance(9)
    sent = send({cup.item_id: 6})
    line = sent.lines.get()
    arrive(sent, {line.id: 4})
    for _ in range(2):
        assert actions.close_transfer(transfer=sent).state == Transfer.State.CLOSED_SHORT
    line.refresh_from_db()
    assert (line.quantity, line.received, line.lost, line.on_the_way) == (6, 4, 2, 0)
    assert on_hand(cup.item_id) == {"LON": 3, "LIL": 4}
    with refused(TransferError, match="closed short"):
        arrive(sent, {line.id: 1}, key="b")
    before = contents()
    arrive(sent, {line.id: 4})  # the first arrival told again is answered even now
    assert contents() == before


def test_a_transfer_that_arrived_whole_is_not_closed_short():
    sent = arrive(send({make.balance(2).item_id: 2}))
    with refused(TransferError, match="arrived whole"):
        actions.close_transfer(transfer=sent)


def test_claimed_units_do_not_travel_and_one_short_item_keeps_the_others_back():
    cup, fan, pin = make.balance(5), make.balance(5), make.item()
    actions.hold(demand={cup.item_id: 3}, warehouses=[cup.warehouse_id], holder="ann", cause_key="h", expires_at=None)
    with refused(ClaimExceeded, match=cup.item.sku):
        send({cup.item_id: 3, fan.item_id: 1})
    with refused(ClaimExceeded, match=pin.sku):
        send({fan.item_id: 1, pin.id: 1})
    send({cup.item_id: 2, fan.item_id: 1})
    assert (on_hand(cup.item_id), on_hand(fan.item_id)) == ({"LON": 3}, {"LON": 4})


def test_a_transfer_has_something_to_send_to_another_place():
    cup = make.balance(5)
    with refused(TransferError, match="nothing to send"):
        send({})
    with refused(TransferError, match="one warehouse to another"):
        actions.send_transfer(source=cup.warehouse, destination=cup.warehouse, lines={cup.item_id: 1}, cause_key="t")


@pytest.mark.parametrize("quantity", [0, -1, 2.0, "2", True, 1_000_001])
def test_whole_units_travel(quantity):
    cup = make.balance(5)
    with refused(BadQuantity):
        send({cup.item_id: quantity})
    sent = send({cup.item_id: 3})
    with refused(BadQuantity):
        arrive(sent, {sent.lines.get().id: quantity})


def test_a_line_of_another_transfer_does_not_arrive_with_this_one():
    cup = make.balance(5)
    first, second = send({cup.item_id: 2}, key="t"), send({cup.item_id: 2}, key="u")
    with refused(TransferError):
        arrive(first, {second.lines.get().id: 1})


def test_lots_travel_with_their_units_the_oldest_first_and_those_of_no_lot_before_all():
    cup = make.balance(1)
    for number, units, day in (("NEW", 3, 20), ("OLD", 2, 5)):
        actions.receive(
            item=cup.item,
            warehouse=cup.warehouse,
            quantity=units,
            cause="delivery",
            cause_key=number,
            lot_number=number,
            produced_on=date(2026, 1, day),
        )
    sent = send({cup.item_id: 5})
    lines = {lot: (line, units) for line, lot, units in sent.lines.values_list("id", "lot__number", "quantity")}
    assert {lot: units for lot, (_line, units) in lines.items()} == {None: 1, "OLD": 2, "NEW": 2}
    arrive(sent, {lines["NEW"][0]: 1, lines["OLD"][0]: 2})
    arrive(sent, key="rest")
    there = LotBalance.objects.filter(units__gt=0).values_list("balance__warehouse__code", "lot__number", "units")
    assert sorted(there) == [("LIL", "NEW", 2), ("LIL", "OLD", 2), ("LON", "NEW", 1)]
    assert on_hand(cup.item_id) == {"LON": 1, "LIL": 5}


def test_an_arrival_where_nothing_was_is_noted_as_a_restock_once():
    cup = make.balance(5)
    sent = send({cup.item_id: 4})
    Restock.objects.all().delete()
    line = sent.lines.get().id
    arrive(sent, {line: 3})
    arrive(sent, {line: 1}, key="b")
    notes = Restock.objects.values_list("balance__warehouse__code", "available", "movement__kind")
    assert list(notes) == [("LIL", 3, "transfer_in")]
