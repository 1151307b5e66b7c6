"""Parties, properties, agreements with immutable versions, and what each version grants."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PartyGroup(models.Model):
    """Affiliated parties, such as a parent company with its subsidiaries."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Party(models.Model):
    """Somebody who holds, grants or takes rights."""

    class Role(models.TextChoices):
        RIGHTS_HOLDER = "rights_holder", _("Rights holder")
        AGENT = "agent", _("Agent")
        LICENSEE = "licensee", _("Licensee")
        SUB_LICENSEE = "sub_licensee", _("Sub-licensee")
        MANUFACTURER = "manufacturer", _("Manufacturer")
        DISTRIBUTOR = "distributor", _("Distributor")
        MARKETPLACE = "marketplace", _("Marketplace operator")
        OWN_SHOP = "own_shop", _("Own shop")

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=16, choices=Role)
    group = models.ForeignKey(
        PartyGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parties",
        help_text=_("Affiliates of one group hold rights together."),
    )
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
        IN_REVIEW = "in_review", _("In review")
        APPROVED = "approved", _("Approved")
        SIGNED = "signed", _("Signed")
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        SELL_OFF = "sell_off", _("Sell-off")
        EXPIRED = "expired", _("Expired")
        TERMINATED = "terminated", _("Terminated")
        CLOSED = "closed", _("Closed")

    class Direction(models.TextChoices):
        OUT = "licensed_out", _("Licensed out")
        IN = "licensed_in", _("Licensed in")

    number = models.CharField(max_length=40, unique=True)
    licensor = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="agreements_granted")
    licensee = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="agreements_taken")
    direction = models.CharField(max_length=16, choices=Direction, default=Direction.OUT)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    currency = models.CharField(max_length=3)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sub_licences",
        help_text=_("The licence that this one is a sub-licence of."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="agreement_not_its_own_parent"),
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


def everything() -> list[str]:
    """Return the scope without limit."""
    return ["*"]


class Grant(models.Model):
    """What one version allows: a property, in territories, through channels, for categories, over a term.

    ``territories`` holds ISO 3166-1 alpha-2 codes or names of groups, without those of ``excluded_territories``;
    ``channels`` and ``categories`` our codes, ``languages`` BCP 47; ``*`` means all. A grant covers everything that
    lies below what it names. ``cap_units``: no more units than that may be sold under it.
    """

    class Exclusivity(models.TextChoices):
        EXCLUSIVE = "exclusive", _("Exclusive")
        SOLE = "sole", _("Sole")
        NON_EXCLUSIVE = "non_exclusive", _("Non-exclusive")
        OWN_USE = "own_use", _("Licensor's own use")

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="grants")
    partner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", help_text=_("The licensee."))
    prop = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="grants", verbose_name=_("property"))
    territories = ArrayField(models.CharField(max_length=32))
    excluded_territories = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    channels = ArrayField(models.CharField(max_length=32))
    categories = ArrayField(models.CharField(max_length=32))
    languages = ArrayField(models.CharField(max_length=10), default=everything)
    term = DateRangeField()
    exclusivity = models.CharField(max_length=16, choices=Exclusivity, default=Exclusivity.NON_EXCLUSIVE)
    cap_units = models.PositiveIntegerField(null=True, blank=True, help_text=_("Empty: as many as are sold."))

    class Meta:
        ordering = ["version", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(territories__len__gt=0, channels__len__gt=0, categories__len__gt=0), name="grant_has_scope"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.prop}"
