"""Who the buyer is to customs: sealed, kept no longer than the law asks, and every look at it written down."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BuyerIdentity(models.Model):
    """A buyer's number for customs with its holder's name, both sealed (``shop.crossborder.identities.sealing``).

    ``digest`` is keyed: rows of one person share it, so that her yearly total is found without opening anything. When
    ``keep_until`` is over the row is emptied; its consent and its dates stay as the record that it existed.
    """

    class Kind(models.TextChoices):
        CN_RESIDENT_ID = "cn_resident_id", _("Resident identity number (China)")
        KR_PCCC = "kr_pccc", _("Personal customs clearance code (Korea)")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    country = models.CharField(max_length=2, help_text=_("Destination, ISO 3166-1 alpha-2."))
    sealed_number = models.TextField(blank=True)
    sealed_name = models.TextField(blank=True)
    key_id = models.CharField(max_length=12, blank=True, help_text=_("The key that sealed it."))
    masked = models.CharField(max_length=24, blank=True)
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    consent_version = models.CharField(max_length=40)
    consent_given_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    keep_until = models.DateTimeField(help_text=_("From then on the number and the name are erased."))
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("buyer identity")
        verbose_name_plural = _("buyer identities")
        permissions = [("reveal_buyeridentity", "Can reveal the number and name of a buyer identity")]
        indexes = [
            models.Index(fields=["keep_until"], condition=Q(erased_at=None), name="buyeridentity_due"),
            models.Index(fields=["-created_at"], name="buyeridentity_newest"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(consent_version=""), name="buyeridentity_has_consent"),
            models.CheckConstraint(
                condition=Q(erased_at=None) & ~Q(sealed_number="") & ~Q(sealed_name="") & ~Q(digest="") & ~Q(masked="")
                | Q(erased_at__isnull=False, sealed_number="", sealed_name="", digest="", masked="", key_id=""),
                name="buyeridentity_whole_or_erased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.masked or '∅'}"


class IdentityAccess(models.Model):
    """Somebody has looked at a buyer's number: append-only."""

    identity = models.ForeignKey(BuyerIdentity, on_delete=models.PROTECT, related_name="accesses")
    actor = models.CharField(max_length=80)
    reason = models.CharField(max_length=250)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("identity access")
        verbose_name_plural = _("identity accesses")
        constraints = [models.CheckConstraint(condition=~Q(reason="") & ~Q(actor=""), name="identityaccess_explained")]

    def __str__(self) -> str:
        return f"{self.actor}: {self.reason}"
