"""The pages of delivery zones."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from config.admin_doors import Door, days
from shop.crossborder.admin.filters import InForceFilter
from shop.crossborder.delivery.zones import check_pattern
from shop.crossborder.models import Zone

SHOWN = 8  # postcodes named in the list


class ZoneForm(forms.ModelForm):
    """A zone; its countries are countries of its market and its postcodes patterns that can be read."""

    class Meta:
        model = Zone
        fields = "__all__"  # noqa: DJ007 (the page names the fields)

    def clean_countries(self) -> list[str]:
        """Return the ISO codes in capitals."""
        return [str(one).strip().upper() for one in self.cleaned_data["countries"]]

    def clean_postcodes(self) -> list[str]:
        """Return the patterns as they are compared.

        :raises ValidationError: naming the first that cannot be read.
        """
        try:
            return [check_pattern(str(one)) for one in self.cleaned_data["postcodes"]]
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def clean_regions(self) -> list[str]:
        """Return the regions, trimmed."""
        return [str(one).strip() for one in self.cleaned_data["regions"] if str(one).strip()]

    def clean(self) -> dict[str, Any]:
        """Refuse countries that the market does not deliver to."""
        entered: dict[str, Any] = super().clean() or self.cleaned_data
        market = entered.get("market")
        strange = [one for one in entered.get("countries") or [] if market and one not in market.countries]
        if strange:
            self.add_error("countries", _("The market does not deliver to %s.") % ", ".join(strange))
        return entered


@admin.register(Zone)
class ZoneAdmin(Door):
    """Addresses that cost the same to reach."""

    form = ZoneForm
    list_display = ["name", "market", "where", "narrowed", "extra_days", "valid_days"]
    list_filter = [("market", RelatedDropdownFilter), InForceFilter]
    list_select_related = ["market"]
    search_fields = ["name", "market__code"]
    search_help_text = _("Name or market")
    fieldsets = [
        (None, {"fields": [("market", "name"), "countries", "postcodes", "regions", ("extra_days", "valid")]}),
    ]

    @display(description=_("countries"))
    def where(self, zone: Zone) -> str:
        return ", ".join(zone.countries)

    @display(description=_("only"))
    def narrowed(self, zone: Zone) -> str:
        parts = [*zone.postcodes, *zone.regions]
        return ", ".join(parts[:SHOWN]) + ("…" if len(parts) > SHOWN else "") or "–"

    @display(description=_("valid"), ordering="valid")
    def valid_days(self, zone: Zone) -> str:
        return days(zone.valid)
