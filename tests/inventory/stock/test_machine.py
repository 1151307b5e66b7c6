"""Random histories of everything that changes stock, told to the product and to a model of it, which must agree."""

from collections.abc import Callable, Hashable
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from inventory.models import Balance, Hold, Item, Warehouse
from inventory.stock import actions, proofs
from inventory.stock.errors import StockError
from inventory.stock.models import (
    BundleComponent,
    HoldLine,
    Lot,
    LotBalance,
    Restock,
    RingFence,
    Transfer,
    TransferLine,
)
from inventory.stock.sourcing import Parcels
from tests import factories as make
from tests.inventory.stock.model_of_stock import Shelf, StockRoom, contents

COUNTERS = ("on_hand", "held", "allocated", "fenced", "quarantined", "damaged")
SPOT = ("item__sku", "warehouse__code")
OF_BALANCE = ("balance__item__sku", "balance__warehouse__code")

THINGS = ("CUP", "FAN", "PIN")
PLACES = ("LON", "LIL", "NGB")
SET = {"CUP": 1, "FAN": 2}
LIMITS = {"PIN": 4}
PURPOSES = ("drop", "trade")
HOLDERS = ("ann", "bob")
# Units, safety stock and how far promises may go beyond what is there; two of the nine balances are not there yet.
START = {
    ("CUP", "LON"): (4, 0, 0),
    ("CUP", "LIL"): (5, 1, 0),
    ("CUP", "NGB"): (3, 0, 2),
    ("FAN", "LON"): (16, 2, 0),
    ("FAN", "NGB"): (8, 0, 3),
    ("PIN", "LON"): (2, 0, 4),
    ("PIN", "LIL"): (4, 0, 0),
}
SET_ASIDE = [(("CUP", "LON"), "drop", 4), (("FAN", "NGB"), "trade", 3), (("FAN", "LON"), "drop", 2)]
LOTS = {"L1": 20, "L2": 10, "L3": 10}  # produced on which day of January
IN_LOTS = [(("CUP", "LON"), "L1", 4), (("CUP", "LON"), "L2", 4), (("PIN", "LIL"), "L1", 3), (("PIN", "LIL"), "L3", 3)]
# What units that are looked at leave, and what they become.
CHANGES = [
    ("quarantine", "fit", "inspect"),
    ("clear", "inspect", "fit"),
    ("damage", "fit", "damaged"),
    ("damage", "inspect", "damaged"),
    ("write_off", "damaged", ""),
    ("write_off", "inspect", ""),
    ("write_off", "fit", ""),
]

things, places, conditions = (st.sampled_from(one) for one in (THINGS, PLACES, ("fit", "inspect", "damaged")))
purposes, few, any_of = st.sampled_from(PURPOSES), st.integers(1, 5), st.integers(0, 99)
orders = st.permutations(PLACES).flatmap(lambda order: st.sampled_from([order[:1], order[:2], order, order]))
fits = st.sampled_from(["fit", "fit", "inspect"])
purchases = st.fixed_dictionaries(
    {
        "demand": st.fixed_dictionaries({"PIN": st.integers(1, 3)})
        | st.dictionaries(st.sampled_from((*THINGS, "SET")), st.integers(1, 4), min_size=1, max_size=3),
        "order": orders,
        "holder": st.sampled_from(["ann", "ann", "bob"]),
        "purpose": st.sampled_from(["", "", *PURPOSES]),
        "parcels": st.sampled_from(["fewest", "nearest", "one"]),
        "live_limit": st.sampled_from([0, 0, 2]),
        "minutes": st.sampled_from([None, 60, 60, -1]),
        "paid": st.booleans(),
    }
)


def outcome(call: Callable[[], Any]) -> Any:
    """What a call answers, or the class of its refusal. Anything but a refusal by name is a failure."""
    try:
        return call()
    except StockError as refusal:
        return type(refusal)


def when(*states: str) -> Callable[[Any], Any]:
    """A rule that is worth trying once some hold is in one of these states."""
    return precondition(lambda self: any(claim.state in states for claim in self.model.claims.values()))


