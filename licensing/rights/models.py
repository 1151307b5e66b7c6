"""Parties, properties, agreements with immutable versions, and what each version grants."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Party(models.Model):
    """Somebody who holds, grants or takes rights."""

    class Role(models.TextChoices):
        RIGHTS_HOLDER = "rights_holder", _("Rights holder")
        AGENT = "agent", _("Agent")
        LICENSEE = "licensee", _("Licensee")
        MANUFACTURER = "manufacturer", _("Manufacturer")
        OWN_SHOP = "own_shop", _("Own shop")

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=16, choices=Role)
    country = models.CharField(max_length=2)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "parties"

    def __str__(self) -> str:
        return self.name


class Property(models.Model):
    """What is licensed: a collection, an object's motif, or a mark. ``parent`` builds the tree."""

    class Kind(models.TextChoices):
        COLLECTION = "collection", _("Collection")
        OBJECT = "object", _("Object")
        MARK = "mark", _("Mark")

    code = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=250)
    kind = models.CharField(max_length=12, choices=Kind)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="properties")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "properties"

    def __str__(self) -> str:
        return self.name


class LicensedSku(models.Model):
    """Which property a SKU uses, and what kind of product it is: what a grant is asked about."""

    sku = models.CharField("SKU", max_length=40, unique=True)
    prop = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="skus", verbose_name=_("property"))
    category = models.CharField(max_length=32)

    class Meta:
        ordering = ["sku"]
        verbose_name = "licensed SKU"

    def __str__(self) -> str:
        return self.sku


class Agreement(models.Model):
    """A licence contract between a licensor and a licensee; its terms are in its versions."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        TERMINATED = "terminated", _("Terminated")

    class Direction(models.TextChoices):
        OUT = "licensed_out", _("Licensed out")
        IN = "licensed_in", _("Licensed in")

    number = models.CharField(max_length=40, unique=True)
    licensor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="agreements_granted")
    licensee = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="agreements_taken")
    direction = models.CharField(max_length=16, choices=Direction, default=Direction.OUT)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="agreement_currency_iso"),
            models.CheckConstraint(condition=~Q(licensor=models.F("licensee")), name="agreement_parties_differ"),
        ]

    def __str__(self) -> str:
        return self.number


class AgreementVersion(models.Model):
    """The terms in force over ``effective`` (half-open dates). Immutable once signed: a trigger refuses changes.

    ``terms`` holds the royalty terms; see ``licensing.royalties.terms`` for its form. Two signed versions of one
    agreement never overlap (exclusion constraint), so a sale date has at most one version.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    partner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", help_text=_("The licensee."))
    number = models.PositiveIntegerField()
    effective = DateRangeField()
    terms = models.JSONField()
    signed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["agreement__number", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreementversion_number"),
            ExclusionConstraint(
                name="agreementversion_signed_apart",
                expressions=[("agreement", RangeOperators.EQUAL), ("effective", RangeOperators.OVERLAPS)],
                condition=Q(signed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement.number} v{self.number}"


class Grant(models.Model):
    """What one version allows: a property, in territories, through channels, for categories, over a term.

    ``territories`` holds ISO 3166-1 alpha-2 codes, ``channels`` and ``categories`` our codes; ``*`` means all. The
    grant covers the property and everything below it in the tree.
    """

    class Exclusivity(models.TextChoices):
        EXCLUSIVE = "exclusive", _("Exclusive")
        SOLE = "sole", _("Sole")
        NON_EXCLUSIVE = "non_exclusive", _("Non-exclusive")

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="grants")
    partner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", help_text=_("The licensee."))
    prop = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="grants", verbose_name=_("property"))
    territories = ArrayField(models.CharField(max_length=2))
    channels = ArrayField(models.CharField(max_length=32))
    categories = ArrayField(models.CharField(max_length=32))
    term = DateRangeField()
    exclusivity = models.CharField(max_length=16, choices=Exclusivity, default=Exclusivity.NON_EXCLUSIVE)

    class Meta:
        ordering = ["version", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(territories__len__gt=0, channels__len__gt=0, categories__len__gt=0), name="grant_has_scope"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.prop}"
