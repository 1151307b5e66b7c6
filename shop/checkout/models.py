"""The basket: found by an unguessable token or by its account, kept for 30 days from its last use."""

import uuid
from secrets import token_urlsafe

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Variant
from shop.crossborder.models import Market

MAX_QUANTITY = 99
MAX_LINES = 50
MAX_GIFT_MESSAGE = 300  # characters: what fits the card
MAX_NOTE = 500  # characters


def basket_token() -> str:
    """Return an unguessable token (256 bits)."""
    return token_urlsafe(32)


class Basket(models.Model):
    """What a shopper means to buy in one market."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.CharField(max_length=64, unique=True, default=basket_token)
    market = models.ForeignKey(Market, on_delete=models.PROTECT)
    language = models.CharField(max_length=10)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    gift_wrap = models.BooleanField(default=False, db_default=False)
    gift_message = models.CharField(max_length=MAX_GIFT_MESSAGE, blank=True, db_default="")
    note = models.CharField(max_length=MAX_NOTE, blank=True, db_default="")
    news = models.JSONField(
        default=list, db_default=Value([], models.JSONField()), help_text=_("What the shopper has not seen to yet.")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at"]
        indexes = [models.Index(fields=["updated_at"], name="basket_last_used")]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(user__isnull=False), name="basket_one_an_account")
        ]

    def __str__(self) -> str:
        return str(self.id)


class BasketLine(models.Model):
    """A variant and how many; one line a variant."""

    basket = models.ForeignKey(Basket, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE)
    quantity = models.PositiveIntegerField()
    price_added = models.DecimalField(
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("What one unit cost when it was put in, or when its price was last seen; the market's currency."),
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["basket", "variant"], name="basketline_variant"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MAX_QUANTITY), name="basketline_quantity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant}"
