"""The checkout form: its address follows the country, its identity what customs there asks."""

import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shop.checkout.address import AddressError, parse_address
from shop.checkout.consents.texts import ConsentKind, current
from shop.crossborder.addresses.check import LENGTHS, required_fields
from shop.crossborder.addresses.rules import Rules, reads_locally, rules_of
from shop.crossborder.identities.consent import current_consent
from shop.crossborder.identities.declared import NAME_LENGTH, DeclaredIdentity, IdentityError, declare
from shop.crossborder.identities.numbers import LONGEST, NumberKind
from shop.crossborder.models import Market
from shop.storefront import address_words, identity_words
from shop.storefront.form_marks import mark
from shop.storefront.places import by_name

AUTOCOMPLETE = {
    "name": "name",
    "company": "organization",
    "line1": "address-line1",
    "line2": "address-line2",
    "district": "address-level3",
    "city": "address-level2",
    "region": "address-level1",
    "postcode": "postal-code",
    "phone": "tel",
}
IDENTITY = ("identity_number", "identity_name", "identity_consent")


def printable(value: str) -> None:
    if any(unicodedata.category(character) == "Cc" for character in value):
        raise ValidationError(gettext("Please leave out control characters."), code="control_characters")


def _text(label: Any, length: int, *, required: bool = True, hint: str = "", **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=length,
        required=required,
        help_text=hint,
        validators=[printable],
        widget=forms.TextInput(attrs=attrs),
    )


