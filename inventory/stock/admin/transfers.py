"""Goods on the way between warehouses."""

from django.contrib import admin

from config.admin_doors import ReadOnlyDoor
from inventory.stock.models import Transfer


@admin.register(Transfer)
class TransferAdmin(ReadOnlyDoor):
    """Goods on the way between warehouses."""
