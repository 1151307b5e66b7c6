"""What is kept of a picture while a worker makes its renditions."""

from django.db import models


class Preparing(models.Model):
    """A row with a picture. ``prepared_at`` is when its renditions were made, ``problem`` why they could not be.

    Level: a row without either is due. A worker that takes it sets ``prepare_after`` to when another may take it again,
    should the first one die, and counts ``attempts``.
    """

    prepared_at = models.DateTimeField(null=True, blank=True, editable=False)
    problem = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)
    prepare_after = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        abstract = True
