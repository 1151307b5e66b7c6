"""Trees with interval labels, and named groups."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

EVERYTHING = "*"


class Dimension(models.TextChoices):
    """What a grant is limited in, beside its time."""

    PROPERTY = "property", _("Property")
    TERRITORY = "territory", _("Territory")
    CHANNEL = "channel", _("Channel")
    CATEGORY = "category", _("Category")
    LANGUAGE = "language", _("Language")


class ScopeNode(models.Model):
    """A place in one of the trees. What lies below it has labels within ``low`` (included) and ``high`` (excluded).

    The database gives the labels and leaves gaps; where none is left it labels the tree anew and rewrites the rights in
    force in the same transaction (licensing.md 2.4). A property's node has the property's id as its code.
    """

    dimension = models.CharField(max_length=12, choices=Dimension)
    code = models.CharField(max_length=80)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    low = models.BigIntegerField(editable=False, default=0)
    high = models.BigIntegerField(editable=False, default=0)

    class Meta:
        ordering = ["dimension", "low"]
        constraints = [
            models.UniqueConstraint(fields=["dimension", "code"], name="scopenode_once"),
            models.CheckConstraint(condition=Q(high__gt=F("low")), name="scopenode_label"),
            models.CheckConstraint(condition=~Q(code=EVERYTHING), name="scopenode_not_everything"),
        ]
        indexes = [models.Index(fields=["dimension", "low"], name="scopenode_place")]

    def __str__(self) -> str:
        return f"{self.dimension} {self.code}"


class ScopeGroup(models.Model):
    """Codes under one name, such as “Greater China”; a signature freezes what it means."""

    dimension = models.CharField(max_length=12, choices=Dimension)
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    members = ArrayField(models.CharField(max_length=80))

    class Meta:
        ordering = ["dimension", "code"]
        constraints = [
            models.UniqueConstraint(fields=["dimension", "code"], name="scopegroup_once"),
            models.CheckConstraint(condition=Q(members__len__gt=0), name="scopegroup_members"),
        ]

    def __str__(self) -> str:
        return self.name
