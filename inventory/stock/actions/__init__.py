"""What changes stock. Every verb carries a cause key and is safe to repeat; each writes its ledger row beside it."""

from inventory.stock.actions.counts import apply_count, check_count
from inventory.stock.actions.fences import give_back, set_aside
from inventory.stock.actions.goods import (
    Condition,
    clear,
    correct,
    damage,
    quarantine,
    receive,
    return_units,
    write_off,
)
from inventory.stock.actions.holds import (
    cancel,
    commit,
    expire_due,
    extend,
    hold,
    release,
    ship,
)
from inventory.stock.actions.lots import recall
from inventory.stock.actions.transfers import close_transfer, receive_transfer, send_transfer
from inventory.stock.quantities import MAX_UNITS

__all__ = [
    "MAX_UNITS",
    "Condition",
    "apply_count",
    "cancel",
    "check_count",
    "clear",
    "close_transfer",
    "commit",
    "correct",
    "damage",
    "expire_due",
    "extend",
    "give_back",
    "hold",
    "quarantine",
    "recall",
    "receive",
    "receive_transfer",
    "release",
    "return_units",
    "send_transfer",
    "set_aside",
    "ship",
    "write_off",
]
