"""Who makes what for us."""

from django.contrib import admin

from config.admin_doors import ReadOnlyDoor
from inventory.replenishment.models import Supplier


@admin.register(Supplier)
class SupplierAdmin(ReadOnlyDoor):
    """Who makes what for us."""
