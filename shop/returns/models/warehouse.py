"""Where goods are sent back to, and what came that nobody announced."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from inventory.stock.models import Warehouse
from shop.orders.models import Order, OrderLine
from shop.returns.models.requests import ReturnRequest


class ReturnAddress(models.Model):
    """Where a warehouse takes goods back; the country is the warehouse's own."""

    warehouse = models.OneToOneField(Warehouse, on_delete=models.CASCADE, related_name="return_address")
    name = models.CharField(max_length=120, help_text=_("As on the parcel."))
    line1 = models.CharField(_("address"), max_length=120)
    line2 = models.CharField(max_length=120, blank=True)
    district = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=80)
    region = models.CharField(max_length=80, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["warehouse"]
        verbose_name = _("return address")
        verbose_name_plural = _("return addresses")

    def __str__(self) -> str:
        return f"{self.warehouse.code} · {self.name}"


class UnexpectedUnits(models.Model):
    """Units at a warehouse that no open return announced: taken in all the same, and left for a person to decide.

    ``stocked``: they are in the books, quarantined. Units of which no order is known are not, until somebody decides.
    """

    class Why(models.TextChoices):
        UNANNOUNCED = "unannounced", _("Without authorisation")
        SURPLUS = "surplus", _("More than authorised")
        LATE = "late", _("After the return was closed")
        REFUSED = "refused", _("The return was refused")
        UNKNOWN = "unknown", _("No order known")

    class Resolution(models.TextChoices):
        OPEN = "", _("Open")
        ACCEPTED = "accepted", _("Accepted: refund")
        SENT_BACK = "sent_back", _("Sent back to the shopper")
        KEPT = "kept", _("Kept without refund")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cause_key = models.CharField(max_length=160, unique=True)
    why = models.CharField(max_length=12, choices=Why)
    request = models.ForeignKey(
        ReturnRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="unexpected"
    )
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="unexpected_units")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sku = models.CharField("SKU", max_length=40, blank=True)
    units = models.PositiveIntegerField()
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT)
    note = models.TextField(max_length=500, blank=True, help_text=_("What is on the parcel: sender, numbers."))
    stocked = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=80)
    resolution = models.CharField(max_length=12, choices=Resolution, blank=True)
    resolution_note = models.TextField(max_length=500, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["resolution", "received_at"]
        verbose_name = _("unexpected units")
        verbose_name_plural = _("unexpected units")
        constraints = [
            models.CheckConstraint(condition=Q(units__gt=0), name="unexpectedunits_positive"),
            models.CheckConstraint(
                condition=Q(resolution="", resolved_at__isnull=True) | ~Q(resolution="") & Q(resolved_at__isnull=False),
                name="unexpectedunits_resolved_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.units} × {self.sku or '?'} ({self.get_why_display()})"
