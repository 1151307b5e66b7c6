"""Production batches."""

from django.contrib import admin

from config.admin_doors import ReadOnlyDoor
from inventory.stock.models import Lot


@admin.register(Lot)
class LotAdmin(ReadOnlyDoor):
    """Production batches."""
