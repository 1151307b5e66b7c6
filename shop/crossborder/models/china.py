"""Filings with China's customs: what is to be known there, what was sent, and what was answered."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class CustomsFiling(models.Model):
    """One sale to be cleared: an order, its payment and its waybill.

    ``payload`` holds the three documents (keys order, payment, logistics; amounts as text) without any identity
    number: ``identity_ref`` names the person's encrypted identity, which is read when a message is made.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for something")
        OPEN = "open", _("Under way")
        ATTENTION = "attention", _("Needs a person")
        CLEARED = "cleared", _("Cleared")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    source = models.CharField(max_length=120, unique=True, help_text=_("The sale, e.g. order:VT-2026-000123."))
    order_no = models.CharField(_("order number"), max_length=60, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING, db_index=True)
    reason = models.TextField(blank=True, help_text=_("What it waits for, in words."))
    payload = models.JSONField(default=dict)
    identity_ref = models.CharField(max_length=120, blank=True)
    paid = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True, help_text=_("CNY."))
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    checked_at = models.DateTimeField(help_text=_("When the sale was last compared with what is to be filed."))
    cleared_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text=_("Since then the sale is off."))

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("customs filing")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="cleared") | Q(cleared_at__isnull=False), name="customsfiling_cleared_has_time"
            ),
        ]

    def __str__(self) -> str:
        return self.order_no or self.source


class CustomsDocument(models.Model):
    """One of the three documents. What customs is to know is a desired state with a version (DESIGN law 5).

    ``desired_version`` grows when the content changes or a person sends it again; each version is a message with an id
    of its own, and ``sent_version`` is what was last handed to a sender. ``due_at`` is when it is next (re)sent; None:
    never by itself.
    """

    class Kind(models.TextChoices):
        ORDER = "order", _("Order")
        PAYMENT = "payment", _("Payment")
        LOGISTICS = "logistics", _("Waybill")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")

    filing = models.ForeignKey(CustomsFiling, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    company_code = models.CharField(max_length=18, blank=True, help_text=_("Platform, payment or logistics company."))
    number = models.CharField(max_length=60, blank=True, help_text=_("Number of the order, payment or waybill."))
    guid = models.CharField(_("message id"), max_length=36, unique=True)
    desired_version = models.PositiveIntegerField(default=1)
    sent_version = models.PositiveIntegerField(default=0)
    accepted_version = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0, help_text=_("Sendings of this version."))
    due_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True, help_text=_("Customs' time of the reply in force."))
    stale_until = models.DateTimeField(
        null=True, blank=True, help_text=_("Replies up to this time speak of an earlier version.")
    )
    last_code = models.CharField(max_length=20, blank=True)
    last_message = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("customs document")
        constraints = [
            models.UniqueConstraint(fields=["filing", "kind"], name="customsdocument_kind"),
            models.CheckConstraint(
                condition=Q(sent_version__lte=F("desired_version"), accepted_version__lte=F("sent_version")),
                name="customsdocument_versions_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sent"]) | Q(due_at__isnull=True),
                name="customsdocument_settled_is_not_due",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="customsdocument_due"),
            models.Index(fields=["kind", "company_code", "number"], name="customsdocument_number"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class CustomsReply(models.Model):
    """Inbox: one row per answer of customs, whatever came of it. Append-only; it never holds an identity number."""

    document = models.ForeignKey(
        CustomsDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="replies"
    )
    kind = models.CharField(max_length=12, choices=CustomsDocument.Kind)
    guid = models.CharField(_("reply id"), max_length=36)
    return_time = models.DateTimeField(_("customs' time"))
    status = models.CharField(max_length=12)
    code = models.CharField(max_length=12)
    company_code = models.CharField(max_length=100)
    number = models.CharField(max_length=100)
    info = models.TextField(blank=True)
    outcome = models.CharField(max_length=120)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["return_time", "id"]
        verbose_name = _("reply of customs")
        verbose_name_plural = _("replies of customs")
        constraints = [
            models.UniqueConstraint(fields=["kind", "guid", "return_time", "status"], name="customsreply_once")
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.number}"
