"""Where a product is shown, and what is kept of its price, right and stock in each market."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Product, Variant
from shop.crossborder.models.markets import Market


class Publication(models.Model):
    """An exception to where a published product is shown: in one market, or in one language of it.

    Without a row the product is shown wherever it is published. The row without a language also decides whether the
    product is sold in the market at all.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="publications")
    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(
        max_length=10, choices=settings.LANGUAGES, blank=True, default="", help_text=_("Empty: the market as a whole.")
    )
    shown = models.BooleanField(default=True)
    shown_from = models.DateTimeField(null=True, blank=True)
    shown_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["product", "market", "language"]
        constraints = [
            models.UniqueConstraint(fields=["product", "market", "language"], name="publication_once"),
            models.CheckConstraint(
                condition=Q(shown_from=None) | Q(shown_until=None) | Q(shown_until__gt=F("shown_from")),
                name="publication_order",
                violation_error_message=_("It must be shown before it is hidden."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} · {self.market} {self.language}".strip()


class StockState(models.IntegerChoices):
    """What a page says of the stock; the greater, the better."""

    SOLD_OUT = 0, _("Sold out")
    BACKORDER = 1, _("On order")
    FEW = 2, _("Few left")
    IN_STOCK = 3, _("In stock")


class VariantOffer(models.Model):
    """What is kept of one variant in one market, so that lists need not ask price, right and stock row by row.

    The doors (basket, checkout, channels) ask those themselves; this row follows within seconds. ``sellable`` = shown ∧
    price ∧ right ∧ (stock or backorder). ``refusal`` is why there is no offer at all: ``unpublished``, ``no_price`` or
    a code of ``may_sell``. ``amount`` is the price of one unit and ``was`` the lowest of the ``was_days`` days before
    its reduction, in the market's currency. ``left`` are the units while they are few.
    """

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="offers")
    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    sellable = models.BooleanField()
    refusal = models.CharField(max_length=32, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    was = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    was_days = models.PositiveSmallIntegerField(default=0)
    percent = models.PositiveSmallIntegerField(null=True)
    state = models.PositiveSmallIntegerField(choices=StockState)
    left = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "variant"], name="variantoffer_once"),
            models.CheckConstraint(
                condition=Q(refusal="", amount__isnull=False) | ~Q(refusal=""), name="variantoffer_why"
            ),
            models.CheckConstraint(
                condition=Q(sellable=False) | Q(refusal="", state__gt=StockState.SOLD_OUT), name="variantoffer_sellable"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant} · {self.market}"


class ProductOffer(models.Model):
    """A product's variants in one market taken together: what a card shows, and what lists are sorted and narrowed by.

    Only products with at least one priced and licensed variant have a row. ``languages`` are those of the market in
    which it is shown. ``amount`` is the lowest price (of its ``variant``); ``revision`` the product's when this was
    computed; ``version`` that of the market (:class:`OfferSweep`) when the row was last changed.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="offers")
    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="+")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    languages = ArrayField(models.CharField(max_length=10))
    amount = models.DecimalField(max_digits=12, decimal_places=3)
    several_prices = models.BooleanField()
    was = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    was_days = models.PositiveSmallIntegerField(default=0)
    percent = models.PositiveSmallIntegerField(null=True)
    state = models.PositiveSmallIntegerField(choices=StockState)
    left = models.PositiveSmallIntegerField(null=True)
    revision = models.BigIntegerField()
    version = models.BigIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["market", "product"], name="productoffer_once")]
        indexes = [
            models.Index(fields=["market", "amount", "product"], name="productoffer_price"),
        ]

    def __str__(self) -> str:
        return f"{self.product} · {self.market}"


class OfferSweep(models.Model):
    """A market's offers as a whole.

    ``version`` grows with every change of any of them, ``horizon`` is the transaction up to which they follow the
    catalogue, ``stock_at`` up to when they follow the stock, and ``swept_at`` when all of them were last computed anew.
    """

    market = models.OneToOneField(Market, on_delete=models.CASCADE, related_name="+", primary_key=True)
    version = models.BigIntegerField(default=0)
    horizon = models.BigIntegerField(default=0)
    stock_at = models.DateTimeField(null=True)
    swept_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.market)
