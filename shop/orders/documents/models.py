"""Invoices and credit notes: a gapless series of numbers for each seller and year, and content that never changes."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.crossborder.models import Seller
from shop.orders.models import Order


class DocumentKind(models.TextChoices):
    """The two kinds; each has a series of its own."""

    INVOICE = "invoice", _("Invoice")
    CREDIT_NOTE = "credit_note", _("Credit note")


class DocumentCounter(models.Model):
    """The last number given out in a series.

    Its row is locked by the transaction that writes the document, so a number is taken if and only if its document is.
    """

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=DocumentKind)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()
    last_issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "kind", "year"], name="documentcounter_once"),
            models.CheckConstraint(condition=Q(last__gt=0), name="documentcounter_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.seller} {self.kind} {self.year}: {self.last}"


class Invoice(models.Model):
    """One issued document, append-only. ``content`` is all that is printed, from which the PDF is made anew.

    Amounts are in ``currency``; those of a credit note are negative. ``total`` = ``net`` + ``tax``.
    """

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="invoices")
    kind = models.CharField(max_length=12, choices=DocumentKind)
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    number = models.CharField(max_length=32)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="invoices")
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="credit_notes", verbose_name=_("corrects")
    )
    refund_id = models.UUIDField(null=True, blank=True, unique=True, help_text=_("The refund that was credited."))
    issued_at = models.DateTimeField()
    language = models.CharField(max_length=10)
    currency = models.CharField(max_length=3)
    net = models.DecimalField(max_digits=18, decimal_places=4)
    tax = models.DecimalField(max_digits=18, decimal_places=4)
    total = models.DecimalField(max_digits=18, decimal_places=4)
    content = models.JSONField(help_text=_("All that is printed."))

    class Meta:
        ordering = ["-issued_at", "-id"]
        verbose_name = _("invoice or credit note")
        verbose_name_plural = _("invoices and credit notes")
        indexes = [models.Index(fields=["seller", "-issued_at"], name="invoice_seller")]
        constraints = [
            models.UniqueConstraint(fields=["seller", "kind", "year", "sequence"], name="invoice_sequence"),
            models.UniqueConstraint(fields=["seller", "number"], name="invoice_number"),
            models.UniqueConstraint(fields=["order"], condition=Q(kind="invoice"), name="invoice_one_an_order"),
            models.CheckConstraint(condition=Q(total=F("net") + F("tax"), sequence__gt=0), name="invoice_adds_up"),
            models.CheckConstraint(
                condition=Q(kind="invoice", corrects=None, refund_id=None, net__gte=0, tax__gte=0)
                | Q(kind="credit_note", corrects__isnull=False, refund_id__isnull=False, net__lte=0, tax__lte=0),
                name="invoice_or_credit_note",
            ),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="invoice_currency_iso"),
        ]

    def __str__(self) -> str:
        return self.number
