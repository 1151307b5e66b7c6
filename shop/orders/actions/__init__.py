"""The verbs of an order's life, each safe to repeat: placing, paying, leaving, ending.

Every move of a state goes through ``_move`` (here for the rooms' own use), on an order locked with ``_lock``.
"""

from shop.orders.actions.ending import cancel_unpaid, expire_unpaid, mark_refunded
from shop.orders.actions.leaving import mark_shipped
from shop.orders.actions.moving import lock as _lock
from shop.orders.actions.moving import move as _move
from shop.orders.actions.paying import mark_paid
from shop.orders.actions.placing import NewLine, NewOrder, place
from shop.orders.actions.rights import NotLicensed

__all__ = [
    "NewLine",
    "NewOrder",
    "NotLicensed",
    "_lock",
    "_move",
    "cancel_unpaid",
    "expire_unpaid",
    "mark_paid",
    "mark_refunded",
    "mark_shipped",
    "place",
]
