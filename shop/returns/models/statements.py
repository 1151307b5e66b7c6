"""What a shopper declared with the withdrawal function, exactly as she sent it (Directive 2011/83/EU, article 11a)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.crossborder.models import Market
from shop.orders.models import Order


class WithdrawalStatement(models.Model):
    """A confirmed statement of withdrawal. It is valid once sent, also where its number of the order is mistyped.

    ``lines``: order line id (text) → units, where she could choose them; else ``lines_text`` has her words, and both
    are empty for the whole order. ``confirmation`` is the digest of the draft she confirmed: it is kept once.
    """

    class State(models.TextChoices):
        SENT = "sent", _("Sent")  # not looked at yet
        UNMATCHED = "unmatched", _("No order found")
        PERSON = "person", _("For a person")
        DONE = "done", _("Carried out")
        SET_ASIDE = "set_aside", _("Set aside")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    confirmation = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=12, choices=State, default=State.SENT, db_index=True)
    name = models.CharField(max_length=120)
    order_number = models.CharField(max_length=80, help_text=_("As she typed it."))
    email = models.EmailField(help_text=_("Where the receipt went."))
    lines = models.JSONField(default=dict, blank=True)
    lines_text = models.TextField(max_length=1000, blank=True)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    market = models.ForeignKey(Market, on_delete=models.SET_NULL, null=True, blank=True)
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, null=True, blank=True, related_name="withdrawal_statements"
    )
    sent_at = models.DateTimeField(help_text=_("Date and time of submission, as on the receipt."))
    outcome = models.TextField(max_length=500, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, help_text=_("When it is tried again."))
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-sent_at"]
        verbose_name = _("withdrawal")
        indexes = [models.Index(fields=["due_at"], condition=Q(state="sent"), name="withdrawalstatement_due")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(order__isnull=False), name="withdrawal_done_has_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_number} · {self.name}"

    @property
    def whole(self) -> bool:
        """Whether she withdraws from all of it."""
        return not self.lines and not self.lines_text
