"""What is there, and the ledger that explains it."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory.stock.models.places import Item, Warehouse

COUNTERS = ("on_hand", "held", "allocated", "fenced", "quarantined", "damaged")


class Balance(models.Model):
    """What is there of one item in one warehouse, and how much of it is claimed.

    ``on_hand`` are units fit for sale; ``quarantined`` and ``damaged`` units lie in the warehouse beside them.
    Available to promise = ``on_hand + backorder_limit - safety - held - allocated - fenced``. Every change writes a
    :class:`Movement` in the same transaction and adds one to ``version``. The CHECK constraints stand behind the
    conditional UPDATE of ``sql/move.sql``.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="balances")
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="balances")
    on_hand = models.IntegerField(default=0, db_default=0)
    held = models.IntegerField(default=0, db_default=0, help_text=_("Units held for orders that await payment."))
    allocated = models.IntegerField(
        default=0, db_default=0, help_text=_("Units of paid orders that are not shipped yet.")
    )
    fenced = models.IntegerField(default=0, db_default=0, help_text=_("Units set aside for a purpose, unclaimed yet."))
    quarantined = models.IntegerField(default=0, db_default=0, help_text=_("Units that await an inspection."))
    damaged = models.IntegerField(default=0, db_default=0, help_text=_("Units that cannot be sold."))
    safety = models.IntegerField(default=0, db_default=0, help_text=_("Units never promised to anyone."))
    backorder_limit = models.IntegerField(
        default=0, db_default=0, help_text=_("Units that may be promised beyond what is there.")
    )
    low_at = models.PositiveIntegerField(
        default=5, db_default=5, help_text=_("From this many available units down the row runs low.")
    )
    high_at = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("From this many available units up the row is overstocked.")
    )
    version = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["item__sku", "warehouse__code"]
        permissions = [("manage_stock", "Can write stock off, recall lots and set fences")]
        constraints = [
            models.UniqueConstraint(fields=["item", "warehouse"], name="balance_item_warehouse"),
            models.CheckConstraint(
                condition=Q(
                    on_hand__gte=0,
                    held__gte=0,
                    allocated__gte=0,
                    fenced__gte=0,
                    quarantined__gte=0,
                    damaged__gte=0,
                    safety__gte=0,
                    backorder_limit__gte=0,
                ),
                name="balance_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(held__lte=F("on_hand") + F("backorder_limit") - F("allocated") - F("fenced")),
                name="balance_claims_within_stock",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} @ {self.warehouse.code}"

    @property
    def available(self) -> int:
        """Units that can still be promised to anyone (never below zero)."""
        claimed = self.safety + self.held + self.allocated + self.fenced
        return max(self.on_hand + self.backorder_limit - claimed, 0)


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
        COUNT = "count", _("Counted")
        TRANSFER_OUT = "transfer_out", _("Transfer sent")
        TRANSFER_IN = "transfer_in", _("Transfer received")
        FENCE = "fence", _("Set aside")
        UNFENCE = "unfence", _("Given back to all")
        QUARANTINE = "quarantine", _("Quarantined")
        CLEAR = "clear", _("Cleared for sale")
        DAMAGE = "damage", _("Found damaged")
        WRITE_OFF = "write_off", _("Written off")

    balance = models.ForeignKey(Balance, on_delete=models.PROTECT, related_name="movements", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind)
    on_hand_delta = models.IntegerField(default=0, db_default=0)
    held_delta = models.IntegerField(default=0, db_default=0)
    allocated_delta = models.IntegerField(default=0, db_default=0)
    fenced_delta = models.IntegerField(default=0, db_default=0)
    quarantined_delta = models.IntegerField(default=0, db_default=0)
    damaged_delta = models.IntegerField(default=0, db_default=0)
    on_hand_after = models.IntegerField()
    held_after = models.IntegerField()
    allocated_after = models.IntegerField()
    fenced_after = models.IntegerField(default=0, db_default=0)
    quarantined_after = models.IntegerField(default=0, db_default=0)
    damaged_after = models.IntegerField(default=0, db_default=0)
    cause = models.CharField(max_length=80, help_text=_("What caused it, e.g. order:VT-2026-000001."))
    cause_key = models.CharField(max_length=160, help_text=_("The same cause is applied once."))
    actor = models.CharField(max_length=80, blank=True, db_default="")
    channel = models.CharField(
        max_length=40, blank=True, db_default="", help_text=_("Through which the units were sold.")
    )
    occurred_at = models.DateTimeField(db_default=Now(), help_text=_("When it happened; a replay tells the past."))
    created_at = models.DateTimeField(db_default=Now(), help_text=_("When it was written."))

    class Meta:
        ordering = ["-occurred_at", "-id"]
        indexes = [
            models.Index(fields=["balance", "occurred_at"], name="movement_balance_time"),
            # Rows come in the order of their time: a few bytes a range of pages find the newest.
            BrinIndex(fields=["created_at"], autosummarize=True, pages_per_range=16, name="movement_written"),
        ]
        constraints = [
            # Not unique=True, which would add an index for LIKE that nobody uses and every movement pays for.
            models.UniqueConstraint(fields=["cause_key"], name="movement_cause_key"),
            models.CheckConstraint(
                condition=~Q(
                    on_hand_delta=0,
                    held_delta=0,
                    allocated_delta=0,
                    fenced_delta=0,
                    quarantined_delta=0,
                    damaged_delta=0,
                ),
                name="movement_moves_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.balance} ({self.cause})"
