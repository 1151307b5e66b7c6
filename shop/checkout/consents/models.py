"""What was agreed to with an order, for evidence."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.orders.models import Order


class OrderConsent(models.Model):
    """One text that the shopper agreed to: which version, in which language, when. Written once, never changed."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=32)
    version = models.CharField(max_length=64)
    language = models.CharField(max_length=10)
    text = models.TextField(help_text=_("The words she was shown."))
    pages = models.JSONField(default=list, help_text=_("The legal pages the words point to, with their versions."))
    agreed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["order", "kind"], name="orderconsent_kind")]

    def __str__(self) -> str:
        return f"{self.order}: {self.version}"
