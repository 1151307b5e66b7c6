"""The checkout form."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shop.crossborder.models import Market
from shop.storefront.context import country_name

ADDRESS = ("name", "line1", "line2", "city", "region", "postcode", "country", "phone")


def _printable(value: str) -> None:
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise ValidationError(gettext("Please leave out control characters."), code="control_characters")


def _text(label: Any, length: int, autocomplete: str, *, required: bool = True, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        required=required,
        validators=[_printable],
        widget=forms.TextInput(attrs={"autocomplete": f"shipping {autocomplete}", **attrs}),
    )


class CheckoutForm(forms.Form):
    """Where the order goes and how; ``expected_total`` and ``attempt`` travel along hidden."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("For the order confirmation and news of the delivery."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    country = forms.ChoiceField(label=_("Country"), widget=forms.Select(attrs={"autocomplete": "shipping country"}))
    name = _text(_("Full name"), 120, "name")
    line1 = _text(_("Address"), 120, "address-line1")
    line2 = _text(_("Flat, floor, company"), 120, "address-line2", required=False)
    postcode = _text(_("Postcode"), 16, "postal-code")
    city = _text(_("Town or city"), 80, "address-level2")
    region = _text(_("County, province, prefecture"), 80, "address-level1", required=False)
    phone = _text(_("Telephone"), 32, "tel", required=False, type="tel", inputmode="tel")
    shipping_option = forms.ChoiceField(label=_("Delivery"), widget=forms.RadioSelect)
    expected_total = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    attempt = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, market: Market, language: str, methods: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        countries = [(code, country_name(code, language)) for code in market.countries]
        self.fields["country"].choices = countries  # type: ignore[attr-defined]
        self.fields["shipping_option"].choices = methods  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            described = [f"id_{name}_hint"] if field.help_text else []
            if self.is_bound and name in self.errors:
                field.widget.attrs["aria-invalid"] = "true"
                described.append(f"id_{name}_error")
            if described:
                field.widget.attrs["aria-describedby"] = " ".join(described)

    def ship_to(self) -> dict[str, str]:
        """Return the validated address as an order keeps it."""
        return {key: self.cleaned_data[key] for key in ADDRESS if self.cleaned_data.get(key)}
