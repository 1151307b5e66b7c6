"""What came back in stock: the feed that alerts read."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from inventory.stock.models.balances import Balance, Movement


class Restock(models.Model):
    """A balance had nothing to promise and now has; written beside the movement that brought it. Read by rising id."""

    balance = models.ForeignKey(Balance, on_delete=models.CASCADE, related_name="restocks")
    movement = models.OneToOneField(Movement, on_delete=models.PROTECT, related_name="restock")
    available = models.IntegerField(help_text=_("Units that could be promised then."))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.balance}: {self.available} available again"
