"""The pages of manufacturers, and which products lack what the Union asks to be shown of their makers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from config.admin_doors import Door, badge
from shop.catalogue.models import Manufacturer
from shop.crossborder.admin.sellers import clean_country
from shop.crossborder.protections import gpsr
from shop.crossborder.protections.makers import safety_facts
from shop.crossborder.protections.territories import members


def incomplete(prefix: str = "") -> Q:
    """Return the condition of makers of whom something is missing; ``prefix`` leads to them (``manufacturer__``)."""
    union = members("EU", timezone.localdate())
    wanted = ("responsible_name", "responsible_address", "responsible_email")
    outside = ~Q(**{f"{prefix}country__in": union}) & (
        ~Q(**{f"{prefix}responsible_country__in": union})
        | Q(*((f"{prefix}{one}", "") for one in wanted), _connector=Q.OR)
    )
    return Q(**{f"{prefix}address": ""}) | Q(**{f"{prefix}email": ""}) | outside


class GpsrFilter(DropdownFilter):
    """Products by whether all is known that an offer in the Union shows (Regulation (EU) 2023/988, article 19)."""

    title = _("product safety")
    parameter_name = "gpsr"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("incomplete", _("GPSR incomplete")), ("complete", _("GPSR complete"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        missing = Q(manufacturer=None) | incomplete("manufacturer__")
        if self.value() == "incomplete":
            return queryset.filter(missing)
        return queryset.exclude(missing) if self.value() == "complete" else queryset


class ManufacturerForm(forms.ModelForm):
    """A maker; countries exist, and who answers in the Union is named whole or not at all."""

    class Meta:
        model = Manufacturer
        fields = "__all__"  # noqa: DJ007 (the page names the fields)

    def clean_country(self) -> str:
        """Return the code in capitals."""
        return clean_country(str(self.cleaned_data["country"]))

    def clean_responsible_country(self) -> str:
        """Return the code in capitals, or nothing."""
        raw = str(self.cleaned_data["responsible_country"] or "")
        return clean_country(raw) if raw.strip() else ""

    def clean(self) -> dict[str, Any]:
        """Refuse half a responsible person, and one outside the Union."""
        entered: dict[str, Any] = super().clean() or self.cleaned_data
        names = ("responsible_name", "responsible_address", "responsible_country", "responsible_email")
        given = [name for name in names if entered.get(name)]
        if given:
            for name in names:
                if name in entered and not entered[name]:
                    self.add_error(name, _("The offer names the responsible person with all of this."))
        country = entered.get("responsible_country")
        if country and country not in members("EU", timezone.localdate()):
            self.add_error("responsible_country", _("The responsible person is established in the European Union."))
        return entered


@admin.register(Manufacturer)
class ManufacturerAdmin(Door):
    """Who made what we sell."""

    form = ManufacturerForm
    list_display = ["name", "code", "country", "made", "responsible_name", "safety"]
    list_filter = ["country"]
    search_fields = ["name", "code", "responsible_name"]
    search_help_text = _("Name or code")
    fieldsets = [
        (None, {"fields": [("name", "code"), "address", ("country", "email")]}),
        (
            _("Responsible person in the European Union"),
            {
                "fields": ["responsible_name", "responsible_address", ("responsible_country", "responsible_email")],
                "description": _("For makers outside the Union (Regulation (EU) 2023/988, article 16)."),
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(products_made=Count("products"))

    @display(description=_("products"), ordering="products_made")
    def made(self, maker: Any) -> int:
        return int(maker.products_made)

    @display(description=_("product safety"))
    def safety(self, maker: Manufacturer) -> SafeString:
        missing = gpsr.missing(safety_facts(maker, identifier="any"), on=timezone.localdate())
        return badge("warning", _("incomplete")) if missing else badge("success", _("complete"))