class CheckoutForm(forms.Form):
    """Where the order goes and how; ``expected_total``, ``attempt`` and ``address_country`` travel along hidden.

    ``address_country`` is the country for which the address was asked: a region typed for another means nothing.
    """

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("For the order confirmation and news of the delivery."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    country = forms.ChoiceField(label=_("Country"), widget=forms.Select(attrs={"autocomplete": "shipping country"}))
    shipping_option = forms.ChoiceField(label=_("Delivery"), widget=forms.RadioSelect)
    expected_total = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)
    attempt = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        market: Market,
        language: str,
        country: str,
        methods: list[tuple[str, str]],
        identity_kind: NumberKind | None = None,
        consents: Sequence[ConsentKind] = (),
        **kwargs: Any,
    ) -> None:
        if data is not None and data.get("address_country") not in {None, "", country}:
            data = data.copy()
            data["region"] = ""
        super().__init__(data, *args, **kwargs)
        self.rules: Rules = rules_of(country)
        self.language = language
        self.identity_kind = identity_kind
        self.declared: DeclaredIdentity | None = None
        self.address: dict[str, str] = {}
        self.address_names = [*self.rules.fields(local=reads_locally(country, language)), "phone"]
        countries = by_name(market.countries, language)
        self.fields["country"].choices = countries  # type: ignore[attr-defined]
        self.fields["shipping_option"].choices = methods  # type: ignore[attr-defined]
        needed = required_fields(self.rules)
        for name in self.address_names:
            self.fields[name] = self._address_field(name, required=name in needed)
        if identity_kind is not None:
            self.fields |= _identity_fields(identity_kind)
        self.consents = list(consents)
        for kind in self.consents:
            self.fields |= _consent_fields(kind, language)
        mark(self, {f"consent_{kind}": gettext("Please tick this box to order.") for kind in self.consents})

    def _address_field(self, name: str, *, required: bool) -> forms.Field:
        label = address_words.label(name, self.rules)
        autocomplete = f"shipping {AUTOCOMPLETE[name]}"
        if name == "region" and self.rules.regions:
            return forms.ChoiceField(
                label=label,
                required=required,
                choices=address_words.region_choices(self.rules, self.language),
                widget=forms.Select(attrs={"autocomplete": autocomplete}),
            )
        attrs = {"type": "tel", "inputmode": "tel"} if name == "phone" else {}
        if name == "postcode" and self.rules.postcode and all(one.isdigit() for one in self.rules.postcode_examples[0]):
            attrs["inputmode"] = "numeric"
        hint = gettext("For the carrier, who calls before the delivery.") if name == "phone" and required else ""
        return _text(label, LENGTHS[name], required=required, hint=hint, autocomplete=autocomplete, **attrs)

    @property
    def consent_boxes(self) -> list[tuple[forms.BoundField, str, str, str]]:
        """Each box with the name of its version's field, the version, and the legal page that its words speak of."""
        return [
            (self[f"consent_{kind}"], f"consent_{kind}_version", current(kind).version, current(kind).page)
            for kind in self.consents
        ]

    @property
    def agreed(self) -> dict[str, str]:
        """Kind → version of each box that was ticked."""
        return {
            str(kind): str(self.cleaned_data.get(f"consent_{kind}_version") or "")
            for kind in self.consents
            if self.cleaned_data.get(f"consent_{kind}")
        }

    @property
    def faults(self) -> list[tuple[str, str, str]]:
        """What is wrong, in the order of the page: id of the field, its label, the sentence."""
        order = ["email", "country", *self.address_names, *IDENTITY, "shipping_option"]
        order += [f"consent_{kind}" for kind in self.consents]
        found = []
        for name in (one for one in order if self.is_bound and one in self.errors):
            where = "deliveries" if name == "shipping_option" else self[name].id_for_label
            label = "" if "consent" in name else str(self[name].label)
            found.append((where, label, str(self.errors[name][0])))
        return found

    @property
    def address_fields(self) -> list[forms.BoundField]:
        """The fields of the address in the order in which the country's people write it."""
        return [self[name] for name in self.address_names]

    @property
    def identity_fields(self) -> list[forms.BoundField]:
        """The number and the holder's name."""
        return [self[name] for name in IDENTITY[:2]]

    @property
    def identity_why(self) -> str:
        """Why customs asks."""
        return identity_words.why(self.identity_kind) if self.identity_kind else ""

    @property
    def consent_text(self) -> str:
        """What the buyer agrees to, in the language of the page."""
        return current_consent(self.identity_kind).in_language(self.language) if self.identity_kind else ""

    @property
    def consent_version(self) -> str:
        """The version of that text."""
        return current_consent(self.identity_kind).version if self.identity_kind else ""

    def clean(self) -> dict[str, Any]:
        """Check the address as a whole and the identity, and put each problem beside its field."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        typed = {name: str(cleaned[name]) for name in (*self.address_names, "country") if cleaned.get(name)}
        try:
            self.address = parse_address(typed)
        except AddressError as error:
            for field, (code, _sentence) in error.problems.items():
                if field in self.fields and field not in self.errors:
                    self.add_error(field, address_words.problem(code, self.rules, typed, self.language))
        if self.identity_kind is not None:
            self._clean_identity(self.identity_kind, cleaned)
        return cleaned

    def _clean_identity(self, kind: NumberKind, cleaned: dict[str, Any]) -> None:
        try:
            self.declared = declare(
                {
                    "kind": str(kind),
                    "number": cleaned.get("identity_number", ""),
                    "name": cleaned.get("identity_name", ""),
                    "consent": cleaned.get("identity_consent", False),
                    "consent_version": cleaned.get("identity_consent_version", ""),
                }
            )
        except IdentityError as error:
            for field, (code, _sentence) in error.problems.items():
                if f"identity_{field}" not in self.errors:
                    self.add_error(f"identity_{field}", identity_words.problem(kind, field, code))

    def ship_to(self) -> dict[str, str]:
        """Return the validated address as an order keeps it."""
        return self.address


def _consent_fields(kind: ConsentKind, language: str) -> dict[str, forms.Field]:
    # Never ticked before: only what she herself ticked comes back ticked.
    return {
        f"consent_{kind}": forms.BooleanField(
            label=current(kind).in_language(language), required=True, widget=forms.CheckboxInput
        ),
        f"consent_{kind}_version": forms.CharField(required=False, max_length=64, widget=forms.HiddenInput),
    }


def _identity_fields(kind: NumberKind) -> dict[str, forms.Field]:
    # Never required of the field itself: the declaration says what is missing, in its own words.
    return {
        "identity_number": _text(
            identity_words.number_label(kind), LONGEST, required=False, autocomplete="off", spellcheck="false"
        ),
        "identity_name": _text(identity_words.name_label(kind), NAME_LENGTH, required=False, autocomplete="off"),
        "identity_consent": forms.BooleanField(required=False, widget=forms.CheckboxInput),
        "identity_consent_version": forms.CharField(required=False, max_length=40, widget=forms.HiddenInput),
    }
