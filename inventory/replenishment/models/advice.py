"""What the latest forecast advises."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from inventory.replenishment.models.suppliers import SupplierItem
from inventory.stock.models import Item, Warehouse


class ReorderAdvice(models.Model):
    """The latest advice for one item in one warehouse. Demand figures are units a day."""

    class Pace(models.TextChoices):
        NEW = "new", _("New")
        MOVING = "moving", _("Moving")
        SLOW = "slow", _("Slow")
        DEAD = "dead", _("Dead")

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="advice")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="advice")
    source = models.ForeignKey(SupplierItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="advice")
    daily_demand = models.FloatField()
    daily_deviation = models.FloatField(help_text=_("Standard deviation of the forecast error."))
    available = models.IntegerField(help_text=_("Units that can be promised."))
    on_order = models.IntegerField(help_text=_("Units on sent purchase orders and transfers."))
    days_of_cover = models.FloatField(null=True, blank=True, help_text=_("Empty: nothing is sold."))
    lead_time_days = models.PositiveSmallIntegerField()
    reorder_point = models.IntegerField()
    order_up_to = models.IntegerField()
    suggested = models.PositiveIntegerField(help_text=_("Units to order now, in whole cartons."))
    pace = models.CharField(max_length=8, choices=Pace)
    last_sold_on = models.DateField(null=True, blank=True)
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["days_of_cover", "item__sku"]
        constraints = [models.UniqueConstraint(fields=["item", "warehouse"], name="reorderadvice_once")]
        indexes = [models.Index(fields=["pace"], name="reorderadvice_pace")]
        verbose_name_plural = _("reorder advice")

    def __str__(self) -> str:
        return f"{self.item} @ {self.warehouse.code}: order {self.suggested}"
