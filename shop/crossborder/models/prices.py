"""What variants cost."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Variant
from shop.crossborder.models.markets import Market


class Price(models.Model):
    """What a variant costs in a market over a half-open range of dates; never two prices on one day."""

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="prices")
    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="prices")
    amount = models.DecimalField(max_digits=18, decimal_places=4, help_text=_("In the market's currency."))
    valid = DateRangeField()

    class Meta:
        ordering = ["variant", "market"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="price_positive"),
            ExclusionConstraint(
                name="price_one_a_day",
                expressions=[
                    ("variant", RangeOperators.EQUAL),
                    ("market", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant} {self.market} {self.amount}"
