"""What variants cost: the price in force, named lists of reductions, and the history of what was offered."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Variant
from shop.crossborder.models.markets import Market

ACTOR_LENGTH = 80


class PriceOrigin(models.TextChoices):
    """Where an amount comes from."""

    MANUAL = "manual", _("Set by hand")
    DERIVED = "derived", _("Derived from the base price")
    RULE = "rule", _("Set by a rule")
    IMPORT = "import", _("Imported")


class PriceList(models.Model):
    """A named reduction of a market such as “Autumn sale 2026”: its prices lie over the regular ones on its days.

    Of several lists in force for a variant the highest priority counts. A list never makes anything dearer.
    """

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="price_lists")
    name = models.CharField(max_length=80)
    valid = DateRangeField(help_text=_("First day, and the day after the last."))
    priority = models.PositiveSmallIntegerField(default=0, help_text=_("The highest counts where lists meet."))
    created_by = models.CharField(max_length=ACTOR_LENGTH, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["market", "-valid"]
        constraints = [
            models.UniqueConstraint(fields=["market", "name"], name="pricelist_name"),
            models.CheckConstraint(condition=Q(valid__isempty=False), name="pricelist_has_days"),
            models.CheckConstraint(condition=Q(valid__startswith__isnull=False), name="pricelist_starts"),
        ]

    def __str__(self) -> str:
        return self.name


class Price(models.Model):
    """What one unit of a variant costs in a market over a half-open range of dates, from a quantity on.

    Never two prices of one list and quantity on one day. Rows change through ``shop.crossborder.pricing.actions``,
    which write the history beside.
    """

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="prices")
    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="prices")
    amount = models.DecimalField(max_digits=18, decimal_places=4, help_text=_("In the market's currency."))
    min_quantity = models.PositiveIntegerField(
        _("from quantity"), default=1, help_text=_("Units of one basket line from which this price holds.")
    )
    valid = DateRangeField()
    price_list = models.ForeignKey(
        PriceList,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="prices",
        help_text=_("Empty: the regular price."),
    )
    origin = models.CharField(max_length=8, choices=PriceOrigin, default=PriceOrigin.MANUAL)
    set_by = models.CharField(max_length=ACTOR_LENGTH, blank=True)
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["variant", "market"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="price_positive"),
            models.CheckConstraint(condition=Q(min_quantity__gte=1), name="price_from_one_unit"),
            ExclusionConstraint(
                name="price_one_a_day",
                expressions=[
                    ("variant", RangeOperators.EQUAL),
                    ("market", RangeOperators.EQUAL),
                    ("min_quantity", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(price_list__isnull=True),
            ),
            ExclusionConstraint(
                name="price_one_a_day_in_list",
                expressions=[
                    ("variant", RangeOperators.EQUAL),
                    ("market", RangeOperators.EQUAL),
                    ("price_list", RangeOperators.EQUAL),
                    ("min_quantity", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=Q(price_list__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant} {self.market} {self.amount}"


class PriceChange(models.Model):
    """What was offered: one unit's price on a range of days, as it was decided at ``recorded_at``. Append-only.

    Of several rows that speak of a day the last recorded one holds; on the day it was recorded the one before it was
    offered too. No amount: not on sale.
    """

    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="price_changes")
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="price_changes")
    min_quantity = models.PositiveIntegerField(_("from quantity"), default=1)
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    valid = DateRangeField()
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, null=True, related_name="changes")
    origin = models.CharField(max_length=8, choices=PriceOrigin)
    actor = models.CharField(max_length=ACTOR_LENGTH, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["variant", "market", "min_quantity", "id"], name="pricechange_words")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0) | Q(amount__isnull=True), name="pricechange_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} {self.market_id} {self.amount} {self.valid}"
