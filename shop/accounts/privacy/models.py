"""Jobs of a person's rights: the export of her data, and its erasure."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.orders.models import Order


class DataExport(models.Model):
    """An export that was asked for: made by a task, fetched for some days, then deleted."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        RUNNING = "running", _("Being made")
        READY = "ready", _("Ready")
        EXPIRED = "expired", _("Expired")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="data_exports"
    )
    email = models.EmailField(blank=True, help_text=_("The proved address; emptied when the export has expired."))
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=9, choices=State, default=State.REQUESTED)
    asked_by = models.CharField(max_length=80)
    requested_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text=_("When it is made, or tried again."))
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True, help_text=_("Bytes."))
    content = models.BinaryField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-requested_at"]
        verbose_name = _("data export")
        indexes = [models.Index(fields=["due_at"], condition=Q(state__in=["requested", "running"]), name="export_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="ready", content__isnull=False, ready_at__isnull=False, expires_at__isnull=False)
                | ~Q(state="ready") & Q(content=None),
                name="dataexport_content_when_ready",
            ),
            models.UniqueConstraint(
                fields=["email"], condition=Q(state__in=["requested", "running"]), name="dataexport_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Erasure(models.Model):
    """An erasure that was asked for. When it is done the row says what was removed and kept, and of nobody."""

    class State(models.TextChoices):
        COOLING = "cooling", _("Can be revoked")
        BLOCKED = "blocked", _("Waits for something open")
        REVOKED = "revoked", _("Revoked")
        DONE = "done", _("Done")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="erasures"
    )
    email = models.EmailField(blank=True, help_text=_("The proved address; emptied when it is done or revoked."))
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=State, default=State.COOLING)
    asked_by = models.CharField(max_length=80)
    requested_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField(help_text=_("Until then it can be revoked."))
    ended_at = models.DateTimeField(null=True, blank=True)
    blocked_by = models.JSONField(default=list, blank=True)
    receipt = models.JSONField(default=list, blank=True, help_text=_("What was removed and kept, why, until when."))

    class Meta:
        ordering = ["-requested_at"]
        indexes = [models.Index(fields=["due_at"], condition=Q(state__in=["cooling", "blocked"]), name="erasure_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["cooling", "blocked"], ended_at=None) & ~Q(email="")
                | Q(state__in=["revoked", "done"], ended_at__isnull=False, email="", user=None),
                name="erasure_ended_without_person",
            ),
            models.UniqueConstraint(
                fields=["email"], condition=Q(state__in=["cooling", "blocked"]), name="erasure_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class RetainedOrder(models.Model):
    """An order of somebody who was erased, kept until its retention is over and then reduced."""

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="retained")
    erasure = models.ForeignKey(Erasure, on_delete=models.PROTECT, related_name="retained")
    until = models.DateField(help_text=_("The first day on which nothing asks for it any more."))
    law = models.CharField(max_length=250)
    reduced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["until"]
        indexes = [models.Index(fields=["until"], condition=Q(reduced_at=None), name="retainedorder_due")]

    def __str__(self) -> str:
        return f"{self.order} → {self.until}"
