"""Kinds of product and the typed attributes that each has."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Attribute(models.Model):
    """A property that products of some types have; ``labels`` is language → name (English at least)."""

    class Kind(models.TextChoices):
        CHOICE = "choice", _("One of a list")
        NUMBER = "number", _("Number")
        TEXT = "text", _("Text")
        BOOLEAN = "boolean", _("Yes or no")

    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.CHOICE)
    labels = models.JSONField(default=dict)
    unit = models.CharField(max_length=12, blank=True, default="", help_text=_("Of a number, e.g. mm."))
    facet = models.BooleanField(default=False, help_text=_("Shoppers can narrow lists by it (of a list only)."))
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(unit="") | Q(kind="number"), name="attribute_unit_of_number"),
            models.CheckConstraint(condition=Q(facet=False) | Q(kind="choice"), name="attribute_facet_of_choices"),
        ]

    def __str__(self) -> str:
        return str(self.labels.get("en") or self.code)


class AttributeOption(models.Model):
    """One of the values of an attribute with a list; ``labels`` is language → name (English at least)."""

    attribute = models.ForeignKey(Attribute, on_delete=models.CASCADE, related_name="options")
    code = models.SlugField(max_length=40)
    labels = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]
        constraints = [models.UniqueConstraint(fields=["attribute", "code"], name="attributeoption_code")]

    def __str__(self) -> str:
        return str(self.labels.get("en") or self.code)


class ProductType(models.Model):
    """A kind of product, as it is described: which attributes its products have."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    attributes = models.ManyToManyField(Attribute, related_name="product_types", blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
