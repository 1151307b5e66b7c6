"""Transfers between warehouses: sent, received (in parts), closed short."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import F

from inventory.stock import ledger, retrying
from inventory.stock.actions.goods import note_restock
from inventory.stock.errors import ClaimExceeded, TransferError, UnknownItem
from inventory.stock.ledger import Change
from inventory.stock.models import Balance, Item, Lot, LotMovement, Movement, Transfer, TransferLine, Warehouse
from inventory.stock.quantities import units


def send_transfer(
    *,
    source: Warehouse,
    destination: Warehouse,
    lines: Mapping[int, int],
    cause_key: str,
    note: str = "",
    actor: str = "",
) -> Transfer:
    """Take ``lines`` (item id → units) off the shelf at ``source`` for ``destination``: all or nothing.

    The oldest lots travel where lots are known. The same ``cause_key`` again returns the first transfer.

    :raises ClaimExceeded: naming the items of which fewer units would remain than are claimed.
    :raises TransferError: nothing to send, or both places are the same.
    :raises UnknownItem: an id in ``lines`` is no item.
    """
    if not lines:
        raise TransferError("There is nothing to send.")
    if source.id == destination.id:
        raise TransferError("A transfer goes from one warehouse to another.")
    for quantity in lines.values():
        units(quantity)
    with retrying.named(), transaction.atomic():
        standing = Transfer.objects.filter(cause_key=cause_key).first()
        if standing:
            return standing
        try:
            with transaction.atomic():
                transfer = Transfer.objects.create(
                    source=source, destination=destination, cause_key=cause_key, note=note[:200], actor=actor
                )
        except IntegrityError:
            return Transfer.objects.get(cause_key=cause_key)
        balances = dict(Balance.objects.filter(warehouse=source, item_id__in=lines).values_list("item_id", "id"))
        missing = lines.keys() - balances.keys()
        changes = [
            Change(balances[item], f"transfer:{transfer.id}:out:{item}", on_hand=-quantity)
            for item, quantity in lines.items()
            if item in balances
        ]
        refused = ledger.apply(changes, kind=Movement.Kind.TRANSFER_OUT, cause=f"transfer:{transfer.id}", actor=actor)
        missing |= {item for item, balance in balances.items() if balance in refused}
        if missing:
            skus = list(Item.objects.filter(id__in=missing).values_list("sku", flat=True))
            if len(skus) < len(missing):
                raise UnknownItem("There is no such item.")
            raise ClaimExceeded(f"{', '.join(skus)}: not so many unclaimed units at {source.code}.")
        _write_lines(transfer, lines)
    return transfer


def _write_lines(transfer: Transfer, lines: Mapping[int, int]) -> None:
    keys = {f"transfer:{transfer.id}:out:{item}": item for item in lines}
    of_lots = LotMovement.objects.filter(movement__cause_key__in=keys).values_list(
        "movement__cause_key", "lot_id", "delta"
    )
    left, made = dict(lines), []
    for key, lot_id, delta in of_lots:
        item = keys[key]
        made.append(TransferLine(transfer=transfer, item_id=item, lot_id=lot_id, quantity=-delta))
        left[item] += delta
    made += [TransferLine(transfer=transfer, item_id=item, quantity=rest) for item, rest in left.items() if rest]
    TransferLine.objects.bulk_create(made)


def receive_transfer(*, transfer: Transfer, parts: Mapping[int, int] | None, key: str, actor: str = "") -> Transfer:
    """Put arrived units on the shelf: ``parts`` (transfer line id → units), or all that is on the way.

    ``key`` names this arrival; the same again changes nothing.

    :raises TransferError: more than is on the way, or the transfer is over.
    """
    for quantity in (parts or {}).values():
        units(quantity)
    with retrying.named(), transaction.atomic():
        now = Transfer.objects.select_for_update(no_key=True).get(id=transfer.id)
        lines = {line.id: line for line in now.lines.select_related("item")}
        prefix = f"transfer:{now.id}:in:{key}:"
        if Movement.objects.filter(cause_key__in=[f"{prefix}{line_id}" for line_id in lines]).exists():
            return now
        if now.state != Transfer.State.IN_TRANSIT:
            raise TransferError(f"{now} is {now.get_state_display().lower()}.")
        wanted = {line.id: line.on_the_way for line in lines.values()} if parts is None else dict(parts)
        for line_id, quantity in wanted.items():
            if line_id not in lines or quantity > lines[line_id].on_the_way:
                raise TransferError("More units than are on the way; count again, or correct the stock afterwards.")
        arrivals = []
        # New balances are made in the order of their items, or two arrivals could wait for each other's.
        for line_id, quantity in sorted(wanted.items(), key=lambda pair: lines[pair[0]].item_id):
            if quantity:
                balance, _created = Balance.objects.get_or_create(
                    item=lines[line_id].item, warehouse_id=now.destination_id
                )
                arrivals.append((balance.id, line_id, quantity))
        # A recall of these lots waits for us, or we for it.
        lots = (
            Lot.objects.select_for_update(no_key=True)
            .order_by("id")
            .in_bulk({line.lot_id for line in lines.values() if line.lot_id and wanted.get(line.id)})
        )
        # One balance at a time, since two lots of an item go to the same one; in key order, as everywhere.
        for balance_id, line_id, quantity in sorted(arrivals):
            lot = lots.get(lines[line_id].lot_id or 0)
            if lot and lot.recalled_at:
                # Recalled while it was under way: it arrives, but not on sale.
                change, on_sale = Change(balance_id, f"{prefix}{line_id}", quarantined=quantity), 0
            else:
                change = Change(balance_id, f"{prefix}{line_id}", on_hand=quantity, lot_id=lot.id if lot else None)
                on_sale = quantity
            ledger.apply([change], kind=Movement.Kind.TRANSFER_IN, cause=f"transfer:{now.id}", actor=actor)
            TransferLine.objects.filter(id=line_id).update(received=F("received") + quantity)
            note_restock(Balance.objects.get(id=balance_id), cause_key=f"{prefix}{line_id}", on_hand_delta=on_sale)
        if not now.lines.filter(quantity__gt=F("received") + F("lost")).exists():
            now.state = Transfer.State.RECEIVED
            now.save(update_fields=["state"])
    return now


def close_transfer(*, transfer: Transfer, actor: str = "") -> Transfer:  # noqa: ARG001 (every verb says who)
    """Give up what has not arrived: it counts as lost on the way. Repeating changes nothing.

    :raises TransferError: everything has arrived.
    """
    with retrying.named(), transaction.atomic():
        now = Transfer.objects.select_for_update(no_key=True).get(id=transfer.id)
        if now.state == Transfer.State.CLOSED_SHORT:
            return now
        if now.state == Transfer.State.RECEIVED:
            raise TransferError(f"{now} has arrived whole.")
        now.lines.update(lost=F("quantity") - F("received"))
        now.state = Transfer.State.CLOSED_SHORT
        now.save(update_fields=["state"])
    return now
