"""Forms that set prices: on a variant's page, on the page of prices, and in dialogues."""

from typing import Any

from django import forms
from django.db import transaction
from django.forms import BaseInlineFormSet, ModelForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    INPUT_CLASSES,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextareaWidget,
)

from shop.catalogue.models import Variant
from shop.crossborder.models import Price
from shop.crossborder.pricing import actions
from shop.crossborder.pricing.errors import PriceRefused, several


def date_field(label: Any, **options: Any) -> forms.DateField:
    """Return a field for a day with the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date", "class": " ".join(INPUT_CLASSES)}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


def amount_field(label: Any, **options: Any) -> forms.DecimalField:
    """Return a field for an amount in the market's currency."""
    return forms.DecimalField(
        label=label, max_digits=18, decimal_places=4, widget=UnfoldAdminDecimalFieldWidget, **options
    )


class PriceForm(ModelForm):
    """A regular price with its first day. A row that stands gets another amount, from a day on."""

    starts_on = date_field(_("from"), initial=timezone.localdate, help_text=_("First day; the price before ends."))

    class Meta:
        model = Price
        fields = ["variant", "market", "min_quantity", "amount"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("variant", "market", "min_quantity"):
                if name in self.fields:
                    self.fields[name].disabled = True

    def clean_amount(self) -> Any:
        """Return the amount, which is above zero."""
        amount = self.cleaned_data["amount"]
        if amount is not None and amount <= 0:
            raise forms.ValidationError(_("A price is above zero."))
        return amount

    def set(self, *, actor: str) -> Price:
        """Set the price through the action and return its row.

        :raises PriceRefused: as :func:`~shop.crossborder.pricing.actions.set_price`.
        """
        told = self.cleaned_data
        return actions.set_price(
            variant=self.instance.variant,
            market=self.instance.market,
            amount=told["amount"],
            min_quantity=told["min_quantity"],
            starts_on=told["starts_on"],
            actor=actor,
        )

    def refusal(self) -> str:
        """Return why the price cannot be set, or nothing. The locks it takes stay for the saving that follows."""
        try:
            with transaction.atomic():
                self.set(actor="")
                transaction.set_rollback(True)
        except PriceRefused as error:
            return str(error)
        return ""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc] # the stubs leave it out
        if not self.errors and self.has_changed() and self.instance.variant_id:
            said = self.refusal()
            if said:
                self.add_error(None, said)


class PriceRowsFormSet(BaseInlineFormSet):
    """A variant's regular prices of today and later."""

    def get_queryset(self) -> Any:
        """Leave out what is over, and prices of lists."""
        today = timezone.localdate()
        rows = super().get_queryset()
        if not hasattr(self, "_current"):
            self._current = [
                row for row in rows if row.price_list_id is None and not (row.valid.upper and row.valid.upper <= today)
            ]
        return self._current


class SetPriceForm(BaseDialogForm):
    """Another amount from a day on."""

    amount = amount_field(_("price"))
    starts_on = date_field(_("from"), initial=timezone.localdate)


class EndForm(BaseDialogForm):
    """The first day without."""

    ends_on = date_field(_("First day without"), initial=timezone.localdate)


class ReduceForm(BaseDialogForm):
    """Variants by SKU, and by how much they are reduced."""

    percent = forms.DecimalField(
        label=_("Per cent off"),
        min_value=1,
        max_value=99,
        decimal_places=2,
        max_digits=4,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    skus = forms.CharField(
        label="SKU",
        max_length=20_000,
        help_text=_("Separated by spaces, commas or lines."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )

    def clean_skus(self) -> list[int]:
        """Return the variants' ids; name what is unknown."""
        asked = list(dict.fromkeys(self.cleaned_data["skus"].replace(",", " ").replace(";", " ").split()))
        found = dict(Variant.objects.filter(sku__in=asked).values_list("sku", "id"))
        unknown = [sku for sku in asked if sku not in found]
        if unknown or not found:
            raise forms.ValidationError(_("Unknown: %(skus)s.") % {"skus": several(unknown)})
        return list(found.values())


class SuggestForm(BaseDialogForm):
    """A rate, where the reference rate shall not be used."""

    rate = forms.DecimalField(
        label=_("Rate"),
        required=False,
        max_digits=20,
        decimal_places=10,
        min_value=0,
        help_text=_("Units of this market's currency for one of the base. Empty: the latest reference rate."),
        widget=UnfoldAdminDecimalFieldWidget,
    )
    rate_on = date_field(_("Rate of"), initial=timezone.localdate)
