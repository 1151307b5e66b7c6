"""Promotions, their codes, and who used them. Money is in the currency its row names."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Category, Museum, Product
from shop.checkout.models import Basket
from shop.crossborder.models import Market
from shop.orders.models import Order

CODE_LENGTH = 32  # characters


class Promotion(models.Model):
    """A reduction that a code brings about. ``used`` counts placed orders; it moves by conditional UPDATE alone."""

    class Kind(models.TextChoices):
        PERCENTAGE = "percentage", _("Percentage off")
        AMOUNT = "amount", _("Amount off")
        FREE_DELIVERY = "free_delivery", _("Free delivery")

    class Stacking(models.TextChoices):
        EXCLUSIVE = "exclusive", _("Alone")
        STACKABLE = "stackable", _("With others")

    name = models.CharField(max_length=120, help_text=_("For this desk; shoppers see the code."))
    kind = models.CharField(max_length=16, choices=Kind)
    percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, help_text=_("Above 0, up to 100; for a percentage.")
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(
        null=True, blank=True, help_text=_("From then on it no longer holds; empty: no end.")
    )
    active = models.BooleanField(default=True)
    markets = models.ManyToManyField(Market, related_name="promotions", help_text=_("Where it holds."))
    categories = models.JSONField(default=list, blank=True, help_text=_("Empty: all."))
    products = models.ManyToManyField(Product, blank=True, related_name="promotions")
    museums = models.ManyToManyField(Museum, blank=True, related_name="promotions")
    limit = models.PositiveIntegerField(null=True, blank=True, help_text=_("Orders in all; empty: no limit."))
    limit_per_customer = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Orders of one account or e-mail address; empty: no limit.")
    )
    stacking = models.CharField(max_length=12, choices=Stacking, default=Stacking.EXCLUSIVE)
    position = models.PositiveSmallIntegerField(
        default=100, help_text=_("Order of application among several: the lowest first, each on what is left.")
    )
    used = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="percentage", percent__gt=0, percent__lte=100)
                | ~Q(kind="percentage") & Q(percent__isnull=True),
                name="promotion_percent_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="promotion_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def category_names(self) -> list[str]:
        """The categories it is limited to, in words."""
        return [str(label) for code, label in Category.choices if code in self.categories]


class PromotionMoney(models.Model):
    """A promotion's money in one currency: what it takes off, and from which value of goods it holds."""

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="money")
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(
        max_digits=18, decimal_places=4, null=True, blank=True, help_text=_("Taken off; for an amount.")
    )
    minimum = models.DecimalField(
        max_digits=18, decimal_places=4, default=0, help_text=_("Least value of the goods it applies to.")
    )

    class Meta:
        ordering = ["currency"]
        constraints = [
            models.UniqueConstraint(fields=["promotion", "currency"], name="promotionmoney_currency"),
            models.CheckConstraint(
                condition=(Q(amount__isnull=True) | Q(amount__gt=0)) & Q(minimum__gte=0),
                name="promotionmoney_not_negative",
            ),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="promotionmoney_currency_iso"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.amount or ''} ≥ {self.minimum}"


class PromotionCode(models.Model):
    """What the shopper types. Kept in capitals, compared without regard to case."""

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(max_length=CODE_LENGTH, unique=True)
    limit = models.PositiveIntegerField(null=True, blank=True, help_text=_("Orders with this code; empty: no limit."))
    used = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    batch = models.CharField(max_length=40, blank=True, help_text=_("Codes that were made together."))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z0-9][A-Z0-9-]{2,31}$"), name="promotioncode_form")
        ]

    def __str__(self) -> str:
        return self.code


class PromotionCustomer(models.Model):
    """How often one customer used a promotion; ``customer`` is an account or a keyed digest of an e-mail address."""

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="customers")
    customer = models.CharField(max_length=80)
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["promotion", "customer"], name="promotioncustomer_once")]

    def __str__(self) -> str:
        return f"{self.customer}: {self.used}"


class BasketCode(models.Model):
    """A code in a basket."""

    basket = models.ForeignKey(Basket, on_delete=models.CASCADE, related_name="codes")
    code = models.ForeignKey(PromotionCode, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [models.UniqueConstraint(fields=["basket", "code"], name="basketcode_once")]

    def __str__(self) -> str:
        return str(self.code)


class PromotionUse(models.Model):
    """A placed order that used a code: counted once, given back when the order expires or is cancelled."""

    promotion = models.ForeignKey(Promotion, on_delete=models.PROTECT, related_name="uses")
    code = models.ForeignKey(PromotionCode, on_delete=models.PROTECT, related_name="uses")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="promotion_uses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    customers = models.JSONField(default=list, help_text=_("Under which customers it was counted."))
    discount = models.DecimalField(max_digits=18, decimal_places=4, help_text=_("Off the goods, in `currency`."))
    delivery_discount = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    currency = models.CharField(max_length=3)
    counted = models.BooleanField(default=True, help_text=_("Not given back."))
    used_at = models.DateTimeField(auto_now_add=True)
    given_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-used_at"]
        constraints = [
            models.UniqueConstraint(fields=["promotion", "order"], name="promotionuse_once_an_order"),
            models.CheckConstraint(
                condition=Q(discount__gte=0, delivery_discount__gte=0), name="promotionuse_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} → {self.order}"
