"""The basket: found by an unguessable token, kept for 30 days."""

import uuid
from secrets import token_urlsafe

from django.conf import settings
from django.db import models
from django.db.models import Q

from shop.catalogue.models import Variant
from shop.crossborder.models import Market

MAX_QUANTITY = 99
MAX_LINES = 50


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
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at"]

    def __str__(self) -> str:
        return str(self.id)


class BasketLine(models.Model):
    """A variant and how many; one line a variant."""

    basket = models.ForeignKey(Basket, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE)
    quantity = models.PositiveIntegerField()
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
