"""Counts by sheet: what a counted sheet would change, and changing it, all or nothing."""

from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction

from inventory.stock import counting, ledger, retrying
from inventory.stock.counting import Checked
from inventory.stock.errors import SheetError, SheetRepeated
from inventory.stock.ledger import Change
from inventory.stock.models import Balance, CountLine, CountSheet, Item, Movement, Restock, Warehouse
from inventory.stock.quantities import MAX_UNITS, units
from inventory.stock.sheets import CountedRow

REFERENCE_LENGTH = 60  # characters


def check_count(*, warehouse: Warehouse, rows: Sequence[CountedRow]) -> Checked:
    """Say what these rows would change at ``warehouse`` and what forbids it. Changes nothing, locks nothing.

    Three statements for any number of rows. What is clean here may still be refused when it is applied: stock moves.
    """
    general = []
    if not rows:
        general.append(NOTHING)
    standing = CountSheet.objects.filter(digest=counting.digest(warehouse, rows)).first() if rows else None
    if standing:
        general.append(_repeated(standing))
    items = counting.items_of(rows)
    balances = Balance.objects.filter(warehouse=warehouse, item__in=[item.id for item in items.values()]).order_by()
    found = counting.compare(warehouse, rows, items, {balance.item_id: balance for balance in balances})
    return Checked(found, tuple(general))


def apply_count(*, warehouse: Warehouse, rows: Sequence[CountedRow], reference: str, actor: str = "") -> CountSheet:
    """Set the books at ``warehouse`` to what was counted: all rows or none. Every difference is one ledger movement.

    ``reference`` (1 to 60 characters) is what the ledger says. An item that had no balance there gets one. The number
    of statements does not depend on the number of rows. The counted balances stay locked until the transaction ends.

    :raises SheetRepeated: the very same rows were applied there before.
    :raises SheetError: naming every row that cannot be applied: an unknown SKU or a bundle, a row of another warehouse,
        stock that moved since the sheet was made, fewer units than are claimed.
    :raises BadQuantity: a row counts something else than 0 to 1,000,000 whole units.
    """
    reference = reference.strip()
    if not rows:
        raise SheetError([(0, NOTHING)])
    if not 1 <= len(reference) <= REFERENCE_LENGTH:
        raise SheetError([(0, f"A count needs a reference of 1 to {REFERENCE_LENGTH} characters.")])
    for row in rows:
        units(row.counted, least=0)
    with retrying.named(), transaction.atomic():
        # First of all: who sends the same sheet at the same time waits here and is then told.
        sheet = _open(warehouse, reference, counting.digest(warehouse, rows), actor)
        items = counting.items_of(rows)
        balances = _locked(warehouse, items)
        checked = Checked(counting.compare(warehouse, rows, items, balances))
        if not checked.clean:
            raise SheetError(checked.troubles)
        CountLine.objects.bulk_create(
            CountLine(sheet=sheet, item=items[row.sku], expected=row.expected, counted=row.counted) for row in rows
        )
        _move(sheet, {balances[items[row.sku].id]: row for row in checked.differences})
    return sheet


NOTHING = f"Nothing is counted yet: fill in the column “counted” with whole units, 0 to {MAX_UNITS:,}."


def _repeated(standing: CountSheet) -> str:
    when = f"{standing.applied_at:%Y-%m-%d %H:%M} UTC"
    return f"This very sheet was applied before, as “{standing.reference}” on {when}. Nothing more is to be done."


def _open(warehouse: Warehouse, reference: str, digest: str, actor: str) -> CountSheet:
    try:
        with transaction.atomic():
            return CountSheet.objects.create(warehouse=warehouse, reference=reference, digest=digest, actor=actor)
    except IntegrityError:
        standing = CountSheet.objects.filter(digest=digest).first()
        if standing is None:
            raise
        raise SheetRepeated([(0, _repeated(standing))]) from None


def _locked(warehouse: Warehouse, items: Mapping[str, Item]) -> dict[int, Balance]:
    """Return item id → balance, those missing made, all locked in key order as every change of stock locks them."""
    wanted = sorted(item.id for item in items.values() if not item.bundle)  # type: ignore[attr-defined]
    there = set(
        Balance.objects.filter(warehouse=warehouse, item__in=wanted).order_by().values_list("item_id", flat=True)
    )
    # In the order of their items, or two that make the same ones could wait for each other's.
    missing = [Balance(item_id=item_id, warehouse=warehouse) for item_id in wanted if item_id not in there]
    Balance.objects.bulk_create(missing, ignore_conflicts=True)
    rows = Balance.objects.select_for_update(no_key=True).filter(warehouse=warehouse, item__in=wanted)
    return {balance.item_id: balance for balance in rows.order_by("id")}


def _move(sheet: CountSheet, counted: Mapping[Balance, CountedRow]) -> None:
    """Write the differences to the ledger, and note what has something to promise again."""
    changes = {
        balance: Change(balance.id, f"count:{sheet.id}:{balance.id}", on_hand=row.difference)
        for balance, row in counted.items()
    }
    refused = ledger.apply(
        changes.values(), kind=Movement.Kind.COUNT, cause=f"count:{sheet.reference}", actor=sheet.actor
    )
    if refused:  # cannot be while the balances are locked, but half a count must never stand
        troubles = [(row.row, f"{row.sku}: refused by the ledger.") for it, row in counted.items() if it.id in refused]
        raise SheetError(troubles)
    again = {
        changes[balance].cause_key: (balance, now)
        for balance, row in counted.items()
        if (now := _free(balance) + row.difference) > 0 >= _free(balance)
    }
    movements = Movement.objects.filter(cause_key__in=list(again)).order_by("id").values_list("id", "cause_key")
    Restock.objects.bulk_create(
        Restock(balance=again[key][0], movement_id=movement, available=again[key][1]) for movement, key in movements
    )


def _free(balance: Balance) -> int:
    """Return the units that can be promised, negative where more is claimed: the balance as it was when locked."""
    claims = balance.safety + balance.held + balance.allocated + balance.fenced
    return balance.on_hand + balance.backorder_limit - claims
