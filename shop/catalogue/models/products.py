"""Products and their words."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models.manufacturers import Manufacturer
from shop.catalogue.models.museums import Museum
from shop.catalogue.models.objects import MuseumObject
from shop.catalogue.models.product_types import Attribute, AttributeOption, ProductType


class Category(models.TextChoices):
    """The kinds of product a museum shop sells; also the categories that grants and tax rows speak of."""

    PRINTS = "prints", _("Prints")
    MUGS = "mugs", _("Mugs")
    SCARVES = "scarves", _("Scarves")
    TOTES = "totes", _("Totes")
    NOTEBOOKS = "notebooks", _("Notebooks")
    JEWELLERY = "jewellery", _("Jewellery")
    REPLICAS = "replicas", _("Replicas")
    BOOKS = "books", _("Books")
    PUZZLES = "puzzles", _("Puzzles")
    UMBRELLAS = "umbrellas", _("Umbrellas")


class Product(models.Model):
    """Something made after one or more objects, sold in one or more variants.

    It is shown while ``published`` and between ``publish_from`` and ``publish_until`` (empty: without limit); a market
    or a language can be left out (``Publication``). ``revision`` grows with every change of the product, its texts,
    pictures, variants, prices, attributes, objects and themes; database triggers see to it, so that whatever is derived
    from a product can tell that it is behind; ``changed_in`` is the transaction that set it. ``popularity`` are the
    units sold in the last 90 days.
    """

    museum = models.ForeignKey(Museum, on_delete=models.PROTECT, related_name="products")
    objects_shown = models.ManyToManyField(MuseumObject, related_name="products", blank=True, verbose_name=_("objects"))
    slug = models.SlugField(max_length=100, unique=True)
    category = models.CharField(max_length=16, choices=Category)
    manufacturer = models.ForeignKey(
        Manufacturer, on_delete=models.PROTECT, null=True, blank=True, related_name="products"
    )
    product_type = models.ForeignKey(
        ProductType, on_delete=models.PROTECT, null=True, blank=True, related_name="products"
    )
    published = models.BooleanField(default=False, db_index=True)
    publish_from = models.DateTimeField(null=True, blank=True)
    publish_until = models.DateTimeField(null=True, blank=True)
    popularity = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    revision = models.BigIntegerField(default=0, db_default=0, editable=False)
    changed_in = models.BigIntegerField(default=0, db_default=0, editable=False, db_index=True)
    ornament = models.CharField(max_length=32, blank=True)
    palette = models.CharField(max_length=32, blank=True)
    sort_order = models.IntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["sort_order", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(publish_from=None) | Q(publish_until=None) | Q(publish_until__gt=F("publish_from")),
                name="product_publish_order",
                violation_error_message=_("It must be published before it is withdrawn."),
            )
        ]

    def __str__(self) -> str:
        return self.slug


class ProductText(models.Model):
    """A product's words in one language."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    name = models.CharField(max_length=200)
    description = models.TextField()
    material = models.CharField(max_length=250, blank=True)
    care = models.CharField(max_length=250, blank=True)
    warnings = models.TextField(
        blank=True, default="", db_default="", help_text=_("Warnings and safety information, where there are any.")
    )

    seo_title = models.CharField(_("search title"), max_length=70, blank=True, default="", db_default="")
    seo_description = models.CharField(_("search description"), max_length=170, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "language"], name="producttext_language")]

    def __str__(self) -> str:
        return self.name


class AttributeValue(models.Model):
    """What one product says to one attribute: exactly one of the columns, by the attribute's kind.

    ``text`` is language → text; ``number`` is in the attribute's unit.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="attribute_values")
    attribute = models.ForeignKey(Attribute, on_delete=models.PROTECT, related_name="values")
    option = models.ForeignKey(AttributeOption, on_delete=models.PROTECT, null=True, blank=True, related_name="values")
    number = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    text = models.JSONField(null=True, blank=True)
    flag = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["attribute__position", "attribute__code"]
        constraints = [
            # A product can have several options of one list (two materials), but each once.
            models.UniqueConstraint(
                fields=["product", "attribute", "option"], nulls_distinct=False, name="attributevalue_once"
            ),
            models.CheckConstraint(
                condition=Q(option__isnull=False, number=None, text=None, flag=None)
                | Q(option=None, number__isnull=False, text=None, flag=None)
                | Q(option=None, number=None, text__isnull=False, flag=None)
                | Q(option=None, number=None, text=None, flag__isnull=False),
                name="attributevalue_one_column",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} · {self.attribute}"
