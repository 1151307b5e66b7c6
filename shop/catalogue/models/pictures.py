"""Pictures of products, and what browsers are offered of these and of themes' pictures."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models.preparing import Preparing
from shop.catalogue.models.products import Product
from shop.catalogue.models.themes import Theme


class ProductImage(Preparing):
    """A picture of a product, with alternative text per language (JSON: language → text).

    A worker makes its renditions.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images")
    file = models.FileField(upload_to="products/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField(default=0)
    alt = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["product", "position"], name="productimage_position")]

    def __str__(self) -> str:
        return str(self.file.name)


class Rendition(models.Model):
    """A product's or a theme's picture in one format and width (pixels), as browsers are offered it. Size in bytes."""

    class Format(models.TextChoices):
        WEBP = "webp", "WebP"
        AVIF = "avif", "AVIF"

    picture = models.ForeignKey(
        ProductImage, on_delete=models.CASCADE, null=True, blank=True, related_name="renditions"
    )
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, null=True, blank=True, related_name="renditions")
    format = models.CharField(max_length=4, choices=Format)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(_("bytes"))
    file = models.FileField(upload_to="renditions/")

    class Meta:
        ordering = ["format", "width"]
        constraints = [
            models.UniqueConstraint(fields=["picture", "format", "width"], name="rendition_once"),
            models.UniqueConstraint(fields=["theme", "format", "width"], name="rendition_of_theme_once"),
            models.CheckConstraint(
                condition=Q(picture=None, theme__isnull=False) | Q(picture__isnull=False, theme=None),
                name="rendition_of_one",
            ),
        ]

    def __str__(self) -> str:
        return str(self.file.name)
