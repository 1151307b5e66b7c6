"""The pages of markets."""

from babel.numbers import is_currency
from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from config.admin_doors import Door, Rows
from shop.crossborder.admin.sellers import clean_country
from shop.crossborder.admin.shipping import ShippingRows
from shop.crossborder.models import Market, MarketWarehouse, PaymentMethod

SHOWN = 6  # countries named in the list


class MarketForm(forms.ModelForm):
    """A market: countries, languages and a currency that exist, and how shoppers pay."""

    payment_methods = forms.MultipleChoiceField(
        label=_("Payment methods"),
        choices=PaymentMethod.choices,
        help_text=_("What a shopper may choose from."),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = Market
        fields = "__all__"  # noqa: DJ007 (the page names the fields)

    def clean_countries(self) -> list[str]:
        """Return the codes in capitals, each once."""
        return list(dict.fromkeys(clean_country(str(one)) for one in self.cleaned_data["countries"]))

    def clean_languages(self) -> list[str]:
        """Return the languages, each once.

        :raises ValidationError: the shop does not speak one of them.
        """
        asked = [str(one).strip().lower() for one in self.cleaned_data["languages"]]
        spoken = dict(settings.LANGUAGES)
        if strange := [one for one in asked if one not in spoken]:
            message = _("The shop does not speak %(strange)s; it speaks %(spoken)s.")
            raise ValidationError(message, params={"strange": ", ".join(strange), "spoken": ", ".join(spoken)})
        return list(dict.fromkeys(asked))

    def clean_currency(self) -> str:
        """Return the code in capitals.

        :raises ValidationError: there is no such currency.
        """
        code = str(self.cleaned_data["currency"]).strip().upper()
        if not is_currency(code):
            raise ValidationError(
                _("“%(code)s” is no ISO 4217 code of a currency, such as GBP."), params={"code": code}
            )
        return code

    def clean_payment_methods(self) -> list[str]:
        """Return what is ticked: what was there in its order of preference, then what is new."""
        ticked = self.cleaned_data["payment_methods"]
        before = [one for one in self.instance.payment_methods if one in ticked] if self.instance.pk else []
        return [*before, *[one for one in ticked if one not in before]]


class WarehouseRows(Rows):
    """The warehouses that serve a market, the lowest rank first."""

    model = MarketWarehouse
    fields = ["warehouse", "rank"]
    verbose_name = _("warehouse")
    verbose_name_plural = _("Warehouses")


@admin.register(Market)
class MarketAdmin(Door):
    """Where we sell."""

    form = MarketForm
    list_display = [
        "code",
        "currency",
        "where",
        "spoken",
        "seller",
        "incoterm",
        "prices_include_tax",
        "paid_by",
        "position",
    ]
    list_filter = [("seller", RelatedDropdownFilter), "incoterm"]
    list_select_related = ["seller"]
    search_fields = ["code", "currency"]
    search_help_text = _("Code or currency")
    autocomplete_fields = ["seller"]
    inlines = [WarehouseRows, ShippingRows]
    fieldsets = [
        (None, {"fields": [("code", "currency", "position"), ("countries", "languages")]}),
        (_("Sale"), {"fields": [("seller", "incoterm", "prices_include_tax"), "payment_methods"]}),
    ]

    @display(description=_("countries"))
    def where(self, market: Market) -> str:
        more = len(market.countries) - SHOWN
        return ", ".join(market.countries[:SHOWN]) + (f" +{more}" if more > 0 else "")

    @display(description=_("languages"))
    def spoken(self, market: Market) -> str:
        return ", ".join(market.languages)

    @display(description=_("paid by"))
    def paid_by(self, market: Market) -> str:
        known = dict(PaymentMethod.choices)
        return ", ".join(str(known.get(one, one)) for one in market.payment_methods)
