"""Markets, prices, shipping options and tax rates: dated rows with their source."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.stock.models import Warehouse
from shop.catalogue.models import Category, Variant


class Market(models.Model):
    """Where we sell: countries, a currency, languages, and the warehouses that serve it in order of preference."""

    code = models.SlugField(max_length=8, unique=True)
    currency = models.CharField(max_length=3)
    countries = ArrayField(models.CharField(max_length=2))
    languages = ArrayField(models.CharField(max_length=10), help_text=_("The first is the market's default."))
    prices_include_tax = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    warehouses: models.ManyToManyField = models.ManyToManyField(Warehouse, through="MarketWarehouse")

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="market_currency_iso"),
            models.CheckConstraint(
                condition=Q(countries__len__gt=0, languages__len__gt=0), name="market_has_country_and_language"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class MarketWarehouse(models.Model):
    """A warehouse that serves a market; lower ``rank`` is asked first."""

    market = models.ForeignKey(Market, on_delete=models.CASCADE)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT)
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rank"]
        constraints = [models.UniqueConstraint(fields=["market", "warehouse"], name="marketwarehouse_once")]

    def __str__(self) -> str:
        return f"{self.market} ← {self.warehouse}"


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
