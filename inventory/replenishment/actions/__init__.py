"""What changes purchase orders. Each verb locks the order first and is safe to repeat."""

from inventory.replenishment.actions.purchases import (
    back_to_draft,
    cancel,
    close_short,
    draft,
    line_cost,
    revise,
    send,
    set_line,
)
from inventory.replenishment.actions.receiving import Arrival, receive

__all__ = [
    "Arrival",
    "back_to_draft",
    "cancel",
    "close_short",
    "draft",
    "line_cost",
    "receive",
    "revise",
    "send",
    "set_line",
]
