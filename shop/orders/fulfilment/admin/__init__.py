"""Fulfilment in the admin: what is to ship, the pick list, packing, and parcels."""

from shop.orders.fulfilment.admin.parcels import ShipmentAdmin

__all__ = ["ShipmentAdmin"]
