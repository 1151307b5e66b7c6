"""The pages of sellers of record, with their registrations."""

from typing import Any

from babel import Locale
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from config.admin_doors import Door, Rows
from shop.crossborder.identities.numbers import BadNumber, NumberKind, check
from shop.crossborder.models import Market, Registration, RegistrationKind, Seller
from shop.crossborder.sellers.numbers import BadRegistration, check_registration

TERRITORIES = Locale.parse("en").territories


def clean_country(raw: str) -> str:
    """Return an ISO 3166-1 code in capitals.

    :raises ValidationError: there is no such country.
    """
    code = raw.strip().upper()
    if len(code) != 2 or not code.isalpha() or code not in TERRITORIES:
        raise ValidationError(_("“%(code)s” is no ISO 3166-1 code of a country, such as GB."), params={"code": raw})
    return code


class SellerForm(forms.ModelForm):
    """A seller; its country exists and its EORI has the form of one."""

    class Meta:
        model = Seller
        fields = "__all__"  # noqa: DJ007 (the page names the fields)

    def clean_country(self) -> str:
        """Return the code in capitals."""
        return clean_country(str(self.cleaned_data["country"]))

    def clean_eori(self) -> str:
        """Return the EORI without spaces, or nothing.

        :raises ValidationError: it is none.
        """
        raw = str(self.cleaned_data["eori"] or "")
        try:
            return check(NumberKind.EORI, raw) if raw.strip() else ""
        except BadNumber as error:
            raise ValidationError(error.message) from None


class RegistrationForm(forms.ModelForm):
    """A registration; its number has the form and check digits of its kind."""

    class Meta:
        model = Registration
        fields = "__all__"  # noqa: DJ007 (the rows name the fields)

    def clean_jurisdiction(self) -> str:
        """Return the member state in capitals."""
        return str(self.cleaned_data["jurisdiction"] or "").strip().upper()

    def clean(self) -> dict[str, Any]:
        """Check the number against its kind."""
        entered: dict[str, Any] = super().clean() or self.cleaned_data
        asked = {"kind", "number", "jurisdiction"}
        # A number that stands is left alone until somebody changes it.
        if not asked <= set(entered) or not asked & set(self.changed_data):
            return entered
        try:
            entered["number"] = check_registration(
                kind=RegistrationKind(entered["kind"]), raw=entered["number"], jurisdiction=entered["jurisdiction"]
            )
        except BadRegistration as error:
            self.add_error(error.field, str(error))
        return entered


class RegistrationRows(Rows):
    """A seller's numbers, each with the dates in which it is used."""

    model = Registration
    form = RegistrationForm
    fields = ["kind", "jurisdiction", "number", "valid", "note"]
    verbose_name_plural = _("Registrations")


@admin.register(Seller)
class SellerAdmin(Door):
    """Who stands on invoices and customs papers."""

    form = SellerForm
    list_display = ["legal_name", "code", "city", "country", "sells_in", "numbers"]
    list_filter = ["country"]
    search_fields = ["legal_name", "code", "registrations__number", "eori"]
    search_help_text = _("Name, code or number")
    inlines = [RegistrationRows]
    fieldsets = [
        (None, {"fields": [("legal_name", "code"), ("company_number", "eori", "invoice_prefix"), ("email", "phone")]}),
        (_("Address"), {"fields": ["line1", "line2", ("city", "region"), ("postcode", "country")]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        in_force = Registration.objects.filter(valid__contains=timezone.localdate())
        return (
            super()
            .get_queryset(request)
            .prefetch_related(
                Prefetch("registrations", queryset=in_force, to_attr="in_force"),
                Prefetch("markets", queryset=Market.objects.only("code", "seller"), to_attr="its_markets"),
            )
        )

    @display(description=_("sells in"))
    def sells_in(self, seller: Any) -> str:
        return ", ".join(market.code for market in seller.its_markets) or "–"

    @display(description=_("registrations in force"))
    def numbers(self, seller: Any) -> str:
        return (
            ", ".join(one.kind if not one.jurisdiction else f"{one.kind} {one.jurisdiction}" for one in seller.in_force)
            or "–"
        )
