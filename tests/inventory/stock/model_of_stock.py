"""What the stock room should do, told once more in plain Python: nothing is shared with it but error names.

Beside it, what the tests compare before and after a refusal: :func:`contents` of the real tables, and :func:`refused`, which does.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.db import connection

from inventory.stock import proofs
from inventory.stock.errors import (
    AlreadyShipped,
    ClaimExceeded,
    FenceError,
    ForeignHold,
    HolderLimit,
    HoldExpired,
    HoldNotActive,
    HoldUnknown,
    LotError,
    OutOfStock,
    TransferError,
)

Spot = tuple[str, str]  # thing, place
TABLES = (
    "balance",
    "ringfence",
    "hold",
    "holdline",
    "movement",
    "lot",
    "lotbalance",
    "lotmovement",
    "transfer",
    "transferline",
    "restock",
)
COUNTER = {"fit": "on_hand", "inspect": "quarantined", "damaged": "damaged"}


@dataclass
class Shelf:
    on_hand: int = 0
    held: int = 0
    allocated: int = 0
    fenced: int = 0
    quarantined: int = 0
    damaged: int = 0
    safety: int = 0
    backorder: int = 0
    lots: dict[str, int] = field(default_factory=dict)

    @property
    def counters(self) -> tuple[int, ...]:
        return self.on_hand, self.held, self.allocated, self.fenced, self.quarantined, self.damaged

    @property
    def claims(self) -> int:
        return self.held + self.allocated + self.fenced

    @property
    def free(self) -> int:
        return self.on_hand + self.backorder - self.safety - self.claims

    @property
    def removable(self) -> int:
        """Units fit for sale that can leave without breaking a promise; the safety stock is among them."""
        return min(self.on_hand, self.on_hand + self.backorder - self.claims)


@dataclass
class Fence:
    remaining: int = 0
    open: bool = True


@dataclass
class Line:
    spot: Spot
    purpose: str  # empty: from the general stock
    quantity: int
    shipped: int = 0
    cancelled: int = 0

    @property
    def outstanding(self) -> int:
        return self.quantity - self.shipped - self.cancelled


@dataclass
class Claim:
    holder: str
    due: bool
    lines: dict[tuple[Spot, str], Line]
    state: str = "active"
    told: set[tuple[str, str]] = field(default_factory=set)
    returned: Counter = field(default_factory=Counter)


@dataclass
class Leg:
    quantity: int
    received: int = 0
    lost: int = 0

    @property
    def on_the_way(self) -> int:
        return self.quantity - self.received - self.lost


@dataclass
class Journey:
    destination: str
    legs: dict[tuple[str, str], Leg]  # thing, lot (empty: of no known lot)
    state: str = "in_transit"


class StockRoom:
    def __init__(self, bundles: dict[str, dict[str, int]], limits: dict[str, int]) -> None:
        self.bundles, self.limits = bundles, limits
        self.shelves: dict[Spot, Shelf] = {}
        self.fences: dict[tuple[Spot, str], Fence] = {}
        self.claims: dict[str, Claim] = {}
        self.journeys: dict[str, Journey] = {}
        self.lots: dict[tuple[str, str], tuple[int, int]] = {}  # thing, number → produced on (day), how manyeth
        self.recalled: set[tuple[str, str]] = set()
        self.restocks: list[tuple[Spot, int]] = []

    # Goods

    def shelf(self, spot: Spot) -> Shelf:
        return self.shelves.setdefault(spot, Shelf())

    def add(self, spot: Spot, condition: str, quantity: int, lot: str = "") -> None:
        shelf = self.shelf(spot)
        before = shelf.free
        setattr(shelf, COUNTER[condition], getattr(shelf, COUNTER[condition]) + quantity)
        if lot:
            shelf.lots[lot] = shelf.lots.get(lot, 0) + quantity
        if before <= 0 < shelf.free and condition == "fit":
            self.restocks.append((spot, shelf.free))

    def remove(self, spot: Spot, quantity: int, lot: str = "") -> dict[str, int]:
        """Take fit, unclaimed units; return how many of which lot: what is in no lot leaves first, then by age."""
        shelf = self.shelves.get(spot)
        if shelf is None or quantity > shelf.removable:
            raise ClaimExceeded
        if lot and shelf.lots.get(lot, 0) < quantity:
            raise LotError
        shelf.on_hand -= quantity
        return self.leave_lots(spot, {lot: quantity} if lot else None)

    def leave_lots(self, spot: Spot, named: dict[str, int] | None = None) -> dict[str, int]:
        shelf, taken = self.shelves[spot], dict(named or {})
        for lot, quantity in taken.items():
            shelf.lots[lot] -= quantity
        for lot in sorted(shelf.lots, key=lambda number: self.lots[spot[0], number]):
            units = min(shelf.lots[lot], max(sum(shelf.lots.values()) - shelf.on_hand, 0))
            if units:
                shelf.lots[lot] -= units
                taken[lot] = taken.get(lot, 0) + units
        return taken

    def receive(self, spot: Spot, condition: str, quantity: int, lot: str = "", day: int = 0) -> None:
        if lot and (condition != "fit" or (spot[0], lot) in self.recalled):
            raise LotError
        if lot:
            self.lots.setdefault((spot[0], lot), (day, len(self.lots)))
        self.add(spot, condition, quantity, lot)

    def correct(self, spot: Spot, delta: int) -> None:
        if delta > 0:
            self.add(spot, "fit", delta)
        else:
            self.remove(spot, -delta)

    def change(self, spot: Spot, quantity: int, *, out_of: str, into: str = "", lot: str = "") -> None:
        """Quarantine, clear, damage, write off: units leave one condition for another, or for good."""
        shelf = self.shelves.get(spot)
        if out_of == "fit":
            self.remove(spot, quantity, lot)
        elif shelf is None or getattr(shelf, COUNTER[out_of]) < quantity:
            raise ClaimExceeded
        else:
            setattr(shelf, COUNTER[out_of], getattr(shelf, COUNTER[out_of]) - quantity)
        if into:
            self.add(spot, into, quantity)

    def return_units(self, name: str, spot: Spot, quantity: int, condition: str) -> None:
        claim = self.claims.get(name)
        if claim is None:
            raise HoldUnknown
        shipped = sum(line.shipped for line in claim.lines.values() if line.spot[0] == spot[0])
        if quantity > shipped - claim.returned[spot[0]]:
            raise ClaimExceeded
        claim.returned[spot[0]] += quantity
        self.add(spot, condition, quantity)

    def recall(self, thing: str, lot: str) -> set[tuple[str, int, int]]:
        self.recalled.add((thing, lot))
        done = set()
        for spot, shelf in self.shelves.items():
            there = shelf.lots.get(lot, 0) if spot[0] == thing else 0
            if there:
                units = min(there, max(shelf.removable, 0))
                if units:
                    self.change(spot, units, out_of="fit", into="inspect", lot=lot)
                done.add((spot[1], units, there - units))
        return done

    # Fences

    def set_aside(self, spot: Spot, quantity: int, purpose: str) -> int:
        shelf = self.shelves.get(spot)
        if shelf is None or quantity > shelf.free:
            raise OutOfStock([])
        fence = self.fences.setdefault((spot, purpose), Fence())
        shelf.fenced += quantity
        fence.remaining += quantity
        fence.open = True
        return fence.remaining

    def give_back(self, spot: Spot, purpose: str, quantity: int | None) -> int:
        fence = self.fences[spot, purpose]
        if quantity is None and not fence.open:
            return 0
        if not fence.open or (quantity or 0) > fence.remaining:
            raise FenceError
        back = fence.remaining if quantity is None else quantity
        fence.remaining -= back
        fence.open = quantity is not None
        self.shelves[spot].fenced -= back
        return back

    # Holds

    def counted(self, demand: dict[str, int]) -> Counter:
        total: Counter = Counter()
        for thing, quantity in demand.items():
            for part, each in self.bundles.get(thing, {thing: 1}).items():
                total[part] += quantity * each
        return total

    def room(self, spot: Spot, purpose: str) -> int:
        if spot not in self.shelves:
            return 0
        fence = self.fences.get((spot, purpose), Fence())
        return max(self.shelves[spot].free, 0) + fence.remaining

    def plan(self, wanted: Counter, places: list[str], purpose: str, parcels: str) -> Counter | None:
        room = {(thing, place): self.room((thing, place), purpose) for thing in wanted for place in places}
        for place in places:
            if all(room[thing, place] >= units for thing, units in wanted.items()):
                return Counter({(thing, place): units for thing, units in wanted.items()})
        if parcels == "one" or any(sum(room[thing, one] for one in places) < n for thing, n in wanted.items()):
            return None
        missing, picks, left = Counter(wanted), Counter(), list(places)
        while missing.total():
            gives = {one: sum(min(n, room[thing, one]) for thing, n in missing.items()) for one in left}
            place = left[0] if parcels == "nearest" else max(left, key=gives.__getitem__)
            left.remove(place)
            for thing in wanted:
                picks[thing, place] += min(missing[thing], room[thing, place])
                missing[thing] -= picks[thing, place]
        return +picks

    def hold(
        self,
        name: str,
        demand: dict[str, int],
        places: list[str],
        holder: str,
        *,
        purpose: str = "",
        parcels: str = "fewest",
        live_limit: int = 0,
        due: bool = False,
    ) -> None:
        wanted = self.counted(demand)
        picks = self.plan(wanted, places, purpose, parcels)
        if picks is None:
            # Nobody is told "sold out" while units lie in holds whose time is over.
            self.expire_due(set(wanted))
            picks = self.plan(wanted, places, purpose, parcels)
        if picks is None:
            raise OutOfStock([])
        self.within_limits(holder, wanted, live_limit)
        lines: dict[tuple[Spot, str], Line] = {}
        for spot, units in picks.items():
            fence = self.fences.get((spot, purpose), Fence()) if purpose else Fence()
            fenced = min(fence.remaining, units)
            fence.remaining -= fenced
            self.shelves[spot].fenced -= fenced
            self.shelves[spot].held += units
            for source, part in ((purpose, fenced), ("", units - fenced)):
                if part:
                    lines[spot, source] = Line(spot, source, part)
        self.claims[name] = Claim(holder, due, lines)

    def within_limits(self, holder: str, wanted: Counter, live_limit: int) -> None:
        mine = [one for one in self.claims.values() if one.holder == holder]
        live = [one for one in mine if one.state == "active" and not one.due]
        if 0 < live_limit <= len(live):
            raise HolderLimit
        standing = live + [one for one in mine if one.state == "committed"]
        for thing, units in wanted.items():
            has = sum(line.outstanding for one in standing for line in one.lines.values() if line.spot[0] == thing)
            if thing in self.limits and has + units > self.limits[thing]:
                raise HolderLimit

    def extend(self, name: str, holder: str) -> None:
        claim = self.mine(name, holder)
        if claim.state != "active":
            raise HoldNotActive
        if claim.due:
            raise HoldExpired

    def mine(self, name: str, holder: str) -> Claim:
        claim = self.claims.get(name)
        if claim is None:
            raise HoldUnknown
        if holder and claim.holder != holder:
            raise ForeignHold
        return claim

    def commit(self, name: str, holder: str = "") -> bool:
        claim = self.mine(name, holder)
        if ("commit", "") in claim.told:
            return False
        if claim.state != "active":
            raise HoldNotActive
        if claim.due:
            raise HoldExpired
        for line in claim.lines.values():
            self.shelves[line.spot].held -= line.quantity
            self.shelves[line.spot].allocated += line.quantity
        return self.carried(claim, "commit", "committed")

    def release(self, name: str, holder: str = "", verb: str = "release", to: str = "released") -> bool:
        claim = self.mine(name, holder)
        if (verb, "") in claim.told:
            return False
        if claim.state != "active":
            raise HoldNotActive
        for line in claim.lines.values():
            self.shelves[line.spot].held -= line.quantity
            self.back_to_its_fence(line, line.quantity)
        return self.carried(claim, verb, to)

    def expire_due(self, touching: set[str] | None = None) -> set[str]:
        gone = {
            name
            for name, claim in self.claims.items()
            if claim.state == "active"
            and claim.due
            and (touching is None or touching & {line.spot[0] for line in claim.lines.values()})
        }
        for name in gone:
            self.release(name, verb="expire", to="expired")
        return gone

    def back_to_its_fence(self, line: Line, units: int) -> None:
        fence = self.fences[line.spot, line.purpose] if line.purpose else None
        if fence and fence.open:
            fence.remaining += units
            self.shelves[line.spot].fenced += units

    @staticmethod
    def carried(claim: Claim, verb: str, to: str, key: str = "") -> bool:
        claim.told.add((verb, key))
        claim.state = to
        return True

    def settle(self, name: str, verb: str, parts: dict[tuple[Spot, str], int] | None = None, key: str = "") -> bool:
        """Cancel or ship, whole or in parts."""
        claim = self.mine(name, "")
        if (verb, key) in claim.told:
            return False
        if verb == "cancel" and claim.state == "shipped":
            raise AlreadyShipped
        if claim.state != "committed":
            raise HoldNotActive
        if parts is None:
            parts = {at: line.outstanding for at, line in claim.lines.items() if line.outstanding}
        if any(units > claim.lines[at].outstanding for at, units in parts.items()):
            raise ClaimExceeded
        leaving: Counter = Counter()
        for (spot, _source), units in parts.items():
            leaving[spot] += units
        if verb == "ship" and any(units > self.shelves[spot].on_hand for spot, units in leaving.items()):
            raise ClaimExceeded
        for at, units in parts.items():
            line = claim.lines[at]
            self.shelves[line.spot].allocated -= units
            if verb == "ship":
                self.shelves[line.spot].on_hand -= units
                line.shipped += units
            else:
                line.cancelled += units
                self.back_to_its_fence(line, units)
        for spot in leaving if verb == "ship" else ():
            self.leave_lots(spot)
        lines = claim.lines.values()
        if any(line.outstanding for line in lines):
            return self.carried(claim, verb, "committed", key)
        return self.carried(claim, verb, "shipped" if any(line.shipped for line in lines) else "cancelled", key)

    # Transfers

    def send(self, name: str, source: str, destination: str, lines: dict[str, int]) -> None:
        if source == destination:
            raise TransferError
        spots = {(thing, source): units for thing, units in lines.items()}
        if any(spot not in self.shelves or units > self.shelves[spot].removable for spot, units in spots.items()):
            raise ClaimExceeded
        legs = {}
        for spot, units in spots.items():
            of_lots = self.remove(spot, units)
            loose = units - sum(of_lots.values())
            legs.update({(spot[0], lot): Leg(number) for lot, number in of_lots.items()})
            if loose:
                legs[spot[0], ""] = Leg(loose)
        self.journeys[name] = Journey(destination, legs)

    def arrive(self, name: str, parts: dict[tuple[str, str], int] | None) -> str:
        journey = self.journeys[name]
        if journey.state != "in_transit":
            raise TransferError
        if parts is None:
            parts = {at: leg.on_the_way for at, leg in journey.legs.items() if leg.on_the_way}
        if any(units > journey.legs[at].on_the_way for at, units in parts.items()):
            raise TransferError
        for (thing, lot), units in parts.items():
            journey.legs[thing, lot].received += units
            recalled = (thing, lot) in self.recalled  # while it was under way: it arrives, but not on sale
            self.add((thing, journey.destination), "inspect" if recalled else "fit", units, "" if recalled else lot)
        if not any(leg.on_the_way for leg in journey.legs.values()):
            journey.state = "received"
        return journey.state

    def close(self, name: str) -> str:
        journey = self.journeys[name]
        if journey.state == "received":
            raise TransferError
        for leg in journey.legs.values():
            leg.lost = leg.quantity - leg.received
        journey.state = "closed_short"
        return journey.state


def contents() -> dict[str, str | None]:
    """Return a digest of every row of every table of stock; None for an empty table."""
    digests = ", ".join(
        f"(SELECT md5(string_agg(t::text, '|' ORDER BY t.id)) FROM inventory_{table} t)"  # noqa: S608
        for table in TABLES
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {digests}")
        return dict(zip(TABLES, cursor.fetchone(), strict=True))


@contextmanager
def refused(error: type[Exception], match: str | None = None) -> Iterator[pytest.ExceptionInfo]:
    """What happens inside is refused, by exactly this class, and every table stays as it was."""
    before = contents()
    with pytest.raises(error, match=match) as refusal:
        yield refusal
    assert refusal.type is error
    assert contents() == before
    assert proofs.differences() == {}
