"""Which goods are of a kind that the laws except from withdrawal."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Category, Product


class ExceptedGoods(models.Model):
    """A category or one product, and the kind of exception; whether it holds says the law of the shopper's country."""

    class Kind(models.TextChoices):
        CUSTOM = "custom", _("Made to the shopper's specifications")
        PERISHABLE = "perishable", _("Perishes quickly")
        SEALED_HYGIENE = "sealed_hygiene", _("Sealed for hygiene")
        SEALED_MEDIA = "sealed_media", _("Sealed recording or software")

    kind = models.CharField(max_length=16, choices=Kind)
    category = models.CharField(max_length=16, choices=Category, blank=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    valid = DateRangeField(help_text=_("First day, and the day after the last."))
    source = models.CharField(max_length=250, help_text=_("Why these goods are of that kind."))

    class Meta:
        ordering = ["category", "product", "kind"]
        verbose_name = _("excepted goods")
        verbose_name_plural = _("excepted goods")
        constraints = [
            models.CheckConstraint(
                condition=Q(category="", product__isnull=False) | ~Q(category="") & Q(product__isnull=True),
                name="exceptedgoods_category_or_product",
                violation_error_message=_("Name a category or a product, one of the two."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.product or self.get_category_display()}: {self.get_kind_display()}"
