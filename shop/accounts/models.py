"""What a shopper keeps in her account."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Variant
from shop.crossborder.models import Market

MOST_ADDRESSES = 30
MOST_WISHES = 200


class SavedAddress(models.Model):
    """An address of the book, as :func:`shop.checkout.address.parse_address` returns it; at most one is the default."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="addresses")
    country = models.CharField(max_length=2, help_text=_("ISO 3166-1 alpha-2."))
    address = models.JSONField(help_text=_("As an order keeps it."))
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-is_default", "-id"]
        verbose_name = _("saved address")
        verbose_name_plural = _("saved addresses")
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(is_default=True), name="savedaddress_one_default"),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="savedaddress_country"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.country}"


class Wish(models.Model):
    """A variant on an account's wishlist."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wishes")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = _("wishes")
        constraints = [models.UniqueConstraint(fields=["user", "variant"], name="wish_once")]

    def __str__(self) -> str:
        return str(self.variant)


class Preference(models.Model):
    """In which language and market the account shops, and whether it may be written to with news."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference")
    language = models.CharField(max_length=10, blank=True)
    market = models.ForeignKey(Market, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    marketing = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.language} {self.market_id}"


class MarketingConsent(models.Model):
    """News by e-mail was agreed to or declined: written once, as proof (GDPR, article 7(1)).

    After an erasure the row stays without its account: that somebody agreed, when and to which words.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="marketing_consents"
    )
    given = models.BooleanField()
    version = models.CharField(max_length=32)
    language = models.CharField(max_length=10)
    text = models.TextField(help_text=_("The words that were shown."))
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(text="") & ~Q(version=""), name="marketingconsent_words")]

    def __str__(self) -> str:
        return f"{self.version} {'+' if self.given else '-'}"
