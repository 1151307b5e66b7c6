"""The register of rights in force: one row for each granted line and stretch of time. The database alone writes it."""

from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, DateRangeField
from django.db import models

from licensing.rights.models import Agreement, Grant
from licensing.rights.scopes.fields import SpansField


class RightHeld(models.Model):
    """A line of a signed version of an agreement in force, over the days on which no later version takes its place.

    Triggers rebuild an agreement's rows when a version is signed and when its state changes. Two exclusion constraints
    keep incompatible rights of different holders apart: one among root agreements, one among those under the same
    parent; a row under a parent lies wholly within the parent's rows (licensing.md 2.4).

    ``holder`` is the licensee's group, or the licensee; ``lock`` overlaps another's exactly where the two kinds of
    exclusivity do not go together: everything for exclusive, from 0 for sole, a point of its own for non-exclusive and,
    below 0, for the licensor's own use.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="rights_held")
    parent = models.ForeignKey(Agreement, on_delete=models.CASCADE, null=True, related_name="+")
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="held")
    holder = models.BigIntegerField()
    # As they were understood at the signature: groups are spelled out.
    territory_codes = ArrayField(models.CharField(max_length=80))
    territory_except = ArrayField(models.CharField(max_length=80))
    channel_codes = ArrayField(models.CharField(max_length=80))
    category_codes = ArrayField(models.CharField(max_length=80))
    language_codes = ArrayField(models.CharField(max_length=80))
    property_spans = SpansField()
    territory_spans = SpansField()
    channel_spans = SpansField()
    category_spans = SpansField()
    language_spans = SpansField()
    term = DateRangeField()
    lock = BigIntegerRangeField()

    class Meta:
        ordering = ["agreement", "id"]

    def __str__(self) -> str:
        return f"{self.grant} {self.term}"
