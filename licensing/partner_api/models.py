"""API keys of partners: shown once, kept as a hash."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from licensing.rights.models import Party


class ApiKey(models.Model):
    """A partner's key. ``prefix`` finds it, ``digest`` (SHA-256, hex) proves it; the key has 256 random bits."""

    partner = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("API key")

    def __str__(self) -> str:
        return f"{self.partner} · {self.name}"
