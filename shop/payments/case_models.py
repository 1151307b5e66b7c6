"""What a person has to decide or answer: cases, and disputes raised by cardholders' banks."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shop.orders.models import Order
from shop.payments.models import Payment, Refund


class PaymentCase(models.Model):
    """Something about money that no rule decides. Opened once for each cause; closed by a person, with a note."""

    class Kind(models.TextChoices):
        AMOUNT = "amount", _("Another amount was paid")
        CURRENCY = "currency", _("Another currency was paid")
        SECOND_CHARGE = "second_charge", _("Charged a second time")
        REFUND_ELSEWHERE = "refund_elsewhere", _("Refund made at Stripe")
        REFUND_FAILED = "refund_failed", _("Refund failed")
        DISPUTE = "dispute", _("Dispute")
        SESSION_REFUSED = "session_refused", _("Stripe refuses the payment page")

    kind = models.CharField(max_length=20, choices=Kind)
    cause_key = models.CharField(max_length=160, unique=True, help_text=_("The same cause opens one case."))
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payment_cases")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="cases")
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    facts = models.TextField(help_text=_("What happened, in words."))
    opened_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.CharField(max_length=80, blank=True)
    resolution = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["opened_at"], condition=Q(resolved_at=None), name="paymentcase_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by="", resolution="")
                | Q(resolved_at__isnull=False) & ~Q(resolved_by="") & ~Q(resolution=""),
                name="paymentcase_resolved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order.number}: {self.get_kind_display()}"


class Dispute(models.Model):
    """A charge that the buyer's bank takes back (``amount`` in the payment's currency), as Stripe tells it.

    The money is gone while the dispute is open, and for good when it is lost; what was sold is not back for that.
    """

    class State(models.TextChoices):
        WARNING_NEEDS_RESPONSE = "warning_needs_response", _("Inquiry: needs an answer")
        WARNING_UNDER_REVIEW = "warning_under_review", _("Inquiry: answered")
        WARNING_CLOSED = "warning_closed", _("Inquiry closed")
        NEEDS_RESPONSE = "needs_response", _("Needs an answer")
        UNDER_REVIEW = "under_review", _("With the bank")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        PREVENTED = "prevented", _("Prevented")

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    stripe_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=24, choices=State)
    reason = models.CharField(max_length=60)
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    withdrawn = models.DecimalField(
        max_digits=18, decimal_places=4, default=0, help_text=_("What the bank has taken and not given back.")
    )
    due_by = models.DateTimeField(null=True, blank=True, help_text=_("Until when evidence is taken."))
    opened_at = models.DateTimeField()
    evidence_sent_at = models.DateTimeField(null=True, blank=True)
    evidence_sent_by = models.CharField(max_length=80, blank=True)
    evidence_file = models.CharField(max_length=120, blank=True, help_text=_("The bundle's id at Stripe."))
    closed_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = [F("closed_at").asc(nulls_first=True), "due_by", "-opened_at"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0, withdrawn__gte=0), name="dispute_amounts")]

    def __str__(self) -> str:
        return f"{self.payment.order.number}, {self.reason_text.lower()}"

    @property
    def reason_text(self) -> str:
        """The bank's reason as words, e.g. ``Product not received``."""
        return self.reason.replace("_", " ").capitalize()


# The states in which somebody has to answer, and those in which nothing can be done any more.
TO_ANSWER = (Dispute.State.WARNING_NEEDS_RESPONSE, Dispute.State.NEEDS_RESPONSE)
OVER = (Dispute.State.WON, Dispute.State.LOST, Dispute.State.WARNING_CLOSED, Dispute.State.PREVENTED)
