"""From paid to delivered: where an order's units lie, parcels, pick lists and labels."""
