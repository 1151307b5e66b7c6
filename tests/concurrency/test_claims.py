"""Every pair of verbs that wants the same units, at once and over again on real PostgreSQL: nothing oversold or lost.

What each guard is good for is shown by ``test_controls``.
"""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from types import SimpleNamespace as World

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from config.locks import wait_until
from inventory.models import Balance, BundleComponent, Hold, HoldLine, Item, Lot, Movement, RingFence
from inventory.stock import actions, proofs
from inventory.stock.actions import Condition
from tests import factories as make
from tests.concurrency.together import PATIENCE, all_at_once, race, start, wait_for_waiters

SERIAL = count(1)
ROUNDS = 20
# The ways through a hold: the short one, by way of the holder's limit, and by way of a fence.
WAYS = [{}, {"live_limit": 1}, {"purpose": "drop"}]
WAYS_NAMED = ["plain", "limited", "fenced"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _all_adds_up():
    yield
    assert proofs.differences() == {}


def claim(*balances: Balance, units: int = 1, **facts: object) -> Hold:
    """A hold on ``units`` of each balance, by somebody new unless told otherwise."""
    one = f"buyer:{next(SERIAL)}"
    return actions.hold(
        demand={balance.item_id: units for balance in balances},
        warehouses=[balances[0].warehouse_id],
        **{"holder": one, "cause_key": one, "expires_at": None, **facts},
    )


def buyer(**facts: object) -> Callable[[World], str]:
    """An attempt to claim the world's balance."""

    def buy(world: World) -> str:
        claim(world.balance, **facts)
        return "sold"

    return buy


def held(units: int, *, on_hand: int | None = None, committed: bool = False, **facts: object) -> World:
    """A world of one balance and one hold of ``units`` on it."""
    balance = make.balance(on_hand or units)
    hold = claim(balance, units=units, **facts)
    if committed:
        actions.commit(hold_id=hold.id)
    return World(balance=balance, hold=hold, line=hold.lines.get().id)


def make_due(*holds: Hold) -> None:
    Hold.objects.filter(id__in=[hold.id for hold in holds]).update(expires_at=timezone.now() - timedelta(seconds=1))


def fence(world: World, units: int) -> RingFence:
    return actions.set_aside(
        item=world.balance.item,
        warehouse=world.balance.warehouse,
        quantity=units,
        purpose="drop",
        cause_key=f"fence:{next(SERIAL)}",
    )


def counters(balance: Balance) -> tuple[int, int, int, int]:
    return Balance.objects.values_list("on_hand", "held", "allocated", "fenced").get(id=balance.id)


def moves(balance: Balance, kind: Movement.Kind) -> int:
    return Movement.objects.filter(balance=balance, kind=kind).count()


# --- Hold against hold ----------------------------------------------------------------------------------------------


def test_one_of_sixteen_gets_the_last_unit():
    worlds = [World(balance=make.balance(1)) for _ in range(ROUNDS)]
    for world, outcomes in race(worlds, *[buyer()] * 16):
        assert sorted(outcomes) == ["OutOfStock"] * 15 + ["sold"]
        assert counters(world.balance) == (1, 1, 0, 0)


def test_baskets_in_opposite_orders_neither_deadlock_nor_oversell():
    worlds = [World(balances=[make.balance(5) for _ in range(4)]) for _ in range(ROUNDS)]

    def forwards(world: World) -> str:
        claim(*world.balances)
        return "sold"

    def backwards(world: World) -> str:
        claim(*reversed(world.balances))
        return "sold"

    for world, outcomes in race(worlds, *[forwards, backwards] * 4):
        assert sorted(outcomes) == ["OutOfStock"] * 3 + ["sold"] * 5
        assert [counters(balance)[:2] for balance in world.balances] == [(5, 5)] * 4


def test_bundle_and_its_scarce_component_are_never_oversold_together():
    worlds = []
    for _ in range(ROUNDS):
        scarce, plenty, bundle = make.balance(7), make.balance(50), make.item()
        for component, units in ((scarce, 2), (plenty, 1)):
            BundleComponent.objects.create(bundle=bundle, component=component.item, quantity=units)
        worlds.append(World(balance=scarce, bundle=bundle))

    def hold(world: World, **demand: int) -> str:
        ids = {"bundle": world.bundle.id, "alone": world.balance.item_id}
        one = f"buyer:{next(SERIAL)}"
        actions.hold(
            demand={ids[name]: units for name, units in demand.items()},
            warehouses=[world.balance.warehouse_id],
            holder=one,
            cause_key=one,
            expires_at=None,
        )
        return "sold"

    attempts = [
        lambda world: hold(world, bundle=1),
        lambda world: hold(world, alone=1),
        lambda world: hold(world, bundle=1, alone=1),
    ] * 3
    wants = [2, 1, 3] * 3
    for world, outcomes in race(worlds, *attempts):
        taken = sum(want for want, outcome in zip(wants, outcomes, strict=True) if outcome == "sold")
        refused = [want for want, outcome in zip(wants, outcomes, strict=True) if outcome == "OutOfStock"]
        assert set(outcomes) <= {"sold", "OutOfStock"}
        assert counters(world.balance)[:2] == (7, taken)
        # Nobody was refused what is still there: claims only grew.
        assert all(want > 7 - taken for want in refused)


def test_eight_holds_of_one_holder_make_as_many_as_the_limit_allows():
    worlds = [World(balance=make.balance(20)) for _ in range(ROUNDS)]

    def hold(world: World) -> str:
        claim(world.balance, holder=f"holder:{world.balance.id}", live_limit=3)
        return "sold"

    for world, outcomes in race(worlds, *[hold] * 8):
        assert sorted(outcomes) == ["HolderLimit"] * 5 + ["sold"] * 3
        assert counters(world.balance)[:2] == (20, 3)


def test_eight_holds_of_one_holder_claim_as_many_units_as_the_item_allows():
    worlds = [World(balance=make.balance(20)) for _ in range(ROUNDS)]
    Item.objects.update(limit_per_holder=5)

    def hold(world: World) -> str:
        claim(world.balance, units=2, holder=f"holder:{world.balance.id}")
        return "sold"

    for world, outcomes in race(worlds, *[hold] * 8):
        assert sorted(outcomes) == ["HolderLimit"] * 6 + ["sold"] * 2
        assert counters(world.balance)[:2] == (20, 4)


@pytest.mark.parametrize("facts", WAYS, ids=WAYS_NAMED)
@pytest.mark.parametrize("units", [1, 8], ids=["last unit", "plenty"])
def test_one_cause_key_makes_one_hold_and_all_get_its_id(units: int, facts: dict[str, object]):
    worlds = [World(balance=make.balance(units)) for _ in range(ROUNDS)]
    if "purpose" in facts:
        for world in worlds:
            fence(world, 1)

    def hold(world: World) -> str:
        one = f"one:{world.balance.id}"
        return str(claim(world.balance, holder=one, cause_key=one, **facts).id)

    for world, outcomes in race(worlds, *[hold] * 8):
        assert outcomes == [str(Hold.objects.get(lines__balance=world.balance).id)] * 8
        assert counters(world.balance)[1] == 1


def claim_in_the_way(world: World, ending: type[BaseException] | None, **facts: object) -> str:
    """The outcome of a claim by the key of another that is open, and ends well or with ``ending``."""

    def buy() -> str:
        return str(claim(world.balance, holder="one", cause_key="key", **facts).id)

    try:
        with transaction.atomic():
            world.first = buy()
            second = start(buy)
            wait_for_waiters(1)
            if ending:
                raise ending
    except KeyboardInterrupt:
        pass
    return second()


@pytest.mark.parametrize("facts", WAYS, ids=WAYS_NAMED)
def test_one_key_again_while_the_first_is_open_waits_and_gets_its_hold(facts: dict[str, object]):
    world = World(balance=make.balance(1))
    if "purpose" in facts:
        fence(world, 1)
    assert claim_in_the_way(world, None, **facts) == world.first
    assert counters(world.balance)[1] == 1


@pytest.mark.parametrize("facts", WAYS, ids=WAYS_NAMED)
def test_one_key_again_takes_the_units_when_the_first_is_rolled_back(facts: dict[str, object]):
    world = World(balance=make.balance(1))
    if "purpose" in facts:
        fence(world, 1)
    second = claim_in_the_way(world, KeyboardInterrupt, **facts)
    assert second == str(Hold.objects.get().id) != world.first
    assert counters(world.balance)[1] == 1


# --- Against the clock ----------------------------------------------------------------------------------------------


def test_units_of_a_due_hold_go_to_exactly_one_of_eight_and_come_back_once():
    worlds = [held(1) for _ in range(ROUNDS)]
    make_due(*(world.hold for world in worlds))
    for world, outcomes in race(worlds, *[buyer()] * 8):
        assert sorted(outcomes) == ["OutOfStock"] * 7 + ["sold"]
        assert counters(world.balance)[:2] == (1, 1)
        assert moves(world.balance, Movement.Kind.EXPIRE) == 1


def test_buyers_and_sweepers_of_a_due_hold_share_its_units_out_once():
    worlds = [held(3) for _ in range(ROUNDS)]
    make_due(*(world.hold for world in worlds))

    def sweep(world: World) -> str:
        return f"swept {len(actions.expire_due(item_ids=[world.balance.item_id]))}"

    for world, outcomes in race(worlds, *[buyer()] * 6, sweep, sweep):
        sold = outcomes[:6].count("sold")
        assert sold <= 3
        assert counters(world.balance)[:2] == (3, sold)
        assert moves(world.balance, Movement.Kind.EXPIRE) == 1


def test_a_buyer_who_meets_a_sweeper_at_work_gets_the_units_it_gives_back():
    world = held(1)
    make_due(world.hold)
    with transaction.atomic():
        assert actions.expire_due() == [world.hold.id]
        second = start(lambda: buyer()(world))
        # Until the sweeper ends, the buyer must wait: the units are neither sold nor free yet.
        with contextlib.suppress(AssertionError):
            wait_for_waiters(1, within=1)
    assert second() == "sold"


def test_commit_or_sweep_has_the_hold_at_the_time_of_its_expiry():
    worlds = [held(2, expires_at=timezone.now() + timedelta(hours=1)) for _ in range(2 * ROUNDS)]
    offsets = {world.hold.id: timedelta(milliseconds=number % 8 / 2) for number, world in enumerate(worlds)}

    def nearly_due(world: World) -> None:
        Hold.objects.filter(id=world.hold.id).update(expires_at=timezone.now() + offsets[world.hold.id])

    def commit(world: World) -> bool:
        return actions.commit(hold_id=world.hold.id)

    def sweep(world: World) -> str:
        def decided() -> bool:
            actions.expire_due(item_ids=[world.balance.item_id])
            return not Hold.objects.filter(id=world.hold.id, state=Hold.State.ACTIVE).exists()

        assert wait_until(decided, within=PATIENCE, every=0.0005)
        return ""

    for world, (committed, _swept) in race(worlds, commit, sweep, before=nearly_due):
        state = Hold.objects.get(id=world.hold.id).state
        if committed == "True":
            assert (state, counters(world.balance)) == ("committed", (2, 0, 2, 0))
        else:
            assert committed in {"HoldExpired", "HoldNotActive"}
            assert (state, counters(world.balance)) == ("expired", (2, 0, 0, 0))


@pytest.mark.parametrize("sweepers", [2, 4])
def test_sweepers_give_each_of_fifty_due_holds_back_once(sweepers: int):
    balances = [make.balance(40) for _ in range(5)]
    # Each hold has two lines, so that sweepers meet on balances in every order.
    holds = [claim(balances[number % 5], balances[(number * 2 + 1) % 5]) for number in range(50)]
    make_due(*holds)

    def sweep(_number: int) -> list[str]:
        taken = []
        while batch := actions.expire_due(limit=7):
            taken += batch
        return taken

    swept = [hold_id for taken in all_at_once(sweep, sweepers) for hold_id in taken]
    assert sorted(swept) == sorted(hold.id for hold in holds)
    assert not Balance.objects.exclude(held=0).exists()


# --- Verbs on one hold ----------------------------------------------------------------------------------------------


def test_commit_or_release_has_the_hold():
    worlds = [held(2) for _ in range(2 * ROUNDS)]

    def commit(world: World) -> bool:
        return actions.commit(hold_id=world.hold.id)

    def release(world: World) -> bool:
        return actions.release(hold_id=world.hold.id)

    for world, outcomes in race(worlds, commit, release):
        assert sorted(outcomes) == ["HoldNotActive", "True"]
        assert counters(world.balance) == ((2, 0, 2, 0) if outcomes[0] == "True" else (2, 0, 0, 0))


def test_commit_and_release_that_both_wait_for_the_hold_do_not_both_get_it():
    world = held(2)
    with transaction.atomic():
        Hold.objects.select_for_update(no_key=True).get(id=world.hold.id)
        racers = [
            start(lambda: actions.commit(hold_id=world.hold.id)),
            start(lambda: actions.release(hold_id=world.hold.id)),
        ]
        wait_for_waiters(2)
    assert sorted(outcome() for outcome in racers) == ["HoldNotActive", "True"]


def test_ship_or_cancel_has_the_allocation():
    worlds = [held(2, committed=True) for _ in range(2 * ROUNDS)]

    def ship(world: World) -> bool:
        return actions.ship(hold_id=world.hold.id)

    def cancel(world: World) -> bool:
        return actions.cancel(hold_id=world.hold.id)

    for world, (shipped, cancelled) in race(worlds, ship, cancel):
        assert (shipped, cancelled) in {("True", "AlreadyShipped"), ("HoldNotActive", "True")}
        assert counters(world.balance) == ((0, 0, 0, 0) if shipped == "True" else (2, 0, 0, 0))


def test_parcels_of_one_hold_never_ship_more_than_it_has():
    worlds = [held(5, committed=True) for _ in range(ROUNDS)]

    def parcel(number: int) -> Callable[[World], bool]:
        return lambda world: actions.ship(hold_id=world.hold.id, parts={world.line: 2}, key=f"parcel:{number}")

    # Each parcel is told twice: of those, too, one counts.
    for world, outcomes in race(worlds, *(parcel(number // 2) for number in range(8))):
        assert outcomes.count("True") == 2
        assert outcomes.count("False") == 2
        assert outcomes.count("ClaimExceeded") == 4
        assert counters(world.balance) == (1, 0, 1, 0)


def test_parcels_and_part_cancellations_share_the_hold():
    worlds = [held(5, committed=True) for _ in range(ROUNDS)]

    def part(verb: Callable[..., bool], number: int) -> Callable[[World], bool]:
        return lambda world: verb(hold_id=world.hold.id, parts={world.line: 2}, key=f"part:{number}")

    attempts = [part(actions.ship, 1), part(actions.cancel, 1), part(actions.ship, 2), part(actions.cancel, 2)]
    for world, outcomes in race(worlds, *attempts):
        assert sorted(outcomes) == ["ClaimExceeded"] * 2 + ["True"] * 2
        shipped = 2 * [outcomes[0], outcomes[2]].count("True")
        assert counters(world.balance) == (5 - shipped, 0, 1, 0)


def test_a_return_told_twice_counts_once_and_no_more_comes_back_than_went_out():
    worlds = [held(3, committed=True) for _ in range(ROUNDS)]
    for world in worlds:
        actions.ship(hold_id=world.hold.id)

    def give(world: World, key: str) -> str:
        actions.return_units(
            hold_id=world.hold.id,
            item=world.balance.item,
            warehouse=world.balance.warehouse,
            quantity=2,
            condition=Condition.FIT,
            cause_key=f"return:{world.hold.id}:{key}",
        )
        return "taken"

    attempts = [lambda world: give(world, "one")] * 3 + [lambda world: give(world, "two")] * 3
    for world, outcomes in race(worlds, *attempts):
        assert sorted(outcomes) == ["ClaimExceeded"] * 3 + ["taken"] * 3
        assert set(outcomes[:3]) != set(outcomes[3:])
        assert counters(world.balance)[0] == 2
        assert world.hold.lines.get().returned == 2


def test_one_key_for_returns_of_two_holds_counts_for_one_of_them():
    balance = make.balance(2)
    holds = [claim(balance), claim(balance)]
    for hold in holds:
        actions.commit(hold_id=hold.id)
        actions.ship(hold_id=hold.id)

    def give(hold: Hold) -> Balance:
        return actions.return_units(
            hold_id=hold.id,
            item=balance.item,
            warehouse=balance.warehouse,
            quantity=1,
            condition=Condition.FIT,
            cause_key="one",
        )

    with transaction.atomic():
        Balance.objects.select_for_update(no_key=True).get(id=balance.id)
        told = [start(lambda hold=hold: give(hold)) for hold in holds]
        wait_for_waiters(2)
    assert [one() for one in told]
    returned = HoldLine.objects.filter(hold__in=holds).aggregate(units=Sum("returned"))["units"]
    assert counters(balance)[0] == returned == 1


# --- Holds against goods --------------------------------------------------------------------------------------------


def test_goods_that_arrive_while_buyers_ask_are_sold_once_each():
    worlds = [World(balance=make.balance(0)) for _ in range(ROUNDS)]

    def receive(world: World) -> str:
        actions.receive(
            item=world.balance.item,
            warehouse=world.balance.warehouse,
            quantity=1,
            cause="test",
            cause_key=f"receive:{next(SERIAL)}",
        )
        return "received"

    for world, outcomes in race(worlds, *[receive, buyer()] * 4):
        sold = outcomes.count("sold")
        assert outcomes.count("received") == 4
        assert sold + outcomes.count("OutOfStock") == 4
        assert counters(world.balance)[:2] == (4, sold)


def test_units_leave_on_a_transfer_or_are_held_but_not_both():
    away = make.warehouse("LIL", "FR")
    worlds = [World(balance=make.balance(5)) for _ in range(ROUNDS)]

    def send(world: World) -> str:
        actions.send_transfer(
            source=world.balance.warehouse,
            destination=away,
            lines={world.balance.item_id: 3},
            cause_key=f"transfer:{next(SERIAL)}",
        )
        return "sent"

    for world, outcomes in race(worlds, *[send] * 3, *[buyer(units=2)] * 3):
        sent, sold = outcomes.count("sent"), outcomes.count("sold")
        assert sent <= 1
        assert sold == (1 if sent else 2)
        assert counters(world.balance)[:2] == (5 - 3 * sent, 2 * sold)
        assert set(outcomes) <= {"sent", "sold", "ClaimExceeded", "OutOfStock"}


def test_transfers_between_two_warehouses_in_both_directions_do_not_deadlock():
    here, there = make.warehouse("LON"), make.warehouse("LIL", "FR")
    worlds = []
    for _ in range(ROUNDS):
        items = [make.item() for _ in range(3)]
        for item in items:
            make.balance(6, sku=item.sku, at=here)
            make.balance(6, sku=item.sku, at=there)
        worlds.append(World(items=items))

    def carry(source: object, destination: object, step: int) -> Callable[[World], str]:
        def run(world: World) -> str:
            sent = actions.send_transfer(
                source=source,
                destination=destination,
                lines={item.id: 2 for item in world.items[::step]},
                cause_key=f"transfer:{next(SERIAL)}",
            )
            return actions.receive_transfer(transfer=sent, parts=None, key="all").state

        return run

    for world, outcomes in race(worlds, *[carry(here, there, 1), carry(there, here, -1)] * 3):
        assert outcomes == ["received"] * 6
        total = Balance.objects.filter(item__in=world.items).aggregate(units=Sum("on_hand"))
        assert total["units"] == 36


@pytest.mark.parametrize("verb", ["correct", "quarantine", "damage", "write_off", "clear", "set_aside"])
def test_what_takes_all_units_told_by_four_at_once_is_done_once_and_refused_to_nobody(verb: str):
    worlds = [World(balance=make.balance(3)) for _ in range(3)]

    def tell(world: World, verb: str, key: str = "one") -> str:
        how_many = {"delta": -3} if verb == "correct" else {"quantity": 3}
        what_for = {"purpose": "drop"} if verb == "set_aside" else {"cause": "test"}
        getattr(actions, verb)(
            item=world.balance.item,
            warehouse=world.balance.warehouse,
            cause_key=f"{key}:{world.balance.id}",
            **how_many,
            **what_for,
        )
        return "done"

    if verb in {"clear", "write_off"}:
        for world in worlds:
            tell(world, "quarantine" if verb == "clear" else "damage", key="before")
    for world, outcomes in race(worlds, *[lambda world: tell(world, verb)] * 4):
        assert outcomes == ["done"] * 4
        assert Movement.objects.filter(cause_key=f"one:{world.balance.id}").count() == 1


def test_a_delivery_of_a_lot_that_is_recalled_meanwhile_does_not_go_on_sale():
    balance = make.balance(3)
    lot = Lot.objects.create(item=balance.item, number="L1", produced_on=timezone.localdate())

    def deliver() -> Balance:
        return actions.receive(
            item=balance.item,
            warehouse=balance.warehouse,
            quantity=5,
            cause="test",
            cause_key="delivery",
            lot_number="L1",
        )

    with transaction.atomic():
        # The delivery has read its lot and waits for the balance, where the recall finds no unit of the lot yet.
        Balance.objects.select_for_update(no_key=True).get(id=balance.id)
        delivery = start(deliver)
        wait_for_waiters(1)
        recall = start(lambda: actions.recall(lot=lot, reason="test"))
        with contextlib.suppress(TimeoutError):
            recall(within=1)
    assert "Error" not in recall()
    assert delivery() in {str(balance), "LotError"}
    balance.refresh_from_db()
    assert balance.available == 3


# --- Fences ---------------------------------------------------------------------------------------------------------


def test_units_are_set_aside_or_held_but_not_both():
    worlds = [World(balance=make.balance(5)) for _ in range(ROUNDS)]

    def set_aside(world: World) -> str:
        fence(world, 3)
        return "fenced"

    for world, outcomes in race(worlds, *[set_aside] * 3, *[buyer(units=3)] * 3):
        assert sorted(outcomes)[:5] == ["OutOfStock"] * 5
        assert counters(world.balance) in {(5, 3, 0, 0), (5, 0, 0, 3)}


def test_fence_given_back_claimed_and_released_into_at_once_stays_whole():
    worlds = []
    for _ in range(2 * ROUNDS):
        world = World(balance=make.balance(4))
        world.fence = fence(world, 4)
        world.inside = claim(world.balance, purpose="drop")
        worlds.append(world)

    def give_back(world: World) -> int:
        return actions.give_back(fence=world.fence, cause_key=f"back:{world.fence.id}")

    def release(world: World) -> bool:
        return actions.release(hold_id=world.inside.id)

    # What is free for everybody counts for the drop as well, so both claims can always be served.
    for world, outcomes in race(worlds, give_back, release, *[buyer(purpose="drop", units=2)] * 2):
        given, released, *claims = outcomes
        assert released == "True"
        assert given in {"0", "1", "2", "3", "4"}
        assert claims.count("sold") >= 1
        sold = 2 * claims.count("sold")
        world.fence.refresh_from_db()
        assert (world.fence.open, world.fence.remaining) == (False, 0)
        assert counters(world.balance) == (4, sold, 0, 0)
        # Everything is free for everybody in the end, but for what was claimed.
        for hold in Hold.objects.filter(lines__balance=world.balance, state=Hold.State.ACTIVE).distinct():
            actions.release(hold_id=hold.id)
        assert counters(world.balance) == (4, 0, 0, 0)


def test_parts_given_back_and_claims_for_the_purpose_never_exceed_the_fence():
    worlds = []
    for _ in range(ROUNDS):
        world = World(balance=make.balance(5))
        world.fence = fence(world, 5)
        worlds.append(world)

    def give_part(world: World) -> int:
        return actions.give_back(fence=world.fence, quantity=2, cause_key=f"back:{next(SERIAL)}")

    for world, outcomes in race(worlds, *[give_part] * 3, *[buyer(purpose="drop", units=2)] * 3):
        assert set(outcomes) <= {"2", "FenceError", "sold", "OutOfStock"}
        world.fence.refresh_from_db()
        on_hand, units, _allocated, fenced = counters(world.balance)
        assert (on_hand, fenced) == (5, world.fence.remaining)
        assert units == 2 * outcomes.count("sold") <= 5
