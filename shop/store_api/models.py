"""Answers remembered by Idempotency-Key."""

from django.db import models


class IdempotencyRecord(models.Model):
    """The first answer to a request; the same key with the same request gets it again for 30 days.

    ``status`` is empty while the first request is still running.
    """

    scope = models.CharField(max_length=120)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotencyrecord_key")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
