"""What search keeps: documents, the words in them, synonyms, and what was looked for in vain."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models.objects import MuseumObject
from shop.catalogue.models.products import Product
from shop.catalogue.search.folding import tokens


class SearchDocument(models.Model):
    """A product or an object as it is found in one language.

    ``tsv`` has words, stems and pairs of characters, by weight: A the name, B objects, makers, museum and themes, C
    kind, material and culture, D the description. ``revision`` is that of what it was made from.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, related_name="+")
    museum_object = models.ForeignKey(MuseumObject, on_delete=models.CASCADE, null=True, related_name="+")
    language = models.CharField(max_length=10)
    revision = models.BigIntegerField()
    title = models.TextField()
    tsv = SearchVectorField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(product=None, museum_object__isnull=False) | Q(product__isnull=False, museum_object=None),
                name="searchdocument_of_one",
            ),
            models.UniqueConstraint(fields=["product", "language"], name="searchdocument_product"),
            models.UniqueConstraint(fields=["museum_object", "language"], name="searchdocument_object"),
        ]
        indexes = [
            # Apart, so that the few products never wait for the many objects.
            GinIndex(fields=["tsv"], condition=Q(product__isnull=False), name="searchdocument_products"),
            GinIndex(fields=["tsv"], condition=Q(museum_object__isnull=False), name="searchdocument_objects"),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.language}"


class SearchWord(models.Model):
    """A word (folded) that stands in a document of the language; slips of the pen are compared with these.

    ``shown`` is how it was written. Words of documents that have gone stay until the next rebuilding.
    """

    language = models.CharField(max_length=10)
    word = models.CharField(max_length=80)
    shown = models.CharField(max_length=80)
    of_product = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "language", "of_product"], name="searchword_once")]
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="searchword_trgm")]

    def __str__(self) -> str:
        return self.shown


class Synonym(models.Model):
    """Terms that mean the same to search: kinds of things, or the names of one artist, in any language."""

    class Kind(models.TextChoices):
        WORDS = "words", _("Words")
        ARTIST = "artist", _("Names of an artist")

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.WORDS)
    terms = ArrayField(models.CharField(max_length=80), help_text=_("Separated by commas; each finds all."))
    folded = ArrayField(models.CharField(max_length=160), default=list, editable=False)

    class Meta:
        ordering = ["kind", "terms"]
        indexes = [GinIndex(fields=["folded"], name="synonym_folded")]

    def __str__(self) -> str:
        return " = ".join(self.terms)

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep the folded terms beside the written ones."""
        self.folded = self.folds()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        """Refuse a group of fewer than two different terms."""
        if len(self.folds()) < 2:
            raise ValidationError({"terms": _("A group has at least two different terms.")})

    def folds(self) -> list[str]:
        """Return the terms as they are compared, each once."""
        said = (" ".join(token.text for token in tokens(term)) for term in self.terms or [])
        return list(dict.fromkeys(one for one in said if one))


class SearchMiss(models.Model):
    """What was looked for and not found on a day (UTC): the folded words and how often, nothing of who asked."""

    day = models.DateField()
    market = models.CharField(max_length=8)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    words = models.CharField(max_length=80)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-day", "-count", "words"]
        verbose_name = _("search without result")
        verbose_name_plural = _("searches without result")
        constraints = [models.UniqueConstraint(fields=["day", "market", "language", "words"], name="searchmiss_once")]

    def __str__(self) -> str:
        return f"{self.words} · {self.count}"
