"""What is counted and where it lies."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Warehouse(models.Model):
    """A place that holds stock and ships from one country."""

    class Kind(models.TextChoices):
        OWN = "own", _("Own")
        THIRD_PARTY = "third_party", _("Third party")
        BONDED = "bonded", _("Bonded")
        SHOP = "shop", _("Museum shop")

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, help_text=_("ISO 3166-1 alpha-2 code."))
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.OWN)
    serves = ArrayField(
        models.CharField(max_length=2),
        default=list,
        blank=True,
        help_text=_("Countries it may ship to, by ISO code; empty: all. A bonded warehouse must name its market."),
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="warehouse_country_iso"),
            models.CheckConstraint(
                condition=~Q(kind="bonded") | Q(serves__len__gt=0),
                name="warehouse_bonded_serves",
                violation_error_message=_("A bonded warehouse must name the countries of its market."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"


class Item(models.Model):
    """A thing that is counted, by SKU; or a bundle, which is made of such things and never counted itself."""

    sku = models.CharField("SKU", max_length=40, unique=True)
    description = models.CharField(max_length=200)
    limit_per_holder = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Units that one holder may claim at a time; empty: no limit.")
    )

    class Meta:
        ordering = ["sku"]
        constraints = [
            models.CheckConstraint(condition=Q(sku__regex=r"^[A-Z0-9][A-Z0-9-]*$"), name="item_sku_form"),
            models.CheckConstraint(
                condition=Q(limit_per_holder__isnull=True) | Q(limit_per_holder__gt=0), name="item_limit_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.sku


class BundleComponent(models.Model):
    """Units of one item within one unit of a bundle. A trigger refuses bundles of bundles and counted bundles."""

    bundle = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="components")
    component = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="bundles")
    quantity = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["bundle", "component"]
        constraints = [
            models.UniqueConstraint(fields=["bundle", "component"], name="bundlecomponent_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, quantity__lte=1000), name="bundlecomponent_quantity_positive"
            ),
            models.CheckConstraint(condition=~Q(bundle=F("component")), name="bundlecomponent_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.component} in {self.bundle}"
