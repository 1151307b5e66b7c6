"""Items, warehouses, balances, holds and the movement ledger."""
