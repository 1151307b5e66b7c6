"""What changes stock. Every verb carries a cause key and is safe to repeat; each writes its ledger row beside it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.stock import ledger, queries, sourcing
from inventory.stock.errors import ClaimExceeded, HoldNotActive, OutOfStock, Shortage
from inventory.stock.ledger import Change
from inventory.stock.models import Balance, Hold, HoldLine, Item, Movement, Warehouse

# A proposal can be overtaken by another buyer between reading and writing; then it is made anew.
ATTEMPTS = 5
MAX_UNITS = 1_000_000


def hold(
    *,
    demand: Mapping[int, int],
    warehouses: Sequence[int],
    holder: str,
    cause_key: str,
    expires_at: datetime | None,
    actor: str = "",
) -> Hold:
    """Hold all of ``demand`` (item id → units, already summed) or nothing, from warehouses in order of preference.

    The same ``cause_key`` again returns the first hold. Must be called inside a transaction or opens its own.

    :raises OutOfStock: with every line that is short and what is left of it.
    :raises ValueError: a quantity is not between 1 and 1,000,000.
    """
    if not demand or any(not 0 < quantity <= MAX_UNITS for quantity in demand.values()):
        raise ValueError("Quantities must be between 1 and 1,000,000.")
    existing = Hold.objects.filter(cause_key=cause_key).first()
    if existing:
        return existing
    swept = False
    for _attempt in range(ATTEMPTS):
        offers = queries.offers(item_ids=demand, warehouse_ids=warehouses)
        picks, short = sourcing.propose(demand=dict(demand), offers=offers, warehouses=warehouses)
        if short:
            if swept or not expire_due(item_ids=list(short)):
                raise _out_of_stock(demand, offers, short)
            swept = True
            continue
        try:
            with transaction.atomic():
                return _hold_picks(picks, holder=holder, cause_key=cause_key, expires_at=expires_at, actor=actor)
        except ClaimExceeded:
            continue
        except IntegrityError:
            twin = Hold.objects.filter(cause_key=cause_key).first()
            if twin:
                return twin
            raise
    offers = queries.offers(item_ids=demand, warehouse_ids=warehouses)
    raise _out_of_stock(demand, offers, set(demand))


def _hold_picks(
    picks: Sequence[sourcing.Pick], *, holder: str, cause_key: str, expires_at: datetime | None, actor: str
) -> Hold:
    made = Hold.objects.create(holder=holder, cause_key=cause_key, expires_at=expires_at)
    changes = [Change(pick.balance_id, f"hold:{made.id}:{pick.balance_id}", held=pick.quantity) for pick in picks]
    if ledger.apply(changes, kind=Movement.Kind.HOLD, cause=holder, actor=actor, promise=True):
        raise ClaimExceeded("The stock was taken meanwhile.")
    HoldLine.objects.bulk_create(
        HoldLine(hold=made, balance_id=pick.balance_id, quantity=pick.quantity) for pick in picks
    )
    return made


def _out_of_stock(demand: Mapping[int, int], offers: Sequence[sourcing.Offer], short: set[int]) -> OutOfStock:
    left: Counter[int] = Counter()
    for offer in offers:
        left[offer.item_id] += offer.available
    skus = dict(Item.objects.filter(id__in=short).values_list("id", "sku"))
    return OutOfStock(
        [
            Shortage(
                item_id=item_id, sku=skus.get(item_id, str(item_id)), asked=demand[item_id], available=left[item_id]
            )
            for item_id in sorted(short)
        ]
    )


def _turn(
    hold_id: UUID, *, from_state: Hold.State, to_state: Hold.State, kind: Movement.Kind, actor: str, **signs: int
) -> bool:
    """Move a hold from one state to another once, with its balances; False when it already is in ``to_state``.

    ``signs`` gives the sign by which each counter moves (``held=-1, allocated=1``).
    """
    with transaction.atomic():
        if not Hold.objects.filter(id=hold_id, state=from_state).update(state=to_state):
            state = Hold.objects.filter(id=hold_id).values_list("state", flat=True).first()
            if state == to_state:
                return False
            raise HoldNotActive(f"The hold is {state or 'unknown'}, not {from_state}.")
        holder = Hold.objects.values_list("holder", flat=True).get(id=hold_id)
        changes = [
            Change(
                line.balance_id,
                f"{kind}:{hold_id}:{line.balance_id}",
                **{field: sign * line.quantity for field, sign in signs.items()},
            )
            for line in HoldLine.objects.filter(hold_id=hold_id)
        ]
        if ledger.apply(changes, kind=kind, cause=holder, actor=actor):
            raise ClaimExceeded("The balance does not carry this hold.")
    return True


def commit(*, hold_id: UUID, actor: str = "") -> bool:
    """Turn a live hold into an allocation (the order is paid). False: it was committed before.

    :raises HoldNotActive: it expired or was released; the units may be gone.
    """
    return _turn(
        hold_id,
        from_state=Hold.State.ACTIVE,
        to_state=Hold.State.COMMITTED,
        kind=Movement.Kind.COMMIT,
        actor=actor,
        held=-1,
        allocated=1,
    )


def release(*, hold_id: UUID, actor: str = "") -> bool:
    """Give a live hold's units back. False: it was released before.

    :raises HoldNotActive: it is committed, expired or shipped.
    """
    return _turn(
        hold_id,
        from_state=Hold.State.ACTIVE,
        to_state=Hold.State.RELEASED,
        kind=Movement.Kind.RELEASE,
        actor=actor,
        held=-1,
    )


def cancel(*, hold_id: UUID, actor: str = "") -> bool:
    """Give an allocation's units back (a paid order cancelled before shipping). False: it was given back before.

    :raises HoldNotActive: it is not committed.
    """
    return _turn(
        hold_id,
        from_state=Hold.State.COMMITTED,
        to_state=Hold.State.RELEASED,
        kind=Movement.Kind.CANCEL,
        actor=actor,
        allocated=-1,
    )


def ship(*, hold_id: UUID, actor: str = "") -> bool:
    """Take an allocation's units off the shelf. False: it was shipped before.

    :raises HoldNotActive: it is not committed.
    """
    return _turn(
        hold_id,
        from_state=Hold.State.COMMITTED,
        to_state=Hold.State.SHIPPED,
        kind=Movement.Kind.SHIP,
        actor=actor,
        allocated=-1,
        on_hand=-1,
    )


def extend(*, hold_id: UUID, expires_at: datetime) -> None:
    """Let a live hold last until ``expires_at``.

    :raises HoldNotActive: it is no longer live.
    """
    if not Hold.objects.filter(id=hold_id, state=Hold.State.ACTIVE).update(expires_at=expires_at):
        raise HoldNotActive("Only a live hold can be extended.")


def expire_due(*, item_ids: Sequence[int] | None = None, limit: int = 100) -> list[UUID]:
    """Give back the units of holds whose time is over, each exactly once; return their ids.

    Several sweepers may run at once: each takes rows that no other has (SKIP LOCKED).
    """
    with transaction.atomic():
        due = Hold.objects.filter(state=Hold.State.ACTIVE, expires_at__lte=timezone.now())
        if item_ids is not None:
            due = due.filter(id__in=HoldLine.objects.filter(balance__item_id__in=item_ids).values("hold_id"))
        taken = list(
            due.order_by("expires_at").select_for_update(skip_locked=True).values_list("id", flat=True)[:limit]
        )
        for hold_id in taken:
            _turn(
                hold_id,
                from_state=Hold.State.ACTIVE,
                to_state=Hold.State.EXPIRED,
                kind=Movement.Kind.EXPIRE,
                actor="sweeper",
                held=-1,
            )
    return taken


def receive(*, item: Item, warehouse: Warehouse, quantity: int, cause: str, cause_key: str, actor: str = "") -> Balance:
    """Add units that have arrived. The same ``cause_key`` again changes nothing.

    :raises ValueError: the quantity is not between 1 and 1,000,000.
    """
    if not 0 < quantity <= MAX_UNITS:
        raise ValueError("Quantity must be between 1 and 1,000,000.")
    return _adjust(
        item=item,
        warehouse=warehouse,
        delta=quantity,
        kind=Movement.Kind.RECEIVE,
        cause=cause,
        cause_key=cause_key,
        actor=actor,
    )


def correct(*, item: Item, warehouse: Warehouse, delta: int, cause: str, cause_key: str, actor: str = "") -> Balance:
    """Correct what is on hand by ``delta`` units after a count.

    :raises ClaimExceeded: fewer units would remain than are claimed.
    :raises ValueError: delta is zero or beyond ±1,000,000.
    """
    if delta == 0 or abs(delta) > MAX_UNITS:
        raise ValueError("The correction must not be zero, nor beyond 1,000,000 units.")
    return _adjust(
        item=item,
        warehouse=warehouse,
        delta=delta,
        kind=Movement.Kind.CORRECT,
        cause=cause,
        cause_key=cause_key,
        actor=actor,
    )


def _adjust(
    *, item: Item, warehouse: Warehouse, delta: int, kind: Movement.Kind, cause: str, cause_key: str, actor: str
) -> Balance:
    with transaction.atomic():
        balance, _created = Balance.objects.get_or_create(item=item, warehouse=warehouse)
        try:
            with transaction.atomic():
                change = Change(balance.id, cause_key, on_hand=delta)
                if ledger.apply([change], kind=kind, cause=cause, actor=actor):
                    raise ClaimExceeded(f"{item.sku}: fewer units would remain than are claimed.")
        except IntegrityError:
            # Not ours to hide unless this very cause was applied before.
            if not Movement.objects.filter(cause_key=cause_key).exists():
                raise
    balance.refresh_from_db()
    return balance
