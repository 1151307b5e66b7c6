"""Marketplaces: the channel, its listings with desired, sent and acknowledged stock, and the orders pulled in."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.stock.models import Warehouse
from shop.catalogue.models import Variant
from shop.crossborder.models import Market
from shop.orders.models import Order


class SalesChannel(models.Model):
    """One shop on one marketplace. Its credentials are in the environment, never here."""

    class Kind(models.TextChoices):
        TMALL = "tmall", "Tmall"

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=Kind)
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=2, help_text=_("Where its buyers are; rights are asked for this territory."))
    market = models.ForeignKey(Market, on_delete=models.PROTECT, help_text=_("Whose taxes and language apply."))
    warehouses = models.ManyToManyField(Warehouse, help_text=_("Stock that this channel may sell."))
    buffer = models.PositiveIntegerField(default=0, help_text=_("Units kept back from the channel."))
    active = models.BooleanField(default=True)
    orders_until = models.DateTimeField(
        null=True, blank=True, help_text=_("End of the last window of orders that was read completely.")
    )

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Listing(models.Model):
    """A variant on a channel. Stock is a desired state with a version, never only a message (DESIGN law 5).

    ``desired_version`` grows whenever the desired quantity changes; ``sent_version`` is what was last sent, and
    ``acknowledged_version`` what the marketplace has confirmed. All equal: nothing to do.
    """

    channel = models.ForeignKey(SalesChannel, on_delete=models.CASCADE, related_name="listings")
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="listings")
    external_item_id = models.CharField(max_length=40)
    external_sku_id = models.CharField(max_length=40, blank=True)
    active = models.BooleanField(default=True)
    desired_quantity = models.PositiveIntegerField(default=0)
    desired_version = models.BigIntegerField(default=0)
    sent_version = models.BigIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    acknowledged_version = models.BigIntegerField(default=0)
    acknowledged_quantity = models.PositiveIntegerField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True, help_text=_("Not to be sent before."))
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["channel", "variant"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "variant"], name="listing_variant"),
            models.UniqueConstraint(fields=["channel", "external_item_id", "external_sku_id"], name="listing_external"),
            models.CheckConstraint(
                condition=Q(sent_version__lte=F("desired_version"), acknowledged_version__lte=F("sent_version")),
                name="listing_versions_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "due_at"],
                condition=~Q(acknowledged_version=F("desired_version")),
                name="listing_behind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant} on {self.channel.code}"


class ChannelOrder(models.Model):
    """A marketplace's order as last read; unique per channel, so that it becomes at most one order of ours.

    An unknown status is kept as UNKNOWN and is never shipped.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting (unpaid)")
        IMPORTED = "imported", _("Imported")
        CASE = "case", _("Needs a decision")
        CLOSED = "closed", _("Closed")

    channel = models.ForeignKey(SalesChannel, on_delete=models.PROTECT, related_name="orders")
    external_id = models.CharField(max_length=40)
    status = models.CharField(max_length=24)
    raw_status = models.CharField(max_length=60)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    reason = models.TextField(blank=True, help_text=_("Why it needs a decision."))
    payload = models.JSONField(help_text=_("As read, personal data redacted."))
    modified_at = models.DateTimeField()
    order = models.OneToOneField(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="channel_order")
    received_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["channel", "external_id"], name="channelorder_once")]

    def __str__(self) -> str:
        return f"{self.channel.code} {self.external_id}"
