"""The verbs of an order's life, each safe to repeat: placing, paying, picking, packing, leaving, arriving, ending.

Every move of a state goes through ``_move`` (here for the rooms' own use), on an order locked with ``_lock``.
"""

from shop.orders.actions.arriving import complete, complete_due, mark_delivered, note_completion, without_news
from shop.orders.actions.cancelling import cancel_units
from shop.orders.actions.ending import cancel_unpaid, expire_unpaid, mark_refunded
from shop.orders.actions.leaving import mark_shipped, ship
from shop.orders.actions.moving import follow_parcels
from shop.orders.actions.moving import lock as _lock
from shop.orders.actions.moving import move as _move
from shop.orders.actions.packing import drop_parcel, pack, weigh
from shop.orders.actions.paying import mark_paid
from shop.orders.actions.picking import drop_picking, start_picking
from shop.orders.actions.placing import NewLine, NewOrder, place
from shop.orders.actions.rights import NotLicensed
from shop.orders.actions.waiting import await_payment_again, keep_waiting, mark_payment_failed

__all__ = [
    "NewLine",
    "NewOrder",
    "NotLicensed",
    "_lock",
    "_move",
    "await_payment_again",
    "cancel_units",
    "cancel_unpaid",
    "complete",
    "complete_due",
    "drop_parcel",
    "drop_picking",
    "expire_unpaid",
    "follow_parcels",
    "keep_waiting",
    "mark_delivered",
    "mark_paid",
    "mark_payment_failed",
    "mark_refunded",
    "mark_shipped",
    "note_completion",
    "pack",
    "place",
    "ship",
    "start_picking",
    "weigh",
    "without_news",
]
