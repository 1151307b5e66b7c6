"""Forms of the account pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shop.checkout.address import AddressError, parse_address
from shop.crossborder.addresses.check import required_fields
from shop.crossborder.addresses.rules import Rules, reads_locally, rules_of
from shop.storefront import address_words, markets
from shop.storefront.form_marks import mark
from shop.storefront.forms import CheckoutForm
from shop.storefront.markets import LANGUAGES
from shop.storefront.places import by_name, market_name


def served_countries() -> list[str]:
    """Return every country that a market delivers to."""
    return sorted({code for served in markets.served_markets().values() for code in served.market.countries})


class AddressForm(forms.Form):
    """An address of the book: its fields are those of its country, as at checkout."""

    is_default = forms.BooleanField(label=_("Use it first"), required=False)

    def __init__(self, data: Any = None, *args: Any, country: str, language: str, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.rules: Rules = rules_of(country)
        self.country, self.language = country, language
        self.address: dict[str, str] = {}
        self.address_names = [*self.rules.fields(local=reads_locally(country, language)), "phone"]
        needed = required_fields(self.rules)
        default = self.fields.pop("is_default")
        for name in self.address_names:
            self.fields[name] = CheckoutForm._address_field(self, name, required=name in needed)  # type: ignore[arg-type]  # noqa: SLF001 (one family)
        self.fields["is_default"] = default
        mark(self)

    @property
    def address_fields(self) -> list[forms.BoundField]:
        """The fields in the order in which the country's people write them."""
        return [self[name] for name in self.address_names]

    def clean(self) -> dict[str, Any]:
        """Check the address as a whole, and put each problem beside its field."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        typed = {name: str(cleaned[name]) for name in self.address_names if cleaned.get(name)}
        typed["country"] = self.country
        try:
            self.address = parse_address(typed)
        except AddressError as error:
            for field, (code, _sentence) in error.problems.items():
                if field in self.fields and field not in self.errors:
                    self.add_error(field, address_words.problem(code, self.rules, typed, self.language))
        return cleaned


class CountryForm(forms.Form):
    """For which country an address is asked."""

    country = forms.ChoiceField(label=_("Country"), widget=forms.Select(attrs={"autocomplete": "country"}))

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = by_name(served_countries(), language)  # type: ignore[attr-defined]


class PreferencesForm(forms.Form):
    """Language, market, and news."""

    place = forms.ChoiceField(label=_("Country and language"))
    marketing = forms.BooleanField(required=False)

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (f"{code}/{spoken}", f"{market_name(served.market, language)} · {LANGUAGES.get(spoken, spoken)}")
            for code, served in markets.served_markets().items()
            for spoken in served.market.languages
        ]
        self.fields["place"].error_messages |= {
            "required": gettext("Please fill this in."),
            "invalid_choice": gettext("Please choose one of the list."),
        }


class MyDataForm(forms.Form):
    """To which address the link to one's data goes."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].error_messages |= {
            "required": gettext("Please fill this in."),
            "invalid": gettext("This is not an e-mail address."),
        }
