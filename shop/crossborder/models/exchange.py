"""Rates of exchange by day: published tables, and what people set beside them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.crossborder.models.prices import ACTOR_LENGTH


class ExchangeRate(models.Model):
    """Units of a currency for one euro on a day.

    A day may have an imported row and one that a person set: the person's counts, and neither is lost. Only accepted
    rows are used. Rows are written by ``shop.crossborder.exchange.actions``.
    """

    class Kind(models.TextChoices):
        REFERENCE = "reference", _("Reference")
        CUSTOMS = "customs", _("Customs")
        PSP = "psp", _("Payment provider")

    class Origin(models.TextChoices):
        IMPORTED = "imported", _("Imported")
        MANUAL = "manual", _("Set by hand")

    class State(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        HELD = "held", _("Held")
        REJECTED = "rejected", _("Rejected")

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.REFERENCE)
    currency = models.CharField(max_length=3, help_text=_("ISO 4217."))
    per_eur = models.DecimalField(_("for one euro"), max_digits=20, decimal_places=10)
    on = models.DateField(_("day"))
    source = models.CharField(max_length=250)
    origin = models.CharField(max_length=8, choices=Origin)
    state = models.CharField(max_length=8, choices=State, default=State.ACCEPTED)
    confirmed_by = models.CharField(max_length=ACTOR_LENGTH, blank=True, help_text=_("Who decided."))
    confirmed_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text=_("Why it is held, or why it was set by hand."))
    created_by = models.CharField(max_length=ACTOR_LENGTH, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-on", "currency"]
        indexes = [models.Index(fields=["kind", "state", "currency", "-on"], name="exchangerate_newest")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "currency", "on", "origin"], name="exchangerate_one_a_day"),
            models.CheckConstraint(condition=Q(per_eur__gt=0), name="exchangerate_positive"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="exchangerate_currency"),
            models.CheckConstraint(condition=~Q(currency="EUR"), name="exchangerate_not_euro"),
            models.CheckConstraint(
                condition=Q(confirmed_by="", confirmed_on=None) | (~Q(confirmed_by="") & ~Q(confirmed_on=None)),
                name="exchangerate_confirmation",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(confirmed_by=""), name="exchangerate_rejected_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(origin="imported") | (~Q(reason="") & ~Q(confirmed_by="")),
                name="exchangerate_manual_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"EUR 1 = {self.currency} {self.per_eur.normalize():f} ({self.on.isoformat()})"
