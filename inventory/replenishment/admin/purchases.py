"""Purchase orders."""

from django.contrib import admin

from config.admin_doors import ReadOnlyDoor
from inventory.replenishment.models import PurchaseOrder


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(ReadOnlyDoor):
    """Purchase orders."""
