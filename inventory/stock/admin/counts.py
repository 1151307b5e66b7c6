"""Stock counts."""

from django.contrib import admin

from config.admin_doors import ReadOnlyDoor
from inventory.stock.models import CountSheet


@admin.register(CountSheet)
class CountSheetAdmin(ReadOnlyDoor):
    """Stock counts."""
