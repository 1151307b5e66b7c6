"""What wrapping a gift costs, market by market."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.crossborder.models import Market


class WrappingPrice(models.Model):
    """What wrapping one order costs in a market on some days; a market without a row does not wrap."""

    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="wrapping_prices")
    amount = models.DecimalField(
        max_digits=18,
        decimal_places=4,
        help_text=_("For the whole order, in the market's currency, with tax where its prices contain it; 0 is free."),
    )
    valid = DateRangeField()

    class Meta:
        ordering = ["market", "valid"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="wrappingprice_not_negative"),
            ExclusionConstraint(
                name="wrappingprice_one_a_day",
                expressions=[("market", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.market.code} {self.amount} {self.market.currency}"
