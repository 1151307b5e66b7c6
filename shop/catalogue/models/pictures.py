"""Pictures of products."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models.products import Product


class ProductImage(models.Model):
    """A picture of a product, with alternative text per language (JSON: language → text).

    A worker makes its renditions; ``prepared_at`` is when, ``problem`` why it could not.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images")
    file = models.FileField(upload_to="products/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField(default=0)
    alt = models.JSONField(default=dict, blank=True)
    prepared_at = models.DateTimeField(null=True, blank=True, editable=False)
    problem = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["product", "position"], name="productimage_position")]

    def __str__(self) -> str:
        return str(self.file.name)


class Rendition(models.Model):
    """A picture in one format and width (pixels), as browsers are offered it. ``size`` is in bytes."""

    class Format(models.TextChoices):
        WEBP = "webp", "WebP"
        AVIF = "avif", "AVIF"

    picture = models.ForeignKey(ProductImage, on_delete=models.CASCADE, related_name="renditions")
    format = models.CharField(max_length=4, choices=Format)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(_("bytes"))
    file = models.FileField(upload_to="renditions/")

    class Meta:
        ordering = ["format", "width"]
        constraints = [models.UniqueConstraint(fields=["picture", "format", "width"], name="rendition_once")]

    def __str__(self) -> str:
        return str(self.file.name)
