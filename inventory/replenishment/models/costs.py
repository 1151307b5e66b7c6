"""What our stock has cost us."""

from django.db import models
from django.db.models import Q

from inventory.stock.models import Item


class ItemCost(models.Model):
    """The weighted average landed cost of one unit, in our own currency; receipts tell how it came about."""

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="cost")
    average = models.DecimalField(max_digits=14, decimal_places=4)
    currency = models.CharField(max_length=3)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(average__gte=0), name="itemcost_not_negative")]

    def __str__(self) -> str:
        return f"{self.item}: {self.average} {self.currency}"
