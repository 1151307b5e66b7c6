"""Personal data in the books of stock: all of them are about goods and staff."""

from config.personal_data import Holding, kept

STAFF = "Names of staff or of parts of the program: kept for accountability."
HOLDINGS = (
    Holding("inventory.Movement", "stock_movements", "Ledger of stock.", {"actor": kept(STAFF)}),
    Holding("inventory.CountSheet", "counts", "Counts of stock.", {"actor": kept(STAFF)}),
    Holding(
        "inventory.Transfer",
        "transfers",
        "Goods moved between warehouses.",
        {"actor": kept(STAFF), "note": kept("About goods on their way between warehouses.")},
    ),
    Holding(
        "inventory.PurchaseOrder",
        "purchase_orders",
        "What was ordered of suppliers.",
        {"created_by": kept(STAFF), "note": kept("To a supplier.")},
    ),
    Holding(
        "inventory.Receipt",
        "receipts",
        "What came from suppliers.",
        {"actor": kept(STAFF), "delivery_note": kept("The supplier's number.")},
    ),
)
IMPERSONAL = {
    "inventory.Warehouse": "A place of the house.",
    "inventory.Lot": "A batch of goods.",
    "inventory.Supplier": "A company; its business address.",
    "inventory.SalesReplay": "Sums of sales, without buyers.",
}
