"""Payments and the inbox of Stripe events."""

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.crossborder.money import display
from shop.orders.models import Order, OrderLine


class Payment(models.Model):
    """One attempt to be paid for an order. The attempt's id is the idempotency key towards Stripe."""

    class State(models.TextChoices):
        PENDING = "pending", _("Session to create")
        OPEN = "open", _("Open")
        PROCESSING = "processing", _("With the bank")
        SUCCEEDED = "succeeded", _("Succeeded")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("Expired")
        MISMATCH = "mismatch", _("Amount mismatch")
        SECOND = "second", _("Charged a second time")
        REFUNDED = "refunded", _("Refunded")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    attempt = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State, default=State.PENDING, db_index=True)
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    charged = models.DecimalField(
        max_digits=18, decimal_places=4, null=True, blank=True, help_text=_("What Stripe took; empty: nothing.")
    )
    charged_currency = models.CharField(max_length=3, blank=True)
    session_id = models.CharField(max_length=120, null=True, blank=True, unique=True)
    payment_intent = models.CharField(max_length=120, blank=True)
    url = models.TextField(blank=True)
    refunded = models.DecimalField(
        max_digits=18, decimal_places=4, default=0, help_text=_("Sent back, or being sent back.")
    )
    last_error = models.CharField(max_length=300, blank=True, help_text=_("Why the last try failed, as Stripe says."))
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["order", "attempt"], name="payment_attempt"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(state__in=["pending", "open", "processing"]), name="payment_one_waiting"
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(state__in=["succeeded", "refunded"]), name="payment_charged_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, refunded__gte=0)
                & (Q(charged=None, refunded=0) | Q(charged__gt=0, refunded__lte=F("charged"))),
                name="payment_amounts",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["succeeded", "mismatch", "second", "refunded"]) | Q(charged__isnull=False),
                name="payment_charged_has_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order.number} #{self.attempt}, {self.get_state_display().lower()}"

    @property
    def left(self) -> Decimal:
        """What was charged and neither sent back nor being sent back."""
        return (self.charged or Decimal(0)) - self.refunded


class Refund(models.Model):
    """Money that goes back to the buyer. The row is there before Stripe is asked; its id is the idempotency key.

    ``amount = goods + shipping + duty + fees + tax_on_top + other``, in the payment's currency. ``other`` is money that
    belongs to no part of the order (a second charge, a refund made at Stripe) or, below zero, makes up for such money
    or is kept of goods that lost value.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Being sent")
        SUCCEEDED = "succeeded", _("Sent back")
        FAILED = "failed", _("Failed")

    class Reason(models.TextChoices):
        CANCELLED = "cancelled", _("Cancelled before it left")
        WITHDRAWAL = "withdrawal", _("Withdrawal from the contract")
        RETURNED = "returned", _("Goods came back")
        GOODWILL = "goodwill", _("Goodwill")
        WITHOUT_STOCK = "without_stock", _("Paid without stock")
        LATE_PAYMENT = "late_payment", _("Paid too late")
        MISMATCH = "mismatch", _("Another amount was paid")
        SECOND_CHARGE = "second_charge", _("Charged a second time")
        MADE_AT_STRIPE = "made_at_stripe", _("Made at Stripe")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="refunds")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    cause_key = models.CharField(max_length=160, unique=True, help_text=_("The same cause pays back once."))
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    reason = models.CharField(max_length=16, choices=Reason)
    note = models.CharField(max_length=500, blank=True)
    actor = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    goods = models.DecimalField(max_digits=18, decimal_places=4)
    shipping = models.DecimalField(max_digits=18, decimal_places=4)
    duty = models.DecimalField(max_digits=18, decimal_places=4)
    fees = models.DecimalField(max_digits=18, decimal_places=4)
    tax_on_top = models.DecimalField(max_digits=18, decimal_places=4)
    other = models.DecimalField(max_digits=18, decimal_places=4, default=0, db_default=0)
    stripe_id = models.CharField(max_length=120, null=True, blank=True, unique=True)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True, help_text=_("When Stripe is asked again."))
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        permissions = [("send_refund", "Can pay money back")]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="pending"), name="refund_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    amount=F("goods") + F("shipping") + F("duty") + F("fees") + F("tax_on_top") + F("other"),
                    amount__gt=0,
                    goods__gte=0,
                    shipping__gte=0,
                    duty__gte=0,
                    fees__gte=0,
                    tax_on_top__gte=0,
                ),
                name="refund_amounts",
            ),
            models.CheckConstraint(
                condition=Q(state="pending", settled_at=None) | ~Q(state="pending") & Q(settled_at__isnull=False),
                name="refund_settled_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order.number}, {display(self.amount, self.currency, 'en')} back"


class RefundLine(models.Model):
    """Units of an order's line that are paid back: the goods' amount, and the tax in it or on top of it."""

    refund = models.ForeignKey(Refund, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="refund_lines")
    quantity = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    tax = models.DecimalField(max_digits=18, decimal_places=4)

    class Meta:
        ordering = ["order_line__position"]
        constraints = [
            models.UniqueConstraint(fields=["refund", "order_line"], name="refundline_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0, amount__gte=0, tax__gte=0), name="refundline_amounts"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.order_line.sku}"


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
