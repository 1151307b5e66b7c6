"""Sales history that was replayed through the real actions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from inventory.stock.models import Warehouse


class SalesReplay(models.Model):
    """How far the replay of one file into one warehouse has come. ``position`` and ``report`` move with the stock."""

    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the file."))
    name = models.CharField(max_length=200)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="replays")
    position = models.BigIntegerField(default=0, help_text=_("Lines of the file that are done."))
    report = models.JSONField(default=dict)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [models.UniqueConstraint(fields=["digest", "warehouse"], name="salesreplay_once")]

    def __str__(self) -> str:
        return f"{self.name} → {self.warehouse.code}"
