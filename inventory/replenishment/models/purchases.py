"""Purchase orders and what arrived for them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.replenishment.models.suppliers import Supplier
from inventory.stock.models import Item, Lot, Warehouse


class PurchaseOrder(models.Model):
    """Goods ordered from one supplier for one warehouse, in the supplier's currency."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Sent")
        PARTLY_RECEIVED = "partly_received", _("Partly received")
        RECEIVED = "received", _("Received")
        CLOSED_SHORT = "closed_short", _("Closed short")
        CANCELLED = "cancelled", _("Cancelled")

    number = models.CharField(max_length=20, unique=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="orders")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="purchase_orders")
    currency = models.CharField(max_length=3, help_text=_("ISO 4217 code, the supplier's when it was drafted."))
    rate = models.DecimalField(
        max_digits=18,
        decimal_places=8,
        null=True,
        blank=True,
        help_text=_("Units of our own currency for one of the order's; needed before goods are received."),
    )
    state = models.CharField(max_length=16, choices=State, default=State.DRAFT)
    expected_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    created_by = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        permissions = [("send_purchaseorder", "Can send, take back and cancel purchase orders")]
        indexes = [models.Index(fields=["state", "expected_on"], name="purchaseorder_open")]
        constraints = [
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="purchaseorder_currency_iso"),
            models.CheckConstraint(condition=Q(rate__isnull=True) | Q(rate__gt=0), name="purchaseorder_rate_positive"),
        ]

    def __str__(self) -> str:
        return self.number


class PurchaseOrderLine(models.Model):
    """Units of one item on order; ``received`` may pass ``quantity`` when more was delivered and accepted."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="purchase_lines")
    quantity = models.PositiveIntegerField()
    unit_cost = models.DecimalField(max_digits=14, decimal_places=4, help_text=_("In the order's currency."))
    received = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["item__sku"]
        constraints = [
            models.UniqueConstraint(fields=["order", "item"], name="purchaseorderline_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, quantity__lte=1_000_000, unit_cost__gte=0),
                name="purchaseorderline_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item}"

    @property
    def outstanding(self) -> int:
        """Units still to come."""
        return max(self.quantity - self.received, 0)


class Receipt(models.Model):
    """One delivery for a purchase order, with what it cost to bring it here."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="receipts")
    cause_key = models.CharField(max_length=120, unique=True)
    delivery_note = models.CharField(max_length=60, blank=True)
    charges = models.DecimalField(
        max_digits=14, decimal_places=2, default=0, help_text=_("Freight, insurance and duty, in our own currency.")
    )
    currency = models.CharField(max_length=3, help_text=_("ISO 4217 code of our own currency."))
    actor = models.CharField(max_length=80, blank=True)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-received_at"]
        constraints = [models.CheckConstraint(condition=Q(charges__gte=0), name="receipt_charges_not_negative")]

    def __str__(self) -> str:
        return f"{self.order} · {self.delivery_note or self.received_at:%Y-%m-%d}"


class ReceiptLine(models.Model):
    """Units of one line that arrived, and how they moved the item's average cost (in the receipt's currency)."""

    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(PurchaseOrderLine, on_delete=models.PROTECT, related_name="receipts")
    quantity = models.PositiveIntegerField()
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="receipt_lines")
    landed_unit_cost = models.DecimalField(max_digits=14, decimal_places=4)
    units_before = models.IntegerField()
    average_before = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    average_after = models.DecimalField(max_digits=14, decimal_places=4)

    class Meta:
        ordering = ["line__item__sku"]
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="receiptline_quantity_positive")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line.item}"
