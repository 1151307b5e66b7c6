"""The royalty ledger: append-only entries, one for each accrual or reversal."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from licensing.rights.models import Agreement, AgreementVersion, Party


class RoyaltyEntry(models.Model):
    """A royalty earned or taken back, in the currency of the sale.

    ``base`` is the royalty base (currency units), ``rate`` a fraction, ``amount`` = base × rate rounded half up to the
    currency's minor unit at posting. ``trace`` explains the figure. ``reverses`` is unique: an entry is reversed once
    in full; partial returns post their own negative rows keyed by cause.
    """

    class Kind(models.TextChoices):
        ACCRUAL = "accrual", _("Accrual")
        REVERSAL = "reversal", _("Reversal")

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="royalty_entries")
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="royalty_entries")
    partner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="royalty_entries")
    kind = models.CharField(max_length=12, choices=Kind)
    sku = models.CharField("SKU", max_length=40)
    quantity = models.IntegerField()
    territory = models.CharField(max_length=2)
    channel = models.CharField(max_length=32)
    sale_date = models.DateField()
    currency = models.CharField(max_length=3)
    base = models.DecimalField(max_digits=20, decimal_places=4)
    rate = models.DecimalField(max_digits=9, decimal_places=6)
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    source = models.CharField(max_length=80, help_text=_("The sale, e.g. order:VT-2026-000001/1."))
    cause_key = models.CharField(max_length=160, unique=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversal")
    trace = models.JSONField()
    posted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "royalty entries"
        indexes = [models.Index(fields=["partner", "-id"], name="royaltyentry_partner")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="accrual", amount__gte=0) | Q(kind="reversal", amount__lte=0),
                name="royaltyentry_sign",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement.number} {self.amount} {self.currency} ({self.source})"
