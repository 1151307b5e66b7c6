"""Goods on the way from one warehouse to another."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.stock.models.lots import Lot
from inventory.stock.models.places import Item, Warehouse


class Transfer(models.Model):
    """Units that left ``source`` and are expected at ``destination``."""

    class State(models.TextChoices):
        IN_TRANSIT = "in_transit", _("In transit")
        RECEIVED = "received", _("Received")
        CLOSED_SHORT = "closed_short", _("Closed short")

    source = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="transfers_out")
    destination = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="transfers_in")
    state = models.CharField(max_length=12, choices=State, default=State.IN_TRANSIT)
    cause_key = models.CharField(max_length=120, unique=True)
    note = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("destination")), name="transfer_between_two_places"),
        ]

    def __str__(self) -> str:
        return f"{self.source.code} → {self.destination.code} #{self.pk}"


class TransferLine(models.Model):
    """Units of one item (of one lot, where known) on the way; ``lost`` of them will never arrive."""

    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="transfer_lines")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="transfer_lines")
    quantity = models.IntegerField()
    received = models.IntegerField(default=0, db_default=0)
    lost = models.IntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["item__sku", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["transfer", "item", "lot"], nulls_distinct=False, name="transferline_item_lot"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, received__gte=0, lost__gte=0) & Q(quantity__gte=F("received") + F("lost")),
                name="transferline_within_quantity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item}"

    @property
    def on_the_way(self) -> int:
        """Units neither received nor lost."""
        return self.quantity - self.received - self.lost
