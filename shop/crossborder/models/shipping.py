"""How goods travel to the shopper."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.crossborder.models.markets import Market


class ShippingOption(models.Model):
    """A delivery option of a market, with a price and a delivery estimate in working days."""

    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="shipping_options")
    code = models.SlugField(max_length=32)
    names = models.JSONField(help_text=_("Language → name."))
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    free_above = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    days_from = models.PositiveSmallIntegerField()
    days_to = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["market", "position"]
        constraints = [
            models.UniqueConstraint(fields=["market", "code"], name="shippingoption_code"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="shippingoption_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.market}:{self.code}"
