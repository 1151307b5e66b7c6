"""Holds: what is refused leaves every table as it was; limits, bundles, several warehouses."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from inventory.models import Balance, Hold, Item
from inventory.stock import actions, proofs
from inventory.stock.errors import (
    AlreadyShipped,
    BadQuantity,
    ClaimExceeded,
    ForeignHold,
    HolderLimit,
    HoldExpired,
    HoldNotActive,
    HoldUnknown,
    OutOfStock,
    StockError,
    UnknownItem,
)
from inventory.stock.models import BundleComponent
from inventory.stock.sourcing import Parcels
from tests import factories as make
from tests.inventory.stock.model_of_stock import contents, refused

pytestmark = pytest.mark.django_db


def hold(demand: dict[int, int], *balances: Balance, key: str = "k", minutes: int | None = 30, **facts) -> Hold:
    return actions.hold(
        demand=demand,
        warehouses=[one.warehouse_id for one in balances],
        cause_key=key,
        expires_at=None if minutes is None else timezone.now() + timedelta(minutes=minutes),
        **{"holder": "ann", **facts},
    )


def of(balance: Balance, units: int, **facts) -> Hold:
    return hold({balance.item_id: units}, balance, **facts)


def late(held: Hold) -> Hold:
    Hold.objects.filter(id=held.id).update(expires_at=timezone.now() - timedelta(seconds=1))
    return held


def claims(balance: Balance) -> tuple[int, int, int]:
    balance.refresh_from_db()
    return balance.on_hand, balance.held, balance.allocated


@pytest.mark.parametrize("quantity", [2.0, "2", True, None, -1, 0, 1_000_001, 10**30])
def test_what_is_no_quantity_is_refused(quantity):
    balance = make.balance(5)
    with refused(BadQuantity):
        hold({balance.item_id: quantity}, balance)


@pytest.mark.parametrize("quantity", [2.0, True, 0, 10**30])
def test_one_bad_line_refuses_the_good_ones_too(quantity):
    good, bad = make.balance(5), make.balance(5)
    with refused(BadQuantity):
        hold({good.item_id: 1, bad.item_id: quantity}, good)


def test_an_empty_demand_is_refused():
    balance = make.balance(5)
    with refused(BadQuantity):
        hold({}, balance)


def test_an_id_that_is_no_item_is_named():
    balance = make.balance(5)
    with refused(UnknownItem, match="987654321"):
        hold({balance.item_id: 1, 987654321: 1}, balance)


def test_without_a_warehouse_everything_is_sold_out():
    balance = make.balance(5)
    with refused(OutOfStock) as refusal:
        hold({balance.item_id: 1})
    assert [(one.asked, one.available) for one in refusal.value.shortages] == [(1, 0)]


def test_the_most_units_a_line_may_have_can_be_held():
    balance = make.balance(1_000_000)
    of(balance, 1_000_000)
    assert claims(balance) == (1_000_000, 1_000_000, 0)


@pytest.mark.parametrize("verb", ["commit", "release", "extend"])
def test_nobody_touches_the_hold_of_somebody_else(verb):
    held = of(make.balance(5), 2)
    facts = {"expires_at": timezone.now() + timedelta(hours=3)} if verb == "extend" else {}
    with refused(ForeignHold):
        getattr(actions, verb)(hold_id=held.id, holder="bob", **facts)
    getattr(actions, verb)(hold_id=held.id, holder="ann", **facts)


@pytest.mark.parametrize("verb", ["commit", "release", "cancel", "ship", "extend"])
def test_an_unknown_hold_is_unknown(verb):
    facts = {"expires_at": timezone.now()} if verb == "extend" else {}
    with refused(HoldUnknown):
        getattr(actions, verb)(hold_id=uuid4(), **facts)


def test_an_expired_hold_is_not_committed_and_its_units_count_until_they_are_swept():
    balance = make.balance(5)
    held = late(of(balance, 2))
    with refused(HoldExpired):
        actions.commit(hold_id=held.id)
    assert claims(balance) == (5, 2, 0)
    assert actions.expire_due() == [held.id]
    assert claims(balance) == (5, 0, 0)
    with refused(HoldNotActive):
        actions.commit(hold_id=held.id)


def test_a_commit_that_is_told_of_the_past_looks_at_the_clock_of_then():
    held = late(of(make.balance(5), 2))
    assert actions.commit(hold_id=held.id, occurred_at=timezone.now() - timedelta(minutes=1)) is True


def test_an_expired_hold_is_neither_extended_nor_revived():
    held = late(of(make.balance(5), 2))
    later = timezone.now() + timedelta(hours=1)
    with refused(HoldExpired):
        actions.extend(hold_id=held.id, expires_at=later)
    actions.expire_due()
    with refused(HoldNotActive):
        actions.extend(hold_id=held.id, expires_at=later)


@pytest.mark.parametrize("minutes", [30, None])
def test_a_live_hold_lasts_as_long_as_it_is_extended(minutes):
    held = of(make.balance(5), 2, minutes=minutes)
    later = timezone.now() + timedelta(hours=5)
    actions.extend(hold_id=held.id, expires_at=later)
    assert Hold.objects.get(id=held.id).expires_at == later


def test_a_sweep_takes_what_is_due_and_nothing_else():
    balance = make.balance(9)
    due, live, endless, paid = (of(balance, 1, key=key) for key in "abcd")
    actions.commit(hold_id=paid.id)
    for held in (due, paid):
        late(held)
    actions.extend(hold_id=endless.id, expires_at=None)
    assert actions.expire_due() == [due.id]
    states = dict(Hold.objects.values_list("cause_key", "state"))
    assert states == {"a": "expired", "b": "active", "c": "active", "d": "committed"}
    assert (live.id, claims(balance)) == (live.id, (9, 2, 1))


def test_a_sweep_of_some_items_leaves_the_holds_on_others():
    one, other = make.balance(2), make.balance(2)
    first, second = late(of(one, 1, key="a")), late(of(other, 1, key="b"))
    assert actions.expire_due(item_ids=[other.item_id]) == [second.id]
    assert actions.expire_due(limit=1) == [first.id]


@pytest.mark.parametrize("older", [0, 100])
def test_however_many_holds_are_over_their_units_count_as_given_back(older):
    plenty, scarce = make.balance(1000), make.balance(101)
    for number in range(older):
        late(of(plenty, 1, key=f"older-{number}"))
    for number in range(101 - older):
        late(of(scarce, 101 // (101 - older), key=f"{number}"))
    assert hold({plenty.item_id: 1, scarce.item_id: 101}, scarce).state == Hold.State.ACTIVE


@pytest.mark.parametrize(
    ("done", "verb", "error"),
    [
        ([], "ship", HoldNotActive),
        ([], "cancel", HoldNotActive),
        (["commit"], "release", HoldNotActive),
        (["release"], "commit", HoldNotActive),
        (["release"], "ship", HoldNotActive),
        (["commit", "ship"], "cancel", AlreadyShipped),
        (["commit", "ship"], "release", HoldNotActive),
        (["commit", "cancel"], "ship", HoldNotActive),
    ],
)
def test_a_hold_goes_no_way_but_its_own(done, verb, error):
    held = of(make.balance(5), 2)
    for step in done:
        assert getattr(actions, step)(hold_id=held.id) is True
    with refused(error):
        getattr(actions, verb)(hold_id=held.id)


def test_goods_that_are_promised_but_not_there_cannot_leave():
    balance = make.balance(1)
    Balance.objects.filter(id=balance.id).update(backorder_limit=3)
    held = of(balance, 4)
    actions.commit(hold_id=held.id)
    with refused(ClaimExceeded):
        actions.ship(hold_id=held.id)
    actions.ship(hold_id=held.id, parts={held.lines.get().id: 1}, key="parcel")
    assert claims(balance) == (0, 0, 3)


@pytest.mark.parametrize("verb", ["ship", "cancel"])
@pytest.mark.parametrize(
    ("units", "error"), [(4, ClaimExceeded), (0, BadQuantity), (-1, BadQuantity), (2.0, BadQuantity)]
)
def test_a_part_beyond_what_is_outstanding_is_refused(verb, units, error):
    held = of(make.balance(5), 3)
    actions.commit(hold_id=held.id)
    with refused(error):
        getattr(actions, verb)(hold_id=held.id, parts={held.lines.get().id: units}, key="p")


@pytest.mark.parametrize("verb", ["ship", "cancel"])
def test_a_part_of_another_hold_is_refused(verb):
    balance = make.balance(5)
    mine, other = of(balance, 2, key="a"), of(balance, 2, key="b")
    actions.commit(hold_id=mine.id)
    with refused(ClaimExceeded):
        getattr(actions, verb)(hold_id=mine.id, parts={other.lines.get().id: 1}, key="p")


@pytest.mark.parametrize("verb", ["ship", "cancel"])
def test_a_part_without_a_key_is_refused(verb):
    held = of(make.balance(5), 3)
    actions.commit(hold_id=held.id)
    with refused(ValueError, match="key of its own"):
        getattr(actions, verb)(hold_id=held.id, parts={held.lines.get().id: 1})


@pytest.mark.parametrize("verb", ["ship", "cancel"])
def test_a_part_of_nothing_is_refused_by_name(verb):
    held = of(make.balance(5), 3)
    actions.commit(hold_id=held.id)
    with pytest.raises(StockError), transaction.atomic():
        getattr(actions, verb)(hold_id=held.id, parts={}, key="p")


def test_parts_add_up_to_the_whole_and_each_counts_once():
    balance = make.balance(9)
    held = of(balance, 6)
    line = held.lines.get().id
    actions.commit(hold_id=held.id)
    assert actions.ship(hold_id=held.id, parts={line: 2}, key="p1") is True
    assert actions.ship(hold_id=held.id, parts={line: 2}, key="p1") is False
    assert actions.cancel(hold_id=held.id, parts={line: 1}, key="c1") is True
    assert claims(balance) == (7, 0, 3)
    with refused(ClaimExceeded):
        actions.ship(hold_id=held.id, parts={line: 4}, key="p2")
    assert actions.ship(hold_id=held.id) is True
    assert claims(balance) == (4, 0, 0)
    row = held.lines.get()
    assert (row.quantity, row.shipped, row.cancelled, row.outstanding) == (6, 5, 1, 0)
    assert Hold.objects.get().state == Hold.State.SHIPPED
    assert proofs.differences() == {}


def limited(units: int, limit: int) -> Balance:
    balance = make.balance(units)
    Item.objects.filter(id=balance.item_id).update(limit_per_holder=limit)
    return balance


def test_one_holder_claims_no_more_than_the_items_limit():
    balance = limited(9, 3)
    first = of(balance, 2, key="a")
    with refused(HolderLimit, match="at most 3"):
        of(balance, 2, key="b")
    assert of(balance, 2, key="a").id == first.id  # the same cause again is answered, not counted
    of(balance, 1, key="c")
    of(balance, 3, key="d", holder="bob")
    assert claims(balance) == (9, 6, 0)


@pytest.mark.parametrize(
    ("then", "claimed"),
    [
        pytest.param(["commit"], True, id="paid"),
        pytest.param(["release"], False, id="released"),
        pytest.param(["late"], False, id="expired"),
        pytest.param(["commit", "ship"], False, id="shipped"),
        pytest.param(["commit", "cancel"], False, id="cancelled"),
    ],
)
def test_what_counts_towards_a_limit_is_what_the_holder_still_claims(then, claimed):
    balance = limited(9, 3)
    held = of(balance, 3, key="a")
    for step in then:
        late(held) if step == "late" else getattr(actions, step)(hold_id=held.id)
    if claimed:
        with refused(HolderLimit):
            of(balance, 1, key="b")
    else:
        assert of(balance, 1, key="b").state == Hold.State.ACTIVE


def test_units_shipped_of_a_hold_leave_room_for_as_many():
    balance = limited(9, 3)
    held = of(balance, 3, key="a")
    actions.commit(hold_id=held.id)
    actions.ship(hold_id=held.id, parts={held.lines.get().id: 2}, key="p")
    with refused(HolderLimit):
        of(balance, 3, key="b")
    assert of(balance, 2, key="b").state == Hold.State.ACTIVE


def test_a_limit_is_summed_over_warehouses_and_bundles():
    here = limited(2, 4)
    there = make.balance(9, sku=here.item.sku, at=make.warehouse("LIL", "FR"))
    bundle = make.item()
    BundleComponent.objects.create(bundle=bundle, component=here.item, quantity=2)
    with refused(HolderLimit):
        hold({here.item_id: 1, bundle.id: 2}, here, there)
    hold({here.item_id: 2, bundle.id: 1}, here, there)
    with refused(HolderLimit):
        hold({bundle.id: 1}, here, there, key="b")


def test_the_limit_of_a_bundle_holds_as_well():
    part = make.balance(9)
    bundle = make.item()
    BundleComponent.objects.create(bundle=bundle, component=part.item)
    Item.objects.filter(id=bundle.id).update(limit_per_holder=1)
    with pytest.raises(HolderLimit):
        hold({bundle.id: 2}, part)


def test_one_holder_has_no_more_live_holds_than_allowed():
    balance = make.balance(9)
    first, second = (of(balance, 1, key=key, live_limit=2) for key in "ab")
    with refused(HolderLimit, match="at most 2 unpaid claims"):
        of(balance, 1, key="c", live_limit=2)
    assert of(balance, 1, key="b", live_limit=2).id == second.id
    assert of(balance, 1, key="c", live_limit=2, holder="bob").holder == "bob"
    late(first)
    assert of(balance, 1, key="d", live_limit=2).state == Hold.State.ACTIVE
    actions.commit(hold_id=second.id)  # a paid order is no live hold
    assert of(balance, 1, key="e", live_limit=2).state == Hold.State.ACTIVE


def test_a_bundle_and_its_component_are_summed():
    cup, fan = make.balance(5), make.balance(9)
    bundle = make.item()
    BundleComponent.objects.create(bundle=bundle, component=cup.item, quantity=2)
    BundleComponent.objects.create(bundle=bundle, component=fan.item, quantity=1)
    with refused(OutOfStock) as refusal:
        hold({bundle.id: 2, cup.item_id: 2}, cup)
    # 2 × 2 + 2 = 6 of 5 cups: the bundle could be had twice (5 // 2), or the cups alone; the fan is not short.
    assert [(one.sku, one.asked, one.available) for one in refusal.value.shortages] == [
        (cup.item.sku, 2, 5),
        (bundle.sku, 2, 2),
    ]
    held = hold({bundle.id: 2, cup.item_id: 1}, cup)
    assert sorted(held.lines.values_list("balance_id", "quantity")) == sorted([(cup.id, 5), (fan.id, 2)])


def test_a_short_bundle_is_named_by_its_own_sku_with_what_its_scarcest_part_allows():
    cup, fan = make.balance(7), make.balance(9)
    bundle = make.item("GIFT-SET")
    BundleComponent.objects.create(bundle=bundle, component=cup.item, quantity=3)
    BundleComponent.objects.create(bundle=bundle, component=fan.item, quantity=2)
    with refused(OutOfStock, match="GIFT-SET: 3 asked, 2 left"):
        hold({bundle.id: 3}, cup)


def test_a_bundle_of_huge_numbers_is_sold_out_rather_than_an_overflow():
    cup = make.balance(5)
    first, second = make.item(), make.item()
    for bundle in (first, second):
        BundleComponent.objects.create(bundle=bundle, component=cup.item, quantity=1000)
    with refused(OutOfStock):
        hold({first.id: 1_000_000, second.id: 1_000_000, cup.item_id: 1_000_000}, cup)


def test_an_item_in_no_asked_warehouse_is_sold_out_there():
    balance = make.balance(5)
    with refused(OutOfStock) as refusal:
        actions.hold(
            demand={balance.item_id: 1},
            warehouses=[make.warehouse("LIL", "FR").id],
            holder="ann",
            cause_key="k",
            expires_at=None,
        )
    assert refusal.value.shortages[0].available == 0


# Two cups in London and five in Lille; three fans in London and one in Lille.
@pytest.mark.parametrize(
    ("cups", "fans", "parcels", "expected"),
    [
        (2, 3, Parcels.FEWEST, {("CUP", "LON"): 2, ("FAN", "LON"): 3}),
        (3, 1, Parcels.FEWEST, {("CUP", "LIL"): 3, ("FAN", "LIL"): 1}),
        (3, 1, Parcels.ONE, {("CUP", "LIL"): 3, ("FAN", "LIL"): 1}),
        (4, 3, Parcels.FEWEST, {("CUP", "LON"): 2, ("CUP", "LIL"): 2, ("FAN", "LON"): 3}),
        (5, 2, Parcels.FEWEST, {("CUP", "LIL"): 5, ("FAN", "LIL"): 1, ("FAN", "LON"): 1}),
        (5, 2, Parcels.NEAREST, {("CUP", "LON"): 2, ("CUP", "LIL"): 3, ("FAN", "LON"): 2}),
        (7, 4, Parcels.FEWEST, {("CUP", "LON"): 2, ("CUP", "LIL"): 5, ("FAN", "LON"): 3, ("FAN", "LIL"): 1}),
    ],
)
def test_units_come_from_the_warehouses_that_have_them(cups, fans, parcels, expected):
    london, lille = make.warehouse("LON"), make.warehouse("LIL", "FR")
    cup, fan = make.balance(2, sku="CUP", at=london), make.balance(3, sku="FAN", at=london)
    there = make.balance(5, sku="CUP", at=lille)
    make.balance(1, sku="FAN", at=lille)
    held = hold({cup.item_id: cups, fan.item_id: fans}, cup, there, parcels=parcels)
    lines = held.lines.values_list("balance__item__sku", "balance__warehouse__code", "quantity")
    assert {(sku, code): units for sku, code, units in lines} == expected
    assert proofs.differences() == {}


@pytest.mark.parametrize("parcels", [Parcels.FEWEST, Parcels.NEAREST])
def test_a_warehouse_that_is_named_twice_serves_once(parcels):
    here = make.balance(4)
    there = make.balance(2, sku=here.item.sku, at=make.warehouse("LIL", "FR"))
    held = hold({here.item_id: 6}, here, here, there, parcels=parcels)
    assert sorted(held.lines.values_list("quantity", flat=True)) == [2, 4]


def test_one_parcel_is_refused_where_no_warehouse_has_everything():
    here = make.balance(2, sku="CUP")
    there = make.balance(5, sku="CUP", at=make.warehouse("LIL", "FR"))
    with refused(OutOfStock) as refusal:
        hold({here.item_id: 6}, here, there, parcels=Parcels.ONE)
    assert refusal.value.shortages[0].available == 5  # the most that one of them has
    with refused(OutOfStock) as refusal:
        hold({here.item_id: 8}, here, there)
    assert refusal.value.shortages[0].available == 7


def test_a_hold_in_a_transaction_that_is_rolled_back_leaves_nothing():
    balance = make.balance(5)
    before = contents()
    with transaction.atomic():
        held = of(balance, 2)
        assert actions.commit(hold_id=held.id) is True
        transaction.set_rollback(True)
    assert contents() == before
    assert of(balance, 5).state == Hold.State.ACTIVE


def test_the_same_cause_is_answered_whatever_became_of_its_hold():
    balance = make.balance(2)
    held = of(balance, 2)
    actions.release(hold_id=held.id)
    of(balance, 2, key="other")
    again = of(balance, 2)
    assert (again.id, again.state) == (held.id, Hold.State.RELEASED)
    assert hold({balance.item_id: 2}, key="k").id == held.id  # even where no warehouse is asked
