"""Units set aside for a purpose."""

from django.contrib import admin

from config.admin_doors import ReadOnlyDoor
from inventory.stock.models import RingFence


@admin.register(RingFence)
class RingFenceAdmin(ReadOnlyDoor):
    """Units set aside for a purpose."""
