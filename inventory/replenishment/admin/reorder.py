"""What to order."""

from django.contrib import admin

from config.admin_doors import ReadOnlyDoor
from inventory.replenishment.models import ReorderAdvice


@admin.register(ReorderAdvice)
class ReorderAdviceAdmin(ReadOnlyDoor):
    """What to order."""
