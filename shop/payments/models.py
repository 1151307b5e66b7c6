"""Payments and the inbox of Stripe events."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.orders.models import Order


class Payment(models.Model):
    """One attempt to be paid for an order. The attempt's id is the idempotency key towards Stripe."""

    class State(models.TextChoices):
        PENDING = "pending", _("Session to create")
        OPEN = "open", _("Open")
        SUCCEEDED = "succeeded", _("Succeeded")
        EXPIRED = "expired", _("Expired")
        MISMATCH = "mismatch", _("Amount mismatch")
        REFUNDED = "refunded", _("Refunded")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    attempt = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State, default=State.PENDING, db_index=True)
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    session_id = models.CharField(max_length=120, null=True, blank=True, unique=True)
    payment_intent = models.CharField(max_length=120, blank=True)
    url = models.TextField(blank=True)
    refunded = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    refund_id = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["order", "attempt"], name="payment_attempt"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(state__in=["succeeded", "refunded"]), name="payment_charged_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, refunded__gte=0, refunded__lte=F("amount")), name="payment_amounts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order.number} #{self.attempt} {self.state}"


class StripeEvent(models.Model):
    """Inbox: one row per event id, committed before we answer 2xx (DESIGN law 4). Processing is a later step.

    ``payload`` is kept without personal data; processing fetches the object anew from Stripe.
    """

    account = models.CharField(max_length=64, default="default")
    event_id = models.CharField(max_length=120)
    type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=120, blank=True)
    payload = models.JSONField()
    received_at = models.DateTimeField(auto_now_add=True)
    processed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=120, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "Stripe event"
        constraints = [models.UniqueConstraint(fields=["account", "event_id"], name="stripeevent_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(processed_at__isnull=True), name="stripeevent_due")]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"
