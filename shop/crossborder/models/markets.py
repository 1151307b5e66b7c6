"""Where we sell: markets and the warehouses that serve them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.stock.models import Warehouse
from shop.crossborder.models.sellers import Seller


class Incoterm(models.TextChoices):
    """Who pays duty and tax (Incoterms 2020)."""

    DDP = "DDP", _("Delivered duty paid")
    DAP = "DAP", _("Delivered at place")


class PaymentMethod(models.TextChoices):
    """How shoppers of a market pay; the codes are Stripe's."""

    CARD = "card", _("Card")
    ALIPAY = "alipay", "Alipay"
    WECHAT_PAY = "wechat_pay", "WeChat Pay"
    LINK = "link", "Link"
    KLARNA = "klarna", "Klarna"
    BACS_DEBIT = "bacs_debit", "Bacs Direct Debit"
    SEPA_DEBIT = "sepa_debit", "SEPA Direct Debit"


def card() -> list[str]:
    """Return what every market takes."""
    return [PaymentMethod.CARD.value]


class Market(models.Model):
    """Where we sell: countries, a currency, languages, and the warehouses that serve it in order of preference."""

    code = models.SlugField(max_length=8, unique=True)
    currency = models.CharField(max_length=3)
    countries = ArrayField(models.CharField(max_length=2))
    languages = ArrayField(models.CharField(max_length=10), help_text=_("The first is the market's default."))
    prices_include_tax = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, null=True, blank=True, related_name="markets")
    incoterm = models.CharField(
        max_length=3,
        choices=Incoterm,
        default="DDP",
        db_default="DDP",
        help_text=_("DDP: duty and tax are paid with the order. DAP: the shopper pays them at the door."),
    )
    payment_methods = ArrayField(
        models.CharField(max_length=16, choices=PaymentMethod), default=card, help_text=_("The first is preferred.")
    )
    warehouses: models.ManyToManyField = models.ManyToManyField(Warehouse, through="MarketWarehouse")

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="market_currency_iso"),
            models.CheckConstraint(
                condition=Q(countries__len__gt=0, languages__len__gt=0), name="market_has_country_and_language"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class MarketWarehouse(models.Model):
    """A warehouse that serves a market; lower ``rank`` is asked first."""

    market = models.ForeignKey(Market, on_delete=models.CASCADE)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT)
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rank"]
        constraints = [models.UniqueConstraint(fields=["market", "warehouse"], name="marketwarehouse_once")]

    def __str__(self) -> str:
        return f"{self.market} ← {self.warehouse}"
