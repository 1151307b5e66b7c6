"""Museums, their objects, and the products made after them. Texts live in one row per language."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.stock.models import Item
from shop.catalogue.goods import GoodsFlag


class Museum(models.Model):
    """A museum whose collection is licensed."""

    slug = models.SlugField(max_length=80, unique=True)
    city = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class MuseumText(models.Model):
    """A museum's name and introduction in one language."""

    museum = models.ForeignKey(Museum, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    name = models.CharField(max_length=200)
    introduction = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["museum", "language"], name="museumtext_language")]

    def __str__(self) -> str:
        return self.name


class MuseumObject(models.Model):
    """An object of a collection, as the museum's own record describes it.

    ``source_digest`` (SHA-256 of the imported fields) lets a second import tell unchanged rows from changed ones.
    """

    museum = models.ForeignKey(Museum, on_delete=models.PROTECT, related_name="collection")
    accession_number = models.CharField(max_length=80)
    slug = models.SlugField(max_length=120, blank=True)
    title = models.TextField()
    maker = models.TextField(blank=True)
    date_text = models.CharField(max_length=200, blank=True)
    year_from = models.IntegerField(null=True, blank=True, help_text=_("Negative: before the common era."))
    year_to = models.IntegerField(null=True, blank=True)
    culture = models.CharField(max_length=200, blank=True)
    technique = models.TextField(blank=True)
    dimensions = models.TextField(blank=True)
    classification = models.CharField(max_length=200, blank=True)
    credit_line = models.TextField(blank=True)
    subjects = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    ornament = models.CharField(max_length=32, blank=True, help_text=_("Ornament family of its plate, if we draw it."))
    palette = models.CharField(max_length=32, blank=True)
    picture = models.FileField(upload_to="objects/", blank=True, db_default="")
    source_digest = models.BinaryField(max_length=32, null=True, editable=False)
    imported_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["museum", "accession_number"]
        verbose_name = _("object")
        constraints = [
            models.UniqueConstraint(fields=["museum", "accession_number"], name="museumobject_accession"),
            models.UniqueConstraint(fields=["slug"], condition=~Q(slug=""), name="museumobject_slug"),
            models.CheckConstraint(condition=~Q(accession_number=""), name="museumobject_has_accession"),
        ]
        indexes = [GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="museumobject_title_trgm")]

    def __str__(self) -> str:
        return f"{self.accession_number} · {self.title[:60]}"


class ObjectText(models.Model):
    """An object's title and description in one language, written for the shop."""

    museum_object = models.ForeignKey(MuseumObject, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    title = models.CharField(max_length=250)
    description = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["museum_object", "language"], name="objecttext_language")]

    def __str__(self) -> str:
        return self.title


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


class Manufacturer(models.Model):
    """Who made a product, and who answers for it in the Union (Regulation (EU) 2023/988, articles 16 and 19)."""

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=160, help_text=_("Name or registered trade mark."))
    address = models.TextField(
        _("postal address"), max_length=400, blank=True, help_text=_("As on an envelope, without name and country.")
    )
    country = models.CharField(max_length=2, help_text=_("Where it is established, ISO 3166-1 alpha-2."))
    email = models.CharField(
        _("electronic address"), max_length=200, blank=True, help_text=_("An e-mail address, or the page of a form.")
    )
    responsible_name = models.CharField(_("name"), max_length=160, blank=True)
    responsible_address = models.TextField(_("postal address"), max_length=400, blank=True)
    responsible_country = models.CharField(_("country"), max_length=2, blank=True)
    responsible_email = models.CharField(_("electronic address"), max_length=200, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="manufacturer_country_iso"),
            models.CheckConstraint(
                condition=Q(responsible_country="") | Q(responsible_country__regex=r"^[A-Z]{2}$"),
                name="manufacturer_responsible_country_iso",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """Something made after one or more objects, sold in one or more variants."""

    museum = models.ForeignKey(Museum, on_delete=models.PROTECT, related_name="products")
    objects_shown = models.ManyToManyField(MuseumObject, related_name="products", blank=True, verbose_name=_("objects"))
    slug = models.SlugField(max_length=100, unique=True)
    category = models.CharField(max_length=16, choices=Category)
    manufacturer = models.ForeignKey(
        Manufacturer, on_delete=models.PROTECT, null=True, blank=True, related_name="products"
    )
    published = models.BooleanField(default=False, db_index=True)
    ornament = models.CharField(max_length=32, blank=True)
    palette = models.CharField(max_length=32, blank=True)
    sort_order = models.IntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["sort_order", "slug"]

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

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "language"], name="producttext_language")]

    def __str__(self) -> str:
        return self.name


class ProductImage(models.Model):
    """A picture of a product, with alternative text per language (JSON: language → text)."""

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
