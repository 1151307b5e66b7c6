"""Who waits for what."""

from secrets import token_urlsafe

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Variant
from shop.crossborder.models import Market


def fresh_token() -> str:
    """Return the secret of an alert: whoever holds it may confirm or stop it."""
    return token_urlsafe(32)


class StockAlert(models.Model):
    """Somebody wants to be told when a variant can be bought again in a market.

    Only a confirmed address is told (double opt-in); it is told once, and the row is then done.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("To be confirmed")
        WAITING = "waiting", _("Waiting")
        TOLD = "told", _("Told")
        STOPPED = "stopped", _("Stopped")

    LIVE = (State.ASKED, State.WAITING)

    email = models.EmailField()
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="stock_alerts")
    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    token = models.CharField(max_length=64, unique=True, default=fresh_token, editable=False)
    asked_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "variant",
                "market",
                condition=Q(state__in=["asked", "waiting"]),
                name="stockalert_one_live",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "told"]) | Q(confirmed_at__isnull=False),
                name="stockalert_confirmed",
            ),
            models.CheckConstraint(condition=~Q(state="told") | Q(told_at__isnull=False), name="stockalert_told"),
        ]
        indexes = [
            models.Index(fields=["market", "variant", "id"], condition=Q(state="waiting"), name="stockalert_waiting"),
            models.Index(Lower("email"), name="stockalert_email"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.variant} ({self.market})"
