"""Recalls of production batches."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from inventory.stock import retrying
from inventory.stock.actions.goods import quarantine
from inventory.stock.models import Balance, Lot, LotBalance


@dataclass(frozen=True)
class Recalled:
    """What a recall took off sale in one warehouse, and what it could not because the units are claimed."""

    warehouse: str
    quarantined: int
    claimed: int


def recall(*, lot: Lot, reason: str, actor: str = "") -> list[Recalled]:
    """Recall a lot: its unclaimed units are quarantined everywhere, and no more of it can be received.

    Units that are claimed stay on the shelf (which of the units a buyer gets is decided when they are packed); their
    number is in the answer, so that somebody cancels or repacks. Repeating quarantines what has come free since.
    """
    done = []
    with retrying.named(), transaction.atomic():
        # Deliveries of the lot lock it too: none can slip in between the mark and the quarantine.
        Lot.objects.select_for_update(no_key=True).get(id=lot.id)
        Lot.objects.filter(id=lot.id, recalled_at__isnull=True).update(
            recalled_at=timezone.now(), recall_reason=reason[:200]
        )
        places = list(LotBalance.objects.filter(lot=lot, units__gt=0).order_by("balance_id"))
        for place in places:
            balance = (
                Balance.objects.select_for_update(no_key=True, of=("self",))
                .select_related("item", "warehouse")
                .get(id=place.balance_id)
            )
            there = LotBalance.objects.get(id=place.id).units
            claimed = balance.held + balance.allocated + balance.fenced
            free = min(there, max(balance.on_hand - max(claimed - balance.backorder_limit, 0), 0))
            if free:
                quarantine(
                    item=balance.item,
                    warehouse=balance.warehouse,
                    quantity=free,
                    cause=f"recall:{lot.number}"[:80],
                    cause_key=f"recall:{lot.id}:{balance.id}:{balance.version}",
                    lot=lot,
                    actor=actor,
                )
            done.append(Recalled(balance.warehouse.code, free, there - free))
    return done
