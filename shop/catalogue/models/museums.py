"""Museums whose collections are licensed."""

from django.conf import settings
from django.db import models


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
