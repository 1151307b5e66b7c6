"""Who made the goods."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Manufacturer(models.Model):
    """Who made a product, and who answers for it in the Union (Regulation (EU) 2023/988, articles 16 and 19)."""

    code = models.SlugField(max_length=32, unique=True)
    name = models.CharField(max_length=160, help_text=_("Name or registered trade mark."))
    address = models.TextField(
        _("postal address"), max_length=400, blank=True, help_text=_("As on an envelope, without name and country.")
    )
    country = models.CharField(max_length=2, help_text=_("Where it is established, ISO 3166-1 alpha-2."))
    email = models.CharField(
        _("electronic address"), max_length=200, blank=True, help_text=_("An e-mail address, or the page of a form.")
    )
    responsible_name = models.CharField(_("name"), max_length=160, blank=True)
    responsible_address = models.TextField(_("postal address"), max_length=400, blank=True)
    responsible_country = models.CharField(_("country"), max_length=2, blank=True)
    responsible_email = models.CharField(_("electronic address"), max_length=200, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="manufacturer_country_iso"),
            models.CheckConstraint(
                condition=Q(responsible_country="") | Q(responsible_country__regex=r"^[A-Z]{2}$"),
                name="manufacturer_responsible_country_iso",
            ),
        ]

    def __str__(self) -> str:
        return self.name
