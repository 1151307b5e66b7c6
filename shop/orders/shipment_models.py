"""What leaves the house for an order: where its units lie, the parcels they go into, and what was cancelled instead."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.stock.models import HoldLine, Item, Warehouse
from shop.orders.models import Order, OrderLine


class ShipmentState(models.TextChoices):
    """Where a parcel is: its box is open, closed and weighed, handed to the carrier, with the buyer; or undone."""

    PACKING = "packing", _("Packing")
    PACKED = "packed", _("Packed")
    SHIPPED = "shipped", _("Shipped")
    DELIVERED = "delivered", _("Delivered")
    DROPPED = "dropped", _("Dropped")


# The parcels that stand in the warehouse, and those that have left it.
OPEN = (ShipmentState.PACKING, ShipmentState.PACKED)
LEFT = (ShipmentState.SHIPPED, ShipmentState.DELIVERED)


class Allotment(models.Model):
    """Units of one item in one warehouse that serve one line of an order, with what became of them.

    A line of a bundle has a row for each component. Written when fulfilment begins, from the order's hold; the guard
    on what is packed and cancelled is in the writes (``shop.orders.fulfilment.allotting``), the constraint behind it.
    """

    order_line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="allotments")
    hold_line = models.ForeignKey(
        HoldLine, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text=_("Empty: no claim.")
    )
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    each = models.PositiveIntegerField(help_text=_("Units of the item in one unit of the line."))
    quantity = models.PositiveIntegerField()
    packed = models.PositiveIntegerField(default=0, help_text=_("In parcels that were not dropped."))
    cancelled = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order_line", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order_line", "warehouse", "item", "hold_line"], nulls_distinct=False, name="allotment_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0, each__gt=0), name="allotment_positive"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("packed") + F("cancelled")), name="allotment_within_quantity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.item} @ {self.warehouse.code}"

    @property
    def left(self) -> int:
        """Units neither packed nor cancelled."""
        return self.quantity - self.packed - self.cancelled


class Shipment(models.Model):
    """One parcel of an order, from one warehouse. ``number`` is the order's with a serial: VT-2026-000123-1."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="shipments")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="shipments")
    serial = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=28, unique=True)
    cause_key = models.CharField(max_length=160, unique=True, help_text=_("The same cause packs one parcel."))
    state = models.CharField(max_length=10, choices=ShipmentState, default=ShipmentState.PACKING, db_index=True)
    carrier_code = models.CharField(max_length=24, blank=True)
    carrier = models.CharField(max_length=60, blank=True)
    service = models.CharField(max_length=80, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    tracking_url = models.URLField(max_length=300, blank=True)
    weight_g = models.PositiveIntegerField(_("weight (g)"), null=True, blank=True, help_text=_("With its packing."))
    length_cm = models.PositiveSmallIntegerField(_("length (cm)"), null=True, blank=True)
    width_cm = models.PositiveSmallIntegerField(_("width (cm)"), null=True, blank=True)
    height_cm = models.PositiveSmallIntegerField(_("height (cm)"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    packed_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order", "serial"]
        verbose_name = _("parcel")
        indexes = [
            models.Index(fields=["shipped_at"], condition=Q(state="shipped"), name="shipment_on_its_way"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["order", "serial"], name="shipment_serial"),
            models.CheckConstraint(condition=Q(serial__gt=0), name="shipment_serial_positive"),
            models.CheckConstraint(
                condition=Q(weight_g=None) | Q(weight_g__gt=0, weight_g__lte=1_000_000), name="shipment_weight"
            ),
            models.CheckConstraint(
                condition=Q(length_cm=None, width_cm=None, height_cm=None)
                | Q(length_cm__gt=0, width_cm__gt=0, height_cm__gt=0),
                name="shipment_measures_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["packing", "dropped"]) | Q(weight_g__isnull=False, packed_at__isnull=False),
                name="shipment_packed_is_weighed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["packing", "packed", "dropped"], shipped_at=None)
                | Q(state__in=["shipped", "delivered"], shipped_at__isnull=False),
                name="shipment_left_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="delivered", delivered_at__isnull=False)
                | ~Q(state="delivered") & Q(delivered_at=None),
                name="shipment_delivered_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ShipmentLine(models.Model):
    """What a parcel holds of one line of the order.

    ``quantity`` is in units of the line, and over all parcels that were not dropped never more than was ordered less
    what was cancelled. A bundle whose parts leave in several parcels counts in the one that completes it; the others
    have it with 0 units. ``parts`` says exactly what lies in the box.
    """

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="shipment_lines")
    quantity = models.PositiveIntegerField()

    class Meta:
        ordering = ["order_line__position"]
        constraints = [models.UniqueConstraint(fields=["shipment", "order_line"], name="shipmentline_once")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.order_line.sku}"


class ShipmentPart(models.Model):
    """Units of one item within a parcel's line, by where they were taken from."""

    line = models.ForeignKey(ShipmentLine, on_delete=models.CASCADE, related_name="parts")
    allotment = models.ForeignKey(Allotment, on_delete=models.PROTECT, related_name="parts")
    quantity = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["line", "allotment"], name="shipmentpart_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shipmentpart_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.allotment.item}"


class ShipmentEvent(models.Model):
    """One move of a parcel: append-only, with actor and cause."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="events")
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    actor = models.CharField(max_length=80)
    cause = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.shipment}: {self.from_state or '∅'} → {self.to_state}"


class LineCancellation(models.Model):
    """Units of a paid line that will not leave: one row per line and cause; ``OrderLine.cancelled`` is their sum."""

    order_line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="cancellations")
    cause_key = models.CharField(max_length=160)
    quantity = models.PositiveIntegerField()
    actor = models.CharField(max_length=80)
    cause = models.CharField(max_length=160)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["order_line", "cause_key"], name="linecancellation_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="linecancellation_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.order_line.sku} cancelled"
