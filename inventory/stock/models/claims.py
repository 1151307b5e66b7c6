"""Who has a claim on stock."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory.stock.models.balances import Balance


class RingFence(models.Model):
    """Units of one balance set aside for a purpose (a live drop, a channel, wholesale).

    ``remaining`` of them are unclaimed; their sum over a balance is its ``fenced``. A hold for the same purpose takes
    from here first, and gives back to here while the fence is open.
    """

    balance = models.ForeignKey(Balance, on_delete=models.PROTECT, related_name="fences")
    purpose = models.CharField(max_length=60, help_text=_("e.g. drop:wave-day, channel:tmall or wholesale."))
    remaining = models.IntegerField(default=0, db_default=0)
    open = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["balance", "purpose"]
        constraints = [
            models.UniqueConstraint(fields=["balance", "purpose"], name="ringfence_balance_purpose"),
            models.CheckConstraint(condition=Q(remaining__gte=0), name="ringfence_not_negative"),
            models.CheckConstraint(condition=Q(open=True) | Q(remaining=0), name="ringfence_closed_is_empty"),
            models.CheckConstraint(condition=~Q(purpose=""), name="ringfence_purpose_named"),
        ]

    def __str__(self) -> str:
        return f"{self.remaining} × {self.balance} for {self.purpose}"


class Hold(models.Model):
    """A claim on stock by one holder, until it is committed, released or expires."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        COMMITTED = "committed", _("Committed")
        RELEASED = "released", _("Released")
        EXPIRED = "expired", _("Expired")
        SHIPPED = "shipped", _("Shipped")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder = models.CharField(max_length=80, help_text=_("Who holds; limits are counted per holder."))
    cause = models.CharField(max_length=80, db_default="", help_text=_("What for, e.g. order:VT-2026-000001."))
    cause_key = models.CharField(max_length=120)
    channel = models.CharField(max_length=40, blank=True, db_default="")
    state = models.CharField(max_length=12, choices=State, default=State.ACTIVE)
    expires_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: never expires."))
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state="active"), name="hold_due"),
            models.Index(fields=["holder"], condition=Q(state__in=["active", "committed"]), name="hold_holder_live"),
            models.Index(fields=["-created_at"], name="hold_newest"),
        ]
        # A constraint and not unique=True, which would add an index for LIKE that nobody uses and every hold pays for.
        constraints = [models.UniqueConstraint(fields=["cause_key"], name="hold_cause_key")]

    def __str__(self) -> str:
        return f"{self.cause} ({self.state})"


class HoldLine(models.Model):
    """Units of one balance within a hold, from the general stock or from a fence; what became of them."""

    # The unique constraint below is the index on ``hold``; few lines have a fence.
    hold = models.ForeignKey(Hold, on_delete=models.CASCADE, related_name="lines", db_index=False)
    balance = models.ForeignKey(Balance, on_delete=models.PROTECT, related_name="hold_lines")
    fence = models.ForeignKey(
        RingFence, on_delete=models.PROTECT, null=True, blank=True, related_name="hold_lines", db_index=False
    )
    quantity = models.IntegerField()
    shipped = models.IntegerField(default=0, db_default=0)
    cancelled = models.IntegerField(default=0, db_default=0)
    returned = models.IntegerField(default=0, db_default=0)

    class Meta:
        indexes = [models.Index(fields=["fence"], condition=Q(fence__isnull=False), name="holdline_fence")]
        constraints = [
            models.UniqueConstraint(
                fields=["hold", "balance", "fence"], nulls_distinct=False, name="holdline_hold_balance_fence"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="holdline_quantity_positive"),
            models.CheckConstraint(
                condition=Q(shipped__gte=0, cancelled__gte=0, returned__gte=0, returned__lte=F("shipped"))
                & Q(quantity__gte=F("shipped") + F("cancelled")),
                name="holdline_counts_within_quantity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.balance}"

    @property
    def outstanding(self) -> int:
        """Units neither shipped nor cancelled."""
        return self.quantity - self.shipped - self.cancelled
