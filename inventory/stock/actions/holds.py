"""Holds: claim, extend, commit, release, cancel, ship, expire."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from inventory.stock import queries, retrying, sourcing
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
    Shortage,
    StockBusy,
    UnknownItem,
)
from inventory.stock.models import Balance, Hold, HoldLine, Item
from inventory.stock.quantities import units
from inventory.stock.sourcing import Parcels, Pick

# A plan can be overtaken by other buyers between reading and writing; then it is made anew.
ATTEMPTS = 8
EVERY = 100_000  # holds: a buyer's own sweep leaves none of those on its items
HOLD = "SELECT * FROM inventory_hold(%s)"
SETTLE = "SELECT * FROM inventory_settle(%s, %s, %s, %s::bigint[], %s::int[], %s, %s, %s)"


def hold(
    *,
    demand: Mapping[int, int],
    warehouses: Sequence[int],
    holder: str,
    cause_key: str,
    expires_at: datetime | None,
    cause: str = "",
    channel: str = "",
    purpose: str = "",
    parcels: Parcels = Parcels.FEWEST,
    live_limit: int = 0,
    actor: str = "",
    occurred_at: datetime | None = None,
    gives_up: bool = False,
) -> Hold:
    """Hold all of ``demand`` (item id → units) or nothing, from warehouses in order of preference.

    The first try asks the first warehouse for everything, in one statement; only when it is short the others are asked.
    A bundle claims its components. ``purpose`` also opens what is fenced for it. The same ``cause_key`` again
    returns the first hold, whatever became of it since (see its ``state``). ``holder`` may claim at most
    ``Item.limit_per_holder`` units of an item and, where ``live_limit`` is given, have that many live holds.
    Holds whose time is over count as given back. ``gives_up``: the caller's transaction ends with a refusal, so that
    the locks of a try need not end before where there is one warehouse to ask.

    :raises OutOfStock: with every line that is short and what is left of it.
    :raises HolderLimit: the holder has too many claims already.
    :raises BadQuantity: a quantity is not a whole number between 1 and 1,000,000.
    :raises UnknownItem: an id in ``demand`` is no item.
    :raises StockBusy: the database is away or too contended; try again with the same key.
    """
    if not demand:
        raise BadQuantity("There is nothing to hold.")
    for quantity in demand.values():
        units(quantity)
    attempt = _Attempt(
        holder=holder,
        cause=cause or holder,
        cause_key=cause_key,
        channel=channel,
        purpose=purpose,
        actor=actor,
        expires_at=expires_at,
        occurred_at=occurred_at,
        live_limit=live_limit,
        savepoint=not (gives_up and len(set(warehouses)) == 1),
    )
    warehouses = list(dict.fromkeys(warehouses))
    with retrying.named():
        if warehouses:
            made = attempt.take([Pick(item, warehouses[0], quantity) for item, quantity in demand.items()])
            if made:
                return made
        swept = False  # the first shortage asks for what others hold beyond its time; the second is the answer
        parts = queries.components(demand)
        counted = queries.expand(demand, parts)
        for _ in range(ATTEMPTS):
            offers = queries.offers(item_ids=counted, warehouse_ids=warehouses, purpose=purpose)
            picks, short = sourcing.propose(demand=counted, offers=offers, warehouses=warehouses, parcels=parcels)
            if short and not swept:
                swept = True
                expire_due(item_ids=list(counted), limit=EVERY)
                continue
            if short:
                # The same cause may have taken the last units meanwhile.
                twin = Hold.objects.filter(cause_key=cause_key).first()
                if twin:
                    return twin
                raise _out_of_stock(demand, parts, offers, short, parcels)
            made = attempt.take(picks)
            if made:
                return made
    raise StockBusy("Too many buyers at once; try again.")


class _Attempt:
    """One hold to be made, tried with one set of picks after the other."""

    def __init__(
        self,
        *,
        holder: str,
        cause: str,
        cause_key: str,
        channel: str,
        purpose: str,
        actor: str,
        expires_at: datetime | None,
        occurred_at: datetime | None,
        live_limit: int,
        savepoint: bool,
    ) -> None:
        self.savepoint = savepoint
        self.expires_at = expires_at
        self.holder, self.cause, self.cause_key, self.channel = holder, cause, cause_key, channel
        self.live_limit = live_limit
        self.facts = {
            "holder": holder,
            "cause": cause,
            "cause_key": cause_key,
            "channel": channel,
            "purpose": purpose,
            "actor": actor,
            "expires": expires_at.isoformat() if expires_at else None,
            "occurred": occurred_at.isoformat() if occurred_at else None,
            "live_limit": live_limit,
        }

    def take(self, picks: Sequence[Pick]) -> Hold | None:
        """Hold all picks, or return the hold that this cause made before; None when some warehouse is short."""
        try:
            return self._in_savepoint(picks) if self.savepoint and connection.in_atomic_block else self._take(picks)
        except IntegrityError:
            if connection.in_atomic_block and not self.savepoint:
                raise  # the transaction is lost, and the caller gives up
            # The same cause came twice at the same time, and the other was first.
            twin = Hold.objects.filter(cause_key=self.cause_key).first()
            if twin is None:
                raise
            return twin

    def _in_savepoint(self, picks: Sequence[Pick]) -> Hold | None:
        # A refusal must not keep the row locks it took: they end with the savepoint.
        savepoint = transaction.savepoint()
        made = None
        try:
            made = self._take(picks)
        finally:
            if made is None:
                transaction.savepoint_rollback(savepoint)
            else:
                transaction.savepoint_commit(savepoint)
        return made

    def _take(self, picks: Sequence[Pick]) -> Hold | None:
        asked = {
            "items": _array(pick.item_id for pick in picks),
            "warehouses": _array(pick.warehouse_id for pick in picks),
            "units": _array(pick.quantity for pick in picks),
            **self.facts,
        }
        with connection.cursor() as cursor:
            cursor.execute(HOLD, [json.dumps(asked)])
            outcome, hold_id, items = cursor.fetchone()
        if outcome == "held":
            fields = ("id", "holder", "cause", "cause_key", "channel", "state", "expires_at")
            values = (hold_id, self.holder, self.cause, self.cause_key, self.channel, "active", self.expires_at)
            return Hold.from_db(connection.alias, fields, values)
        if outcome == "again":
            return Hold.objects.get(id=hold_id)
        if outcome == "many_holds":
            raise HolderLimit(f"One customer may have at most {self.live_limit} unpaid claims at a time.")
        if outcome == "many_units":
            limits = Item.objects.filter(id__in=items).values_list("sku", "limit_per_holder")
            raise HolderLimit("; ".join(f"{sku}: at most {limit} per customer" for sku, limit in limits))
        return None


def _array(numbers: Iterable[int]) -> str:
    """Return whole numbers as a PostgreSQL array literal."""
    return "{" + ",".join(map(str, numbers)) + "}"


def _out_of_stock(
    demand: Mapping[int, int],
    parts: Mapping[int, Mapping[int, int]],
    offers: Sequence[sourcing.Offer],
    short: set[int],
    parcels: Parcels,
) -> OutOfStock | UnknownItem:
    left: dict[int, int] = {}
    for offer in offers:
        before = left.get(offer.item_id, 0)
        left[offer.item_id] = max(before, offer.available) if parcels == Parcels.ONE else before + offer.available
    lines = {item: needs for item in demand if (needs := parts.get(item, {item: 1})) and short & needs.keys()}
    skus = dict(Item.objects.filter(id__in=lines).values_list("id", "sku"))
    unknown = sorted(lines.keys() - skus.keys())
    if unknown:
        return UnknownItem(f"There is no item {', '.join(map(str, unknown))}.")
    return OutOfStock(
        [
            Shortage(
                item_id=item,
                sku=skus[item],
                asked=demand[item],
                available=min(left.get(component, 0) // each for component, each in needs.items()),
            )
            for item, needs in sorted(lines.items())
        ]
    )


def _settle(
    hold_id: UUID,
    verb: str,
    *,
    actor: str,
    holder: str = "",
    parts: Mapping[int, int] | None = None,
    key: str = "",
    occurred_at: datetime | None = None,
) -> bool:
    """Carry a hold on by ``sql/settle.sql``. False: this was done before."""
    if parts is not None:
        if not key:
            raise ValueError("A part needs a key of its own, or its repetition could not be told.")
        if not parts:
            raise BadQuantity("A part of no units is no part.")
        for quantity in parts.values():
            units(quantity)
    with retrying.named(), connection.cursor() as cursor:
        lines = list(parts) if parts is not None else None
        quantities = list(parts.values()) if parts is not None else None
        cursor.execute(SETTLE, [hold_id, verb, holder, lines, quantities, key, actor, occurred_at])
        outcome, state = cursor.fetchone()
    if outcome in {"done", "again"}:
        return bool(outcome == "done")
    if outcome == "inactive" and verb == "cancel" and state == Hold.State.SHIPPED:
        raise AlreadyShipped("What has shipped cannot be cancelled; take it back as a return.")
    refusals = {
        "unknown": HoldUnknown("There is no such hold."),
        "foreign": ForeignHold("The hold belongs to somebody else."),
        "expired": HoldExpired("The hold's time is over."),
        "inactive": HoldNotActive(f"The hold is {state}: it cannot be turned by {verb}."),
        "exceeds": ClaimExceeded("The hold has fewer units outstanding than that."),
        "uncovered": ClaimExceeded("The units are promised but not on hand yet."),
    }
    raise refusals[outcome]


def commit(*, hold_id: UUID, holder: str = "", actor: str = "", occurred_at: datetime | None = None) -> bool:
    """Turn a live hold into an allocation (the order is paid). False: it was committed before.

    With ``holder``, here and below, only that holder's own hold is touched.

    :raises HoldExpired: its time is over; the units may be anybody's.
    :raises HoldNotActive: it was released, swept or cancelled before.
    :raises ForeignHold: it is not the holder's.
    """
    return _settle(hold_id, "commit", holder=holder, actor=actor, occurred_at=occurred_at)


def release(*, hold_id: UUID, holder: str = "", actor: str = "", occurred_at: datetime | None = None) -> bool:
    """Give a live hold's units back, fenced ones to their fence. False: it was released before.

    :raises HoldNotActive: it is committed, expired or shipped.
    :raises ForeignHold: it is not the holder's.
    """
    return _settle(hold_id, "release", holder=holder, actor=actor, occurred_at=occurred_at)


def cancel(
    *,
    hold_id: UUID,
    parts: Mapping[int, int] | None = None,
    key: str = "",
    actor: str = "",
    occurred_at: datetime | None = None,
) -> bool:
    """Give an allocation's unshipped units back. False: they were given back before.

    ``parts`` (hold line id → units, with a ``key`` that names this part) cancels only so much.

    :raises AlreadyShipped: everything has left.
    :raises HoldNotActive: it is not committed.
    :raises ClaimExceeded: a part is more than is outstanding.
    """
    return _settle(hold_id, "cancel", parts=parts, key=key, actor=actor, occurred_at=occurred_at)


def ship(
    *,
    hold_id: UUID,
    parts: Mapping[int, int] | None = None,
    key: str = "",
    actor: str = "",
    occurred_at: datetime | None = None,
) -> bool:
    """Take an allocation's units off the shelf, the oldest lots first. False: they were shipped before.

    ``parts`` (hold line id → units, with a ``key`` that names the parcel) ships only so much.

    :raises HoldNotActive: it is not committed.
    :raises ClaimExceeded: a part is more than is outstanding, or the goods (a backorder's) are not there yet.
    """
    return _settle(hold_id, "ship", parts=parts, key=key, actor=actor, occurred_at=occurred_at)


def extend(*, hold_id: UUID, expires_at: datetime, holder: str = "") -> None:
    """Let a live hold last until ``expires_at``. Repeating changes nothing.

    :raises HoldExpired: its time is over already.
    :raises HoldNotActive: it is no longer live.
    :raises ForeignHold: it is not the holder's.
    """
    live = Hold.objects.filter(id=hold_id, state=Hold.State.ACTIVE)
    with retrying.named():
        mine = live.filter(holder=holder) if holder else live
        if mine.exclude(expires_at__lte=Now()).update(expires_at=expires_at):
            return
        standing = Hold.objects.filter(id=hold_id).first()
    if standing is None:
        raise HoldUnknown("There is no such hold.")
    if holder and standing.holder != holder:
        raise ForeignHold("The hold belongs to somebody else.")
    if standing.state == Hold.State.ACTIVE:
        raise HoldExpired("The hold's time is over.")
    raise HoldNotActive(f"The hold is {standing.state}: only a live one can be extended.")


def expire_due(*, item_ids: Sequence[int] | None = None, limit: int = 100) -> list[UUID]:
    """Give back the units of holds whose time is over, each exactly once; return their ids.

    Several sweepers may run at once: each takes holds that no other has (SKIP LOCKED). With ``item_ids`` only holds on
    these items are swept, one that another sweeper is at is waited for (a buyer must not be told "sold out" while its
    units come back), and the items' balances are locked along, in key order with those of the holds, so that a caller
    who goes on to hold them in the same transaction takes no lock out of order.
    """
    with retrying.named(), transaction.atomic():
        due = Hold.objects.filter(
            state=Hold.State.ACTIVE, expires_at__lte=Now()
        )  # the database's clock, which settles it
        if item_ids is not None:
            due = due.filter(id__in=HoldLine.objects.filter(balance__item_id__in=item_ids).values("hold_id"))
        rows = due.order_by("expires_at", "id").select_for_update(skip_locked=item_ids is None, no_key=True)
        taken = list(rows.values_list("id", flat=True)[:limit])
        if not taken:
            return []
        touched = Balance.objects.filter(hold_lines__hold_id__in=taken).order_by().values("id")
        balances = Balance.objects.filter(id__in=touched)
        if item_ids is not None:
            balances |= Balance.objects.filter(item_id__in=item_ids)
        list(balances.order_by("id").select_for_update(no_key=True).values_list("id", flat=True))
        for hold_id in taken:
            _settle(hold_id, "expire", actor="sweeper")
    return taken
