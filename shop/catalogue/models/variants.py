"""What is bought."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.stock.models import Item
from shop.catalogue.goods import GoodsFlag
from shop.catalogue.models.products import Product


class Variant(models.Model):
    """What is bought: one SKU, with the facts that tax, customs and carriers ask for."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="variants")
    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="variant")
    sku = models.CharField("SKU", max_length=40, unique=True)
    options = models.JSONField(
        default=dict,
        blank=True,
        help_text=_("Language → option text, e.g. {“en”: “Small”}; empty for a single variant."),
    )
    hs_code = models.CharField("HS code", max_length=10)
    origin = models.CharField(max_length=2, help_text=_("Country of origin, ISO 3166-1 alpha-2."))
    weight_g = models.PositiveIntegerField(help_text=_("Shipping weight in grams."))
    length_mm = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Of the packed unit. Empty, like width and height: only the weight counts.")
    )
    width_mm = models.PositiveIntegerField(null=True, blank=True)
    height_mm = models.PositiveIntegerField(null=True, blank=True)
    flags = ArrayField(
        models.CharField(max_length=20, choices=GoodsFlag),
        default=list,
        blank=True,
        help_text=_("What carriers and countries may refuse."),
    )
    customs_description = models.CharField(
        max_length=250,
        blank=True,
        default="",
        db_default="",
        help_text=_("English, for customs: material and kind, e.g. “Porcelain mug, printed decoration”."),
    )
    customs_description_zh = models.CharField(
        _("customs description in Chinese"),
        max_length=250,
        blank=True,
        default="",
        db_default="",
        help_text=_("The same in Chinese, e.g. “瓷杯, 印花”."),
    )
    manufacturer_product_id = models.CharField(
        _("manufacturer's product ID"),
        max_length=80,
        blank=True,
        default="",
        db_default="",
        help_text=_("The maker's own number; customs of the EU ask for it beside our SKU."),
    )
    reproduction_year = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text=_("Set for a modern reproduction of an old work: the year in which it was made."),
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["product", "position", "sku"]
        constraints = [
            models.CheckConstraint(condition=Q(hs_code__regex=r"^[0-9]{6,10}$"), name="variant_hs_code"),
            models.CheckConstraint(condition=Q(origin__regex=r"^[A-Z]{2}$"), name="variant_origin_iso"),
            models.CheckConstraint(condition=Q(weight_g__gt=0), name="variant_has_weight"),
            models.CheckConstraint(
                condition=Q(length_mm=None, width_mm=None, height_mm=None)
                # Said outright: a comparison with NULL is unknown, and a check lets the unknown pass.
                | Q(length_mm__isnull=False, width_mm__isnull=False, height_mm__isnull=False)
                & Q(length_mm__gt=0, width_mm__gt=0, height_mm__gt=0),
                name="variant_sides_all_or_none",
            ),
            models.CheckConstraint(condition=Q(flags__contained_by=list(GoodsFlag.values)), name="variant_flags_known"),
            models.CheckConstraint(
                condition=Q(reproduction_year__isnull=True)
                | Q(reproduction_year__gte=1900, reproduction_year__lte=2100),
                name="variant_reproduction_year",
                violation_error_message=_("A modern reproduction was made in 1900 or later."),
            ),
        ]

    def __str__(self) -> str:
        return self.sku
