"""Mails to be sent and sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Mail(models.Model):
    """One letter to one person. Written beside what it tells of, in the same transaction; sent afterwards.

    ``facts`` are what the letter says, with money and dates already written out. What was sent is kept as it was.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")

    kind = models.CharField(max_length=32, db_index=True)
    key = models.CharField(max_length=160, unique=True, help_text=_("The same event writes one letter."))
    recipient = models.EmailField()
    language = models.CharField(max_length=10)
    facts = models.JSONField()
    order_id = models.UUIDField(null=True, blank=True, db_index=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True, help_text=_("When it is tried, or tried again."))
    last_error = models.TextField(blank=True)
    subject = models.CharField(max_length=250, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    written_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["due_at"], condition=Q(state__in=["waiting", "sending"]), name="mail_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at=None),
                name="mail_sent_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_text} → {self.recipient}"

    @property
    def kind_text(self) -> str:
        """The kind as words, e.g. ``Order placed``."""
        return self.kind.replace("_", " ").capitalize()
