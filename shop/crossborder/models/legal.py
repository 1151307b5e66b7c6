"""What a shop must say of itself and of the sale, for each market and language: versions that begin on a day."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.crossborder.models.markets import Market


class LegalKind(models.TextChoices):
    """The pages, in the order in which they are named at the foot of the shop; the codes stand in addresses."""

    TERMS = "terms", _("Terms of sale")
    PRIVACY = "privacy", _("Privacy")
    WITHDRAWAL = "withdrawal", _("Withdrawal and returns")
    DELIVERY = "delivery", _("Delivery")
    GUARANTEE = "guarantee", _("Legal guarantee")
    ACCESSIBILITY = "accessibility", _("Accessibility")
    IMPRINT = "imprint", _("Imprint")


class LegalPage(models.Model):
    """One version of a page; the version that began last is in force. What has been in force is never rewritten.

    ``body`` is plain text: paragraphs between blank lines, and headings of two levels (``## `` and ``### ``).
    """

    market = models.ForeignKey(Market, on_delete=models.CASCADE, related_name="legal_pages")
    kind = models.CharField(max_length=16, choices=LegalKind)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    version = models.PositiveSmallIntegerField(default=1)
    valid_from = models.DateField(help_text=_("The first day of this version."))
    title = models.CharField(max_length=120)
    body = models.TextField(
        max_length=60_000, help_text=_("Blank lines part paragraphs; a line that begins with ## or ### is a heading.")
    )

    class Meta:
        ordering = ["market", "kind", "language", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["market", "kind", "language", "version"], name="legalpage_version"),
            models.UniqueConstraint(fields=["market", "kind", "language", "valid_from"], name="legalpage_one_a_day"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(body=""), name="legalpage_says_something"),
            models.CheckConstraint(condition=Q(version__gt=0), name="legalpage_version_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.market} · {self.title}"
