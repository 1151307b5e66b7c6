"""The rule book: dated rows with their source and confirmation."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Category


class TaxRate(models.Model):
    """A rate of VAT, GST or import tax, dated, with its source and who confirmed it.

    ``regime`` says when it applies: ``domestic`` (goods are in the destination's tax territory) or an import regime
    such as ``cbec`` (China's cross-border e-commerce retail import). An unconfirmed row makes a quote an ESTIMATE.
    """

    class Regime(models.TextChoices):
        DOMESTIC = "domestic", _("Domestic")
        CBEC = "cbec", _("Cross-border e-commerce (China)")
        IMPORT = "import", _("Import")

    jurisdiction = models.CharField(max_length=2)
    regime = models.CharField(max_length=16, choices=Regime)
    category = models.CharField(
        max_length=16, choices=Category, blank=True, help_text=_("Empty: every other category.")
    )
    name = models.CharField(max_length=40)
    rate = models.DecimalField(max_digits=7, decimal_places=5, help_text=_("Fraction: 0.2 is 20 %."))
    valid = DateRangeField()
    source = models.CharField(max_length=250)
    confirmed_by = models.CharField(max_length=80, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["jurisdiction", "regime", "category"]
        constraints = [
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=1), name="taxrate_is_fraction"),
            ExclusionConstraint(
                name="taxrate_one_a_day",
                expressions=[
                    ("jurisdiction", RangeOperators.EQUAL),
                    ("regime", RangeOperators.EQUAL),
                    ("category", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.regime} {self.category or '*'} {self.rate}"
