"""Objects of the collections."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models.museums import Museum


class RightsStatus(models.TextChoices):
    """What is known of the copyright in the object, in the terms of RightsStatements.org and Creative Commons."""

    PUBLIC_DOMAIN = "public_domain", _("Public domain")
    CC0 = "cc0", _("Dedicated to the public domain (CC0)")
    NO_KNOWN_COPYRIGHT = "no_known_copyright", _("No known copyright")
    IN_COPYRIGHT = "in_copyright", _("In copyright")
    ORPHAN_WORK = "orphan_work", _("In copyright, orphan work")
    UNDETERMINED = "undetermined", _("Copyright undetermined")


class MuseumObject(models.Model):
    """An object of a collection, as the museum's own record describes it.

    ``revision`` grows with every change of the record or its texts (a database trigger sees to it).
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
    rights_status = models.CharField(max_length=20, choices=RightsStatus, blank=True, default="", db_default="")
    external_url = models.URLField(
        _("page at the museum"), max_length=500, blank=True, default="", db_default="", help_text=_("https only.")
    )
    iiif_manifest = models.URLField(_("IIIF manifest"), max_length=500, blank=True, default="", db_default="")
    revision = models.BigIntegerField(default=0, db_default=0, editable=False)
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
            models.CheckConstraint(
                condition=Q(external_url="") | Q(external_url__startswith="https://"), name="museumobject_https"
            ),
            models.CheckConstraint(
                condition=Q(iiif_manifest="") | Q(iiif_manifest__startswith="https://"), name="museumobject_iiif_https"
            ),
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
