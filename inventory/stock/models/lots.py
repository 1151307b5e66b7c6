"""Production batches: which units came from which, and where they went. Caps and recalls need it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.stock.models.balances import Balance, Movement
from inventory.stock.models.places import Item


class Lot(models.Model):
    """A production batch of one item."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="lots")
    number = models.CharField(max_length=60)
    produced_on = models.DateField()
    recalled_at = models.DateTimeField(null=True, blank=True)
    recall_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["item", "produced_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="lot_item_number"),
            models.CheckConstraint(condition=~Q(number=""), name="lot_number_given"),
        ]

    def __str__(self) -> str:
        return f"{self.item} lot {self.number}"


class LotBalance(models.Model):
    """Units fit for sale of one lot in one balance. Units beyond the sum over lots belong to no known lot."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="balances")
    balance = models.ForeignKey(Balance, on_delete=models.PROTECT, related_name="lots")
    units = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["balance", "lot"], name="lotbalance_once"),
            models.CheckConstraint(condition=Q(units__gte=0), name="lotbalance_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.units} of {self.lot}"


class LotMovement(models.Model):
    """The part of one movement that concerns one lot: append-only."""

    movement = models.ForeignKey(Movement, on_delete=models.PROTECT, related_name="lots")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="movements")
    delta = models.IntegerField(help_text=_("Units fit for sale."))

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["movement", "lot"], name="lotmovement_once"),
            models.CheckConstraint(condition=~Q(delta=0), name="lotmovement_moves_something"),
        ]

    def __str__(self) -> str:
        return f"{self.delta:+d} of {self.lot}"