class Histories(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.places: dict[str, Warehouse] = {one: make.warehouse(one, "GB") for one in PLACES}
        self.items: dict[str, Item] = {one: make.item(one) for one in (*THINGS, "SET")}
        for thing, units in SET.items():
            BundleComponent.objects.create(bundle=self.items["SET"], component=self.items[thing], quantity=units)
        for thing, limit in LIMITS.items():
            Item.objects.filter(sku=thing).update(limit_per_holder=limit)
        self.model = StockRoom({"SET": SET}, LIMITS)
        for spot, (units, safety, backorder) in START.items():
            Balance.objects.create(**self.at(spot), safety=safety, backorder_limit=backorder)
            self.model.shelves[spot] = Shelf(safety=safety, backorder=backorder)
            self.model.receive(spot, "fit", units)
            actions.receive(**self.at(spot), quantity=units, cause="start", cause_key=f"start:{spot}")
        for spot, lot, units in IN_LOTS:
            self.model.receive(spot, "fit", units, lot, LOTS[lot])
            facts = {"lot_number": lot, "produced_on": date(2026, 1, LOTS[lot])}
            actions.receive(**self.at(spot), quantity=units, cause="start", cause_key=f"start:{spot}:{lot}", **facts)
        for spot, purpose, units in SET_ASIDE:
            self.model.set_aside(spot, units, purpose)
            actions.set_aside(**self.at(spot), quantity=units, purpose=purpose, cause_key=f"start:{spot}:{purpose}")
        self.holds: dict[str, UUID] = {"nobody's": uuid4()}
        self.transfers: dict[str, Transfer] = {}
        self.keyed: list[Callable[[], Any]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # What must be so after every step

    @invariant()
    def model_and_product_agree(self) -> None:
        counters = {tuple(row[:2]): row[2:] for row in Balance.objects.values_list(*SPOT, *COUNTERS)}
        assert counters == {spot: shelf.counters for spot, shelf in self.model.shelves.items()}
        fences = RingFence.objects.values_list(*OF_BALANCE, "purpose", "remaining", "open")
        assert {(row[:2], row[2]): row[3:] for row in fences} == {
            at: (fence.remaining, fence.open) for at, fence in self.model.fences.items()
        }
        lots = LotBalance.objects.filter(units__gt=0)
        assert {(row[:2], row[2]): row[3] for row in lots.values_list(*OF_BALANCE, "lot__number", "units")} == {
            (spot, lot): units
            for spot, shelf in self.model.shelves.items()
            for lot, units in shelf.lots.items()
            if units
        }

    @invariant()
    def claims_agree(self) -> None:
        assert dict(Hold.objects.values_list("cause_key", "state")) == {
            name: claim.state for name, claim in self.model.claims.items()
        }
        lines = HoldLine.objects.values_list(
            "hold__cause_key", *OF_BALANCE, "fence__purpose", "quantity", "shipped", "cancelled"
        )
        assert {(name, ((thing, place), source or "")): tuple(n) for name, thing, place, source, *n in lines} == {
            (name, at): (line.quantity, line.shipped, line.cancelled)
            for name, claim in self.model.claims.items()
            for at, line in claim.lines.items()
        }

    @invariant()
    def journeys_and_restocks_agree(self) -> None:
        legs = TransferLine.objects.values_list(
            "transfer__cause_key", "item__sku", "lot__number", "quantity", "received", "lost"
        )
        assert {(name, (thing, lot or "")): tuple(numbers) for name, thing, lot, *numbers in legs} == {
            (name, at): (leg.quantity, leg.received, leg.lost)
            for name, journey in self.model.journeys.items()
            for at, leg in journey.legs.items()
        }
        assert sorted(Restock.objects.values_list(*OF_BALANCE)) == sorted(spot for spot, _free in self.model.restocks)

    @invariant()
    def the_proofs_hold(self) -> None:
        assert proofs.differences() == {}
        for shelf in self.model.shelves.values():
            assert 0 <= shelf.claims <= shelf.on_hand + shelf.backorder

    # Doing

    def at(self, spot: tuple[str, str]) -> dict[str, Any]:
        return {"item": self.items[spot[0]], "warehouse": self.places[spot[1]]}

    def new_key(self) -> str:
        self.serial = getattr(self, "serial", 0) + 1
        return f"key-{self.serial}"

    def do(
        self,
        by_model: Callable[[], Hashable],
        by_product: Callable[[], Hashable],
        *,
        again: Hashable = "the same",
        keyed: bool = True,
        sweeps: bool = False,
    ) -> Hashable:
        """Let both do it and compare what they answer; then do it again, which changes nothing."""
        before = contents()
        expected, got = outcome(by_model), outcome(by_product)
        assert got == expected
        refused = isinstance(expected, type)
        after = contents()
        if refused and not sweeps:
            assert after == before
        assert outcome(by_product) == (expected if refused or again == "the same" else again)
        assert contents() == after
        if keyed and not refused:
            self.keyed.append(by_product)
        return expected

    def do_goods(self, by_model: Callable[[], Any], verb: Callable[..., Any], **facts: Any) -> None:
        call = partial(verb, **facts, cause_key=self.new_key())
        self.do(lambda: by_model() and None, lambda: call() and None)

    @precondition(lambda self: self.keyed)
    @rule(which=any_of)
    def repeat_what_was_done_long_ago(self, which: int) -> None:
        before = contents()
        outcome(self.keyed[which % len(self.keyed)])
        assert contents() == before

    # Goods

    @rule(thing=things, place=places, units=few, condition=conditions)
    def receive(self, thing: str, place: str, units: int, condition: str) -> None:
        spot = thing, place
        self.do_goods(
            partial(self.model.receive, spot, condition, units),
            actions.receive,
            **self.at(spot),
            quantity=units,
            cause="delivery",
            condition=actions.Condition(condition),
        )

    @rule(thing=things, place=places, units=few, lot=st.sampled_from(list(LOTS)), condition=fits)
    def receive_a_lot(self, thing: str, place: str, units: int, lot: str, condition: str) -> None:
        spot = thing, place
        self.do_goods(
            partial(self.model.receive, spot, condition, units, lot, LOTS[lot]),
            actions.receive,
            **self.at(spot),
            quantity=units,
            cause="delivery",
            condition=actions.Condition(condition),
            lot_number=lot,
            produced_on=date(2026, 1, LOTS[lot]),
        )

    @rule(thing=things, place=places, delta=st.integers(-4, 3).filter(bool))
    def correct(self, thing: str, place: str, delta: int) -> None:
        spot = thing, place
        self.do_goods(
            partial(self.model.correct, spot, delta), actions.correct, **self.at(spot), delta=delta, cause="count"
        )

    @rule(thing=things, place=places, units=st.integers(1, 3), change=st.sampled_from(CHANGES))
    def inspect(self, thing: str, place: str, units: int, change: tuple[str, str, str]) -> None:
        verb, out_of, into = change
        self.do_goods(
            partial(self.model.change, (thing, place), units, out_of=out_of, into=into),
            getattr(actions, verb),
            **self.at((thing, place)),
            **({"found": actions.Condition(out_of)} if verb in {"damage", "write_off"} else {}),
            quantity=units,
            cause="inspection",
        )

    @precondition(lambda self: self.model.lots)
    @rule(which=any_of, place=places, units=few)
    def quarantine_of_a_lot(self, which: int, place: str, units: int) -> None:
        thing, number = list(self.model.lots)[which % len(self.model.lots)]
        self.do_goods(
            partial(self.model.change, (thing, place), units, out_of="fit", into="inspect", lot=number),
            actions.quarantine,
            **self.at((thing, place)),
            quantity=units,
            cause="inspection",
            lot=Lot.objects.get(item__sku=thing, number=number),
        )

    @precondition(lambda self: self.model.lots)
    @rule(which=any_of)
    def recall(self, which: int) -> None:
        thing, number = list(self.model.lots)[which % len(self.model.lots)]
        lot = Lot.objects.get(item__sku=thing, number=number)

        def product() -> Hashable:
            rows = actions.recall(lot=lot, reason="glaze")
            return frozenset((one.warehouse, one.quarantined, one.claimed) for one in rows)

        done = outcome(lambda: frozenset(self.model.recall(thing, number)))
        left = frozenset((place, 0, claimed) for place, _taken, claimed in done if claimed)
        self.do(lambda: done, product, again=left, keyed=False)

    # Fences

    @rule(thing=things, place=places, units=few, purpose=purposes)
    def set_aside(self, thing: str, place: str, units: int, purpose: str) -> None:
        spot, key = (thing, place), self.new_key()
        self.do(
            partial(self.model.set_aside, spot, units, purpose),
            lambda: actions.set_aside(**self.at(spot), quantity=units, purpose=purpose, cause_key=key).remaining,
        )

    @precondition(lambda self: self.model.fences)
    @rule(which=any_of, units=st.none() | st.integers(1, 4))
    def give_back(self, which: int, units: int | None) -> None:
        spot, purpose = list(self.model.fences)[which % len(self.model.fences)]
        fence = RingFence.objects.get(balance__item__sku=spot[0], balance__warehouse__code=spot[1], purpose=purpose)
        call = partial(actions.give_back, fence=fence, quantity=units, cause_key=self.new_key())
        # An empty fence closes without a trace in the ledger that a repetition long after could find.
        moves = self.model.fences[spot, purpose].remaining > 0
        self.do(partial(self.model.give_back, spot, purpose, units), call, again=0, keyed=moves)

    # Holds

    @initialize(several=st.lists(purchases, min_size=5, max_size=8))
    def people_have_bought_already(self, several: list[dict[str, Any]]) -> None:
        for purchase in several:
            self.buy(**purchase)

    @rule(purchase=purchases)
    def hold(self, purchase: dict[str, Any]) -> None:
        self.buy(**purchase)

    def buy(
        self, *, demand: dict[str, int], order: list[str], parcels: str, minutes: int | None, paid: bool, **facts: Any
    ) -> None:
        name, expires = self.new_key(), None if minutes is None else timezone.now() + timedelta(minutes=minutes)

        def product() -> None:
            self.holds[name] = actions.hold(
                demand={self.items[thing].id: units for thing, units in demand.items()},
                warehouses=[self.places[place].id for place in order],
                cause_key=name,
                expires_at=expires,
                parcels=Parcels(parcels),
                **facts,
            ).id

        model = partial(self.model.hold, name, demand, order, parcels=parcels, due=minutes == -1, **facts)
        self.do(model, product, sweeps=True)
        if paid and name in self.model.claims:
            self.do(partial(self.model.commit, name), partial(actions.commit, hold_id=self.holds[name]), again=False)

    def one_of(self, which: int, *states: str) -> str:
        """One of the holds, two times in three one in these states."""
        names = [name for name, claim in self.model.claims.items() if claim.state in states]
        if not names or which % 3 == 2:
            names = list(self.holds)
        return names[-1 - which // 3 % len(names)]

    @when("active")
    @rule(which=any_of, holder=st.sampled_from(["", "", *HOLDERS]), minutes=st.sampled_from([5, 90, None]))
    def extend(self, which: int, holder: str, minutes: int | None) -> None:
        name, expires = self.one_of(which, "active"), minutes and timezone.now() + timedelta(minutes=minutes)
        call = partial(actions.extend, hold_id=self.holds[name], expires_at=expires, holder=holder)
        self.do(partial(self.model.extend, name, holder), call, keyed=False)

    @when("active")
    @rule(which=any_of, holder=st.sampled_from(["", "", "", *HOLDERS]))
    def commit(self, which: int, holder: str) -> None:
        name = self.one_of(which, "active")
        call = partial(actions.commit, hold_id=self.holds[name], holder=holder)
        self.do(partial(self.model.commit, name, holder), call, again=False)

    @when("active")
    @rule(which=any_of, holder=st.sampled_from(["", "", "", *HOLDERS]))
    def release(self, which: int, holder: str) -> None:
        name = self.one_of(which, "active")
        call = partial(actions.release, hold_id=self.holds[name], holder=holder)
        self.do(partial(self.model.release, name, holder), call, again=False)

    @when("committed")
    @rule(which=any_of, verb=st.sampled_from(["ship", "ship", "cancel"]))
    def settle_the_whole(self, which: int, verb: str) -> None:
        name = self.one_of(which, "committed")
        call = partial(getattr(actions, verb), hold_id=self.holds[name])
        self.do(partial(self.model.settle, name, verb), call, again=False)

    @when("committed")
    @rule(
        which=any_of,
        parcels=st.lists(
            st.tuples(st.sampled_from(["ship", "cancel"]), st.integers(1, 3), st.sampled_from([1, 1, 2, 9])),
            min_size=1,
            max_size=3,
        ),
    )
    def settle_in_parts(self, which: int, parcels: list[tuple[str, int, int]]) -> None:
        name = self.one_of(which, "committed")
        if name not in self.model.claims:
            return
        ids = {
            ((thing, place), source or ""): line
            for line, thing, place, source in HoldLine.objects.filter(hold_id=self.holds[name]).values_list(
                "id", *OF_BALANCE, "fence__purpose"
            )
        }
        for verb, lines, units in parcels:
            some = list(self.model.claims[name].lines.items())[:lines]
            parts, key = {at: min(units, line.outstanding + 1) for at, line in some}, self.new_key()
            call = partial(
                getattr(actions, verb),
                hold_id=self.holds[name],
                parts={ids[at]: number for at, number in parts.items()},
                key=key,
            )
            self.do(partial(self.model.settle, name, verb, parts, key), call, again=False)

    @when("active")
    @rule(which=any_of)
    def time_passes_over_a_hold(self, which: int) -> None:
        live = [name for name, claim in self.model.claims.items() if claim.state == "active"]
        name = live[which % len(live)]
        Hold.objects.filter(id=self.holds[name]).update(expires_at=timezone.now() - timedelta(seconds=1))
        self.model.claims[name].due = True

    @precondition(lambda self: any(claim.due for claim in self.model.claims.values()))
    @rule()
    def expire_due(self) -> None:
        names = {hold: name for name, hold in self.holds.items()}
        self.do(
            lambda: frozenset(self.model.expire_due()),
            lambda: frozenset(names[hold] for hold in actions.expire_due()),
            again=frozenset(),
            keyed=False,
        )

    @when("shipped", "committed")
    @rule(which=any_of, thing=things, place=places, units=st.integers(1, 3), condition=conditions)
    def return_units(self, which: int, thing: str, place: str, units: int, condition: str) -> None:
        name = self.one_of(which, "shipped", "committed")
        claim = self.model.claims.get(name)
        if claim and which % 3:  # more often than not, something that it held
            thing = next(iter(claim.lines))[0][0]
        self.do_goods(
            partial(self.model.return_units, name, (thing, place), units, condition),
            actions.return_units,
            hold_id=self.holds[name],
            **self.at((thing, place)),
            quantity=units,
            condition=actions.Condition(condition),
        )

    # Transfers

    @rule(source=places, destination=places, lines=st.dictionaries(things, few, min_size=1, max_size=3))
    def send_transfer(self, source: str, destination: str, lines: dict[str, int]) -> None:
        name = self.new_key()

        def product() -> None:
            self.transfers[name] = actions.send_transfer(
                source=self.places[source],
                destination=self.places[destination],
                lines={self.items[thing].id: units for thing, units in lines.items()},
                cause_key=name,
            )

        self.do(partial(self.model.send, name, source, destination, lines), product)

    def a_transfer(self, which: int) -> str:
        under_way = [name for name, one in self.model.journeys.items() if one.state == "in_transit"]
        names = list(self.model.journeys) if not under_way or which % 8 == 7 else under_way
        return names[which // 8 % len(names)]

    @precondition(lambda self: self.model.journeys)
    @rule(which=any_of, units=st.none() | any_of, lines=st.integers(1, 3))
    def receive_transfer(self, which: int, units: int | None, lines: int) -> None:
        name, key, parts = self.a_transfer(which), self.new_key(), None
        if units is not None:
            legs = list(self.model.journeys[name].legs.items())[:lines]
            parts = {at: 1 + units % (leg.on_the_way + 1) for at, leg in legs}
        rows = self.transfers[name].lines.values_list("id", "item__sku", "lot__number")
        ids = {(thing, lot or ""): line for line, thing, lot in rows}
        asked = parts and {ids[at]: number for at, number in parts.items()}
        self.do(
            partial(self.model.arrive, name, parts),
            lambda: actions.receive_transfer(transfer=self.transfers[name], parts=asked, key=key).state,
        )

    @precondition(lambda self: self.model.journeys)
    @rule(which=any_of)
    def close_transfer(self, which: int) -> None:
        name = self.a_transfer(which)
        call = partial(actions.close_transfer, transfer=self.transfers[name])
        self.do(partial(self.model.close, name), lambda: call().state, keyed=False)


@pytest.mark.django_db
def test_any_history_leaves_what_the_model_says_and_nothing_else():
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=25, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
