"""Tables of replenishment. Quantities are whole units; each amount stands beside its ISO 4217 currency."""

from inventory.replenishment.models.advice import ReorderAdvice
from inventory.replenishment.models.costs import ItemCost
from inventory.replenishment.models.purchases import PurchaseOrder, PurchaseOrderLine, Receipt, ReceiptLine
from inventory.replenishment.models.replays import SalesReplay
from inventory.replenishment.models.suppliers import Supplier, SupplierItem

__all__ = [
    "ItemCost",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "Receipt",
    "ReceiptLine",
    "ReorderAdvice",
    "SalesReplay",
    "Supplier",
    "SupplierItem",
]
