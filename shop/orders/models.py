"""Orders and their lines. Money is in the order's currency; what was promised is frozen here."""

import uuid
from secrets import token_urlsafe

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from inventory.stock.models import Hold
from licensing.rights.models import AgreementVersion
from shop.catalogue.models import Variant
from shop.crossborder.models import BuyerIdentity, Market


def order_token() -> str:
    """Return an unguessable token (256 bits) for the order's public page."""
    return token_urlsafe(32)


class OrderState(models.TextChoices):
    """Where an order is in its life; moves are in ``shop.orders.transitions``."""

    AWAITING_PAYMENT = "awaiting_payment", _("Awaiting payment")
    PAYMENT_FAILED = "payment_failed", _("Payment failed")
    PAID = "paid", _("Paid")
    PICKING = "picking", _("Picking")
    PARTLY_SHIPPED = "partly_shipped", _("Partly shipped")
    SHIPPED = "shipped", _("Shipped")
    DELIVERED = "delivered", _("Delivered")
    COMPLETED = "completed", _("Completed")
    RETURNED = "returned", _("Returned")
    REFUNDED = "refunded", _("Refunded")
    EXPIRED = "expired", _("Expired")
    CANCELLED = "cancelled", _("Cancelled")
    PAID_WITHOUT_STOCK = "paid_without_stock", _("Paid without stock")


class Order(models.Model):
    """One sale, from the web shop, the store API or a marketplace (``channel``)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=20, unique=True)
    token = models.CharField(max_length=64, unique=True, default=order_token)
    cause_key = models.CharField(max_length=160, unique=True, help_text=_("The same cause places one order."))
    state = models.CharField(max_length=20, choices=OrderState, default=OrderState.AWAITING_PAYMENT, db_index=True)
    channel = models.CharField(max_length=32, default="web")
    market = models.ForeignKey(Market, on_delete=models.PROTECT, null=True, blank=True)
    language = models.CharField(max_length=10)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True)
    email = models.EmailField(blank=True)
    ship_to = models.JSONField(help_text=_("Address; country is ISO 3166-1 alpha-2."))
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    goods = models.DecimalField(max_digits=18, decimal_places=4)
    shipping = models.DecimalField(max_digits=18, decimal_places=4)
    tax = models.DecimalField(max_digits=18, decimal_places=4)
    tax_included = models.BooleanField(help_text=_("Goods and shipping contain the tax."))
    tax_in_prices = models.DecimalField(
        max_digits=18,
        decimal_places=4,
        default=0,
        db_default=0,
        help_text=_("The tax that goods and delivery contain."),
    )
    duty = models.DecimalField(max_digits=18, decimal_places=4, default=0, db_default=0)
    fees = models.DecimalField(max_digits=18, decimal_places=4, default=0, db_default=0)
    due_on_delivery = models.DecimalField(
        max_digits=18,
        decimal_places=4,
        default=0,
        db_default=0,
        help_text=_("Duty, tax and fees that the shopper pays at the door, as estimated; not in the total."),
    )
    total = models.DecimalField(max_digits=18, decimal_places=4)
    shipping_option = models.CharField(max_length=32, blank=True)
    gift_wrap = models.BooleanField(default=False, db_default=False)
    gift_wrap_amount = models.DecimalField(
        max_digits=18,
        decimal_places=4,
        default=0,
        db_default=0,
        help_text=_("What wrapping costs; contained in the amount for delivery."),
    )
    gift_message = models.CharField(max_length=300, blank=True, db_default="")
    note = models.CharField(_("shopper's note"), max_length=500, blank=True, db_default="")
    quote = models.JSONField(help_text=_("The quote as shown: lines, rules, sources, kind FINAL or ESTIMATE."))
    identity = models.ForeignKey(BuyerIdentity, on_delete=models.PROTECT, null=True, blank=True, related_name="orders")
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    placed_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    completes_at = models.DateTimeField(
        null=True, blank=True, help_text=_("From when nobody can withdraw any more; empty: not known yet.")
    )
    invoiced = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        ordering = ["-placed_at"]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=Q(state__in=["awaiting_payment", "payment_failed"]),
                name="order_unpaid_due",
            ),
            models.Index(
                fields=["paid_at"],
                condition=Q(state__in=["paid", "picking", "partly_shipped"]),
                name="order_to_ship",
            ),
            models.Index(
                fields=["completes_at"],
                condition=Q(state__in=["shipped", "delivered"]),
                name="order_completion_due",
            ),
            models.Index(fields=["user", "-placed_at"], name="order_user"),
            models.Index(Upper("email"), name="order_email"),  # as ``iexact`` asks
            models.Index(
                fields=["paid_at"],
                condition=Q(
                    invoiced=False,
                    channel="web",
                    state__in=["paid", "picking", "partly_shipped", "shipped", "delivered", "completed", "returned"],
                ),
                name="order_to_invoice",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    goods__gte=0,
                    shipping__gte=0,
                    tax__gte=0,
                    tax_in_prices__gte=0,
                    duty__gte=0,
                    fees__gte=0,
                    due_on_delivery__gte=0,
                    total__gte=0,
                ),
                name="order_money_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    total=F("goods") + F("shipping") + F("duty") + F("fees") + F("tax") - F("tax_in_prices"),
                    tax_in_prices__lte=F("tax"),
                ),
                name="order_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(gift_wrap_amount__gte=0, gift_wrap_amount__lte=F("shipping")),
                name="order_gift_wrap_within_shipping",
            ),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="order_currency_iso"),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[
                        "paid",
                        "paid_without_stock",
                        "picking",
                        "partly_shipped",
                        "shipped",
                        "delivered",
                        "completed",
                        "returned",
                    ]
                )
                | Q(paid_at__isnull=False),
                name="order_paid_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(models.Model):
    """One variant of an order. ``royalty_terms`` are frozen at placing: later amendments never reach back."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT)
    sku = models.CharField("SKU", max_length=40)
    name = models.CharField(max_length=250)
    option = models.CharField(max_length=120, blank=True, db_default="")
    quantity = models.PositiveIntegerField()
    packed = models.PositiveIntegerField(
        default=0, db_default=0, help_text=_("Units in parcels that were not dropped, shipped ones included.")
    )
    cancelled = models.PositiveIntegerField(default=0, db_default=0, help_text=_("Paid units that will not leave."))
    refunded = models.PositiveIntegerField(
        default=0, db_default=0, help_text=_("Units whose money went back, or is going back.")
    )
    unit_price = models.DecimalField(max_digits=18, decimal_places=4)
    discount = models.DecimalField(max_digits=18, decimal_places=4, default=0, db_default=0)
    amount = models.DecimalField(max_digits=18, decimal_places=4, help_text=_("Unit price × quantity - discount."))
    tax = models.DecimalField(max_digits=18, decimal_places=4, help_text=_("Tax on the goods of this line."))
    tax_rate = models.DecimalField(max_digits=7, decimal_places=5, null=True)
    agreement_version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, null=True, blank=True)
    royalty_terms = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="orderline_position"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="orderline_quantity_positive"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("packed") + F("cancelled")), name="orderline_packed_within_quantity"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=F("refunded")), name="orderline_refunded_within_quantity"),
            models.CheckConstraint(
                condition=Q(amount=F("unit_price") * F("quantity") - F("discount"), amount__gte=0),
                name="orderline_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"


class OrderEvent(models.Model):
    """One transition of an order: append-only, with actor and cause."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="events")
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    actor = models.CharField(max_length=80)
    cause = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.order}: {self.from_state or '∅'} → {self.to_state}"
