"""Ring-fences: units set aside for a purpose, and given back."""

from django.db import IntegrityError, transaction
from django.db.models import F

from inventory.stock import ledger, retrying
from inventory.stock.actions.goods import balance_of
from inventory.stock.errors import FenceError, OutOfStock, Shortage
from inventory.stock.ledger import Change
from inventory.stock.models import Balance, Item, Movement, RingFence, Warehouse
from inventory.stock.quantities import units


def set_aside(
    *, item: Item, warehouse: Warehouse, quantity: int, purpose: str, cause_key: str, actor: str = ""
) -> RingFence:
    """Set unclaimed units aside for ``purpose``; more for the same purpose adds up. Repeating changes nothing.

    :raises OutOfStock: fewer units are free (safety stock stays out of reach).
    :raises FenceError: no purpose.
    """
    units(quantity)
    if not purpose:
        raise FenceError("Units are set aside for a purpose; name it.")
    with retrying.named(), transaction.atomic():
        balance = balance_of(item, warehouse)
        fence, _created = RingFence.objects.get_or_create(balance=balance, purpose=purpose)
        change = Change(balance.id, cause_key, fenced=quantity)
        try:
            # The balance is locked before the fence, here as everywhere.
            with transaction.atomic():
                refused = ledger.apply(
                    [change], kind=Movement.Kind.FENCE, cause=f"fence:{purpose}", actor=actor, promise=True
                )
        except IntegrityError:
            if not Movement.objects.filter(cause_key=cause_key).exists():
                raise
            return RingFence.objects.get(id=fence.id)
        if refused and Movement.objects.filter(cause_key=cause_key).exists():
            return RingFence.objects.get(id=fence.id)
        if refused:
            balance.refresh_from_db()
            raise OutOfStock([Shortage(item.id, item.sku, quantity, balance.available)])
        RingFence.objects.filter(id=fence.id).update(remaining=F("remaining") + quantity, open=True)
    fence.refresh_from_db()
    return fence


def give_back(*, fence: RingFence, cause_key: str, quantity: int | None = None, actor: str = "") -> int:
    """Give fenced units back to everybody; all of them (and the fence closes) unless ``quantity`` is told.

    What is held or allocated out of the fence stays with its holder; once the fence is closed, such units go back to
    everybody when they are released. Returns the units given back. Repeating changes nothing and returns 0.

    :raises FenceError: it has fewer unclaimed units, or is closed.
    """
    if quantity is not None:
        units(quantity)
    with retrying.named(), transaction.atomic():
        balance = Balance.objects.select_for_update(no_key=True).get(id=fence.balance_id)
        if Movement.objects.filter(cause_key=cause_key).exists():
            return 0
        now = RingFence.objects.select_for_update(no_key=True).get(id=fence.id)
        if not now.open:
            if quantity is None:
                return 0
            raise FenceError(f"The fence for {now.purpose} is closed.")
        if quantity is not None and quantity > now.remaining:
            raise FenceError(f"{quantity} to give back, {now.remaining} unclaimed in the fence for {now.purpose}.")
        back = now.remaining if quantity is None else quantity
        if back:
            change = Change(balance.id, cause_key, fenced=-back)
            if ledger.apply([change], kind=Movement.Kind.UNFENCE, cause=f"fence:{now.purpose}", actor=actor):
                raise FenceError("The balance does not carry this fence.")
        now.remaining -= back
        now.open = quantity is not None
        now.save(update_fields=["remaining", "open"])
    return back
