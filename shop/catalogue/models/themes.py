"""Themes and exhibitions, under which objects and products are shown together."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models.museums import Museum
from shop.catalogue.models.objects import MuseumObject
from shop.catalogue.models.preparing import Preparing
from shop.catalogue.models.products import Product


class Theme(Preparing):
    """A lasting theme of the collection, or an exhibition with its days (local days of its museum, both included)."""

    class Kind(models.TextChoices):
        THEME = "theme", _("Theme")
        EXHIBITION = "exhibition", _("Exhibition")

    slug = models.SlugField(max_length=100, unique=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.THEME)
    museum = models.ForeignKey(Museum, on_delete=models.PROTECT, null=True, blank=True, related_name="themes")
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True, help_text=_("The last day."))
    published = models.BooleanField(default=False)
    objects_shown = models.ManyToManyField(MuseumObject, related_name="themes", blank=True, verbose_name=_("objects"))
    products = models.ManyToManyField(Product, through="ThemeProduct", related_name="themes")
    picture = models.FileField(upload_to="themes/", blank=True, default="", db_default="")
    picture_width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    picture_height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    sort_order = models.IntegerField(default=0)

    class Meta:
        ordering = ["sort_order", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_on=None) | Q(closes_on=None) | Q(closes_on__gte=F("opens_on")),
                name="theme_days_order",
            ),
            models.CheckConstraint(
                condition=Q(kind="theme") | Q(museum__isnull=False, opens_on__isnull=False, closes_on__isnull=False),
                name="theme_exhibition_has_place_and_days",
                violation_error_message=_("An exhibition needs its museum, its first and its last day."),
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class ThemeText(models.Model):
    """A theme's name and introduction in one language."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    name = models.CharField(max_length=200)
    introduction = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["theme", "language"], name="themetext_language")]

    def __str__(self) -> str:
        return self.name


class ThemeProduct(models.Model):
    """A product's place in a theme."""

    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="places")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="places")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["theme", "product"], name="themeproduct_once")]

    def __str__(self) -> str:
        return f"{self.theme} · {self.product}"
