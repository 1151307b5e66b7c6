"""Goods as they come, go and change: received, corrected, returned, quarantined, damaged, written off."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.stock import ledger, retrying
from inventory.stock.errors import BadQuantity, ClaimExceeded, HoldUnknown, LotError, NotCounted
from inventory.stock.ledger import Change
from inventory.stock.models import Balance, Hold, Item, Lot, Movement, Restock, Warehouse
from inventory.stock.quantities import MAX_UNITS, units


class Condition(StrEnum):
    """What state returned or received goods are in."""

    FIT = "fit"  # for sale
    INSPECT = "inspect"  # to be looked at: quarantined
    DAMAGED = "damaged"


COUNTER = {Condition.FIT: "on_hand", Condition.INSPECT: "quarantined", Condition.DAMAGED: "damaged"}


def _move_once(
    *,
    item: Item,
    warehouse: Warehouse,
    deltas: dict[str, int],
    kind: Movement.Kind,
    cause: str,
    cause_key: str,
    actor: str,
    channel: str = "",
    lot: Lot | None = None,
    occurred_at: datetime | None = None,
) -> tuple[Balance, bool]:
    """Move one balance once; return it, and whether this call did it (False: the cause was applied before)."""
    with retrying.named(), transaction.atomic():
        balance = balance_of(item, warehouse)
        change = Change(balance.id, cause_key, lot_id=lot.id if lot else None, **deltas)
        try:
            with transaction.atomic():
                if ledger.apply(
                    [change], kind=kind, cause=cause, actor=actor, channel=channel, occurred_at=occurred_at
                ):
                    # A repetition may be refused for want of the very units that the first call took.
                    if Movement.objects.filter(cause_key=cause_key).exists():
                        return Balance.objects.get(id=balance.id), False
                    raise ClaimExceeded(f"{item.sku}: fewer units would remain than are claimed (at {warehouse.code}).")
        except IntegrityError as error:
            # Not ours to hide unless this very cause was applied before.
            if Movement.objects.filter(cause_key=cause_key).exists():
                return Balance.objects.get(id=balance.id), False
            if lot and "lotbalance_not_negative" in str(error):
                raise LotError(f"{lot} has fewer units at {warehouse.code}.") from error
            raise
        balance.refresh_from_db()
        note_restock(balance, cause_key=cause_key, on_hand_delta=deltas.get("on_hand", 0))
    return balance, True


def balance_of(item: Item, warehouse: Warehouse) -> Balance:
    """Return the balance, made if it is the first time the item lies there.

    :raises NotCounted: the item is a bundle.
    """
    try:
        with transaction.atomic():
            return Balance.objects.get_or_create(item=item, warehouse=warehouse)[0]
    except IntegrityError as error:
        if item.components.exists():
            raise NotCounted(f"{item.sku} is a bundle; count its components.") from error
        raise


def note_restock(balance: Balance, *, cause_key: str, on_hand_delta: int) -> None:
    """Write a restock if this movement, still under its row lock, made a balance with nothing to promise have some."""
    claims = balance.safety + balance.held + balance.allocated + balance.fenced
    now = balance.on_hand + balance.backorder_limit - claims
    if on_hand_delta > 0 and now > 0 >= now - on_hand_delta:
        movement = Movement.objects.only("id").get(cause_key=cause_key)
        Restock.objects.create(balance=balance, movement=movement, available=now)


def receive(
    *,
    item: Item,
    warehouse: Warehouse,
    quantity: int,
    cause: str,
    cause_key: str,
    lot_number: str = "",
    produced_on: date | None = None,
    condition: Condition = Condition.FIT,
    actor: str = "",
    occurred_at: datetime | None = None,
) -> Balance:
    """Add units that have arrived. The same ``cause_key`` again changes nothing.

    With ``lot_number`` they belong to that production batch (made known on its first delivery).

    :raises BadQuantity: the quantity is not a whole number between 1 and 1,000,000.
    :raises LotError: the lot was recalled, or units unfit for sale were given one.
    """
    units(quantity)
    if lot_number and condition != Condition.FIT:
        raise LotError("Lots are kept for units fit for sale; clear them for sale into the lot later.")
    with retrying.named(), transaction.atomic():
        if lot_number and Movement.objects.filter(cause_key=cause_key).exists():
            # A delivery that is told again changes nothing, whatever became of its lot since.
            return balance_of(item, warehouse)
        return _move_once(
            item=item,
            warehouse=warehouse,
            deltas={COUNTER[condition]: quantity},
            kind=Movement.Kind.RECEIVE,
            cause=cause,
            cause_key=cause_key,
            actor=actor,
            lot=_lot(item, lot_number, produced_on) if lot_number else None,
            occurred_at=occurred_at,
        )[0]


def _lot(item: Item, number: str, produced_on: date | None) -> Lot:
    """Return the lot, made known if it is new, under a lock that a recall waits for (and that waits for a recall)."""
    Lot.objects.get_or_create(item=item, number=number, defaults={"produced_on": produced_on or timezone.localdate()})
    lot = Lot.objects.select_for_update(no_key=True).get(item=item, number=number)
    if lot.recalled_at:
        raise LotError(f"{lot} was recalled.")
    return lot


def correct(*, item: Item, warehouse: Warehouse, delta: int, cause: str, cause_key: str, actor: str = "") -> Balance:
    """Correct what is on hand by ``delta`` units.

    :raises ClaimExceeded: fewer units would remain than are claimed.
    :raises BadQuantity: delta is zero, no whole number, or beyond ±1,000,000.
    """
    if isinstance(delta, bool) or not isinstance(delta, int) or delta == 0 or abs(delta) > MAX_UNITS:
        raise BadQuantity("The correction must be a whole number, not zero, nor beyond 1,000,000 units.")
    return _move_once(
        item=item,
        warehouse=warehouse,
        deltas={"on_hand": delta},
        kind=Movement.Kind.CORRECT,
        cause=cause,
        cause_key=cause_key,
        actor=actor,
    )[0]


def quarantine(
    *,
    item: Item,
    warehouse: Warehouse,
    quantity: int,
    cause: str,
    cause_key: str,
    lot: Lot | None = None,
    actor: str = "",
) -> Balance:
    """Take unclaimed units off sale until they are inspected.

    :raises ClaimExceeded: fewer units would remain than are claimed.
    :raises LotError: the lot has fewer units there.
    """
    units(quantity)
    return _move_once(
        item=item,
        warehouse=warehouse,
        deltas={"on_hand": -quantity, "quarantined": quantity},
        kind=Movement.Kind.QUARANTINE,
        cause=cause,
        cause_key=cause_key,
        actor=actor,
        lot=lot,
    )[0]


def clear(
    *,
    item: Item,
    warehouse: Warehouse,
    quantity: int,
    cause: str,
    cause_key: str,
    lot: Lot | None = None,
    actor: str = "",
) -> Balance:
    """Put quarantined units back on sale, as units of ``lot`` where it is known.

    :raises ClaimExceeded: fewer units are quarantined.
    :raises LotError: the lot was recalled.
    """
    units(quantity)
    if lot and lot.recalled_at:
        raise LotError(f"{lot} was recalled.")
    return _move_once(
        item=item,
        warehouse=warehouse,
        deltas={"on_hand": quantity, "quarantined": -quantity},
        kind=Movement.Kind.CLEAR,
        cause=cause,
        cause_key=cause_key,
        actor=actor,
        lot=lot,
    )[0]


def damage(
    *,
    item: Item,
    warehouse: Warehouse,
    quantity: int,
    cause: str,
    cause_key: str,
    found: Condition = Condition.FIT,
    actor: str = "",
) -> Balance:
    """Mark units as damaged, found among those on sale or (``INSPECT``) among the quarantined.

    :raises ClaimExceeded: fewer units would remain than are claimed, or fewer are quarantined.
    """
    units(quantity)
    if found == Condition.DAMAGED:
        raise ValueError("Damaged units are damaged already.")
    return _move_once(
        item=item,
        warehouse=warehouse,
        deltas={COUNTER[found]: -quantity, "damaged": quantity},
        kind=Movement.Kind.DAMAGE,
        cause=cause,
        cause_key=cause_key,
        actor=actor,
    )[0]


def write_off(
    *,
    item: Item,
    warehouse: Warehouse,
    quantity: int,
    cause: str,
    cause_key: str,
    found: Condition = Condition.DAMAGED,
    actor: str = "",
) -> Balance:
    """Take units out of the books for good, from the damaged ones unless told otherwise.

    :raises ClaimExceeded: there are fewer such units, or fewer would remain than are claimed.
    """
    units(quantity)
    return _move_once(
        item=item,
        warehouse=warehouse,
        deltas={COUNTER[found]: -quantity},
        kind=Movement.Kind.WRITE_OFF,
        cause=cause,
        cause_key=cause_key,
        actor=actor,
    )[0]


def return_units(
    *,
    hold_id: UUID,
    item: Item,
    warehouse: Warehouse,
    quantity: int,
    condition: Condition,
    cause_key: str,
    actor: str = "",
    occurred_at: datetime | None = None,
) -> Balance:
    """Take shipped units of a hold back into a warehouse (any), in the condition they came in.

    The same ``cause_key`` again changes nothing.

    :raises ClaimExceeded: more units than were shipped and not yet returned.
    :raises HoldUnknown: there is no such hold.
    """
    units(quantity)
    with retrying.named(), transaction.atomic():
        held = Hold.objects.select_for_update(no_key=True).filter(id=hold_id).first()
        if held is None:
            raise HoldUnknown("There is no such hold.")
        # The goods move first: their key is what makes the same return count once, for whichever holds it is told.
        balance, moved = _move_once(
            item=item,
            warehouse=warehouse,
            deltas={COUNTER[condition]: quantity},
            kind=Movement.Kind.RETURN,
            cause=held.cause,
            cause_key=cause_key,
            actor=actor,
            channel=held.channel,
            occurred_at=occurred_at,
        )
        left = quantity if moved else 0
        for line in held.lines.filter(balance__item=item).order_by("id"):
            taken = min(left, line.shipped - line.returned)
            if taken:
                line.returned += taken
                line.save(update_fields=["returned"])
                left -= taken
        if left:
            raise ClaimExceeded(f"{item.sku}: {quantity} to return, {quantity - left} shipped and not yet returned.")
    return balance
