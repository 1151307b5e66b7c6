"""Tables of stock. Quantities are whole units."""

from inventory.stock.models.balances import Balance, Movement
from inventory.stock.models.claims import Hold, HoldLine, RingFence
from inventory.stock.models.counts import CountLine, CountSheet
from inventory.stock.models.lots import Lot, LotBalance, LotMovement
from inventory.stock.models.places import BundleComponent, Item, Warehouse
from inventory.stock.models.restocks import Restock
from inventory.stock.models.transfers import Transfer, TransferLine

__all__ = [
    "Balance",
    "BundleComponent",
    "CountLine",
    "CountSheet",
    "Hold",
    "HoldLine",
    "Item",
    "Lot",
    "LotBalance",
    "LotMovement",
    "Movement",
    "Restock",
    "RingFence",
    "Transfer",
    "TransferLine",
    "Warehouse",
]
