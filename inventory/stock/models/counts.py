"""Sheets of a stock count."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.stock.models.places import Item, Warehouse


class CountSheet(models.Model):
    """A count that was applied. ``digest`` makes the same sheet count once."""

    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="counts")
    reference = models.CharField(max_length=60, help_text=_("What the ledger says, e.g. annual count 2026."))
    digest = models.CharField(max_length=64, unique=True, help_text=_("SHA-256 of the sheet's rows."))
    actor = models.CharField(max_length=80, blank=True)
    applied_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-applied_at"]

    def __str__(self) -> str:
        return f"{self.reference} ({self.warehouse.code})"


class CountLine(models.Model):
    """One row of a count: what the sheet expected, and what was found."""

    sheet = models.ForeignKey(CountSheet, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="count_lines")
    expected = models.IntegerField()
    counted = models.IntegerField()

    class Meta:
        ordering = ["item__sku"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "item"], name="countline_once"),
            models.CheckConstraint(condition=Q(expected__gte=0, counted__gte=0), name="countline_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.counted} counted, {self.expected} expected"

    @property
    def difference(self) -> int:
        """Units counted less units expected."""
        return self.counted - self.expected
