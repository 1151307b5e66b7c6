"""Tables of stock. Quantities are whole units."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Warehouse(models.Model):
    """A place that holds stock and ships from one country."""

    class Kind(models.TextChoices):
        OWN = "own", _("Own")
        THIRD_PARTY = "third_party", _("Third party")
        BONDED = "bonded", _("Bonded")
        SHOP = "shop", _("Museum shop")

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, help_text=_("ISO 3166-1 alpha-2 code."))
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.OWN)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="warehouse_country_iso"),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"


class Item(models.Model):
    """A thing that is counted, by SKU."""

    sku = models.CharField("SKU", max_length=40, unique=True)
    description = models.CharField(max_length=200)

    class Meta:
        ordering = ["sku"]
        constraints = [models.CheckConstraint(condition=Q(sku__regex=r"^[A-Z0-9][A-Z0-9-]*$"), name="item_sku_form")]

    def __str__(self) -> str:
        return self.sku


class Balance(models.Model):
    """What is there of one item in one warehouse, and how much of it is claimed.

    Available to promise = ``on_hand - safety - held - allocated``. Every change writes a :class:`Movement` in the same
    transaction and adds one to ``version``. The CHECK constraints stand behind the conditional UPDATE of the actions.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="balances")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="balances")
    on_hand = models.IntegerField(default=0)
    held = models.IntegerField(default=0, help_text=_("Units held for orders that await payment."))
    allocated = models.IntegerField(default=0, help_text=_("Units of paid orders that are not shipped yet."))
    safety = models.IntegerField(default=0, help_text=_("Units never promised to anyone."))
    backorder_limit = models.IntegerField(default=0, help_text=_("Units that may be promised beyond what is there."))
    version = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["item__sku", "warehouse__code"]
        constraints = [
            models.UniqueConstraint(fields=["item", "warehouse"], name="balance_item_warehouse"),
            models.CheckConstraint(
                condition=Q(on_hand__gte=0, held__gte=0, allocated__gte=0, safety__gte=0, backorder_limit__gte=0),
                name="balance_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(held__lte=F("on_hand") + F("backorder_limit") - F("allocated")),
                name="balance_claims_within_stock",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} @ {self.warehouse.code}"

    @property
    def available(self) -> int:
        """Units that can still be promised (never below zero)."""
        return max(self.on_hand + self.backorder_limit - self.safety - self.held - self.allocated, 0)


class Hold(models.Model):
    """A claim on stock by one holder, until it is committed, released or expires."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        COMMITTED = "committed", _("Committed")
        RELEASED = "released", _("Released")
        EXPIRED = "expired", _("Expired")
        SHIPPED = "shipped", _("Shipped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder = models.CharField(max_length=80, help_text=_("Who holds, e.g. order:VT-2026-000001."))
    cause_key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=12, choices=State, default=State.ACTIVE)
    expires_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: never expires."))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state="active"), name="hold_due"),
            models.Index(fields=["holder"], name="hold_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.holder} ({self.state})"


class HoldLine(models.Model):
    """Units of one balance within a hold."""

    hold = models.ForeignKey(Hold, on_delete=models.CASCADE, related_name="lines")
    balance = models.ForeignKey(Balance, on_delete=models.PROTECT, related_name="hold_lines")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hold", "balance"], name="holdline_hold_balance"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="holdline_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.balance}"


class Movement(models.Model):
    """One change of one balance: append-only, refused by a trigger otherwise. Corrections are further rows."""

    class Kind(models.TextChoices):
        RECEIVE = "receive", _("Received")
        HOLD = "hold", _("Held")
        RELEASE = "release", _("Hold released")
        EXPIRE = "expire", _("Hold expired")
        COMMIT = "commit", _("Hold committed")
        CANCEL = "cancel", _("Allocation cancelled")
        SHIP = "ship", _("Shipped")
        RETURN = "return", _("Returned")
        CORRECT = "correct", _("Corrected")

    balance = models.ForeignKey(Balance, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=12, choices=Kind)
    on_hand_delta = models.IntegerField(default=0)
    held_delta = models.IntegerField(default=0)
    allocated_delta = models.IntegerField(default=0)
    on_hand_after = models.IntegerField()
    held_after = models.IntegerField()
    allocated_after = models.IntegerField()
    cause = models.CharField(max_length=80, help_text=_("What caused it, e.g. order:VT-2026-000001."))
    cause_key = models.CharField(max_length=160, unique=True, help_text=_("The same cause is applied once."))
    actor = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(on_hand_delta=0, held_delta=0, allocated_delta=0), name="movement_moves_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.balance} ({self.cause})"
