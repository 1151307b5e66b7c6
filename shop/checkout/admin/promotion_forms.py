"""Forms of promotions: the promotion itself, its money by currency, its codes one by one and in batches."""

from typing import Any

from django import forms
from django.forms import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
)

from shop.catalogue.models import Category
from shop.checkout.promotions.actions import MOST_CODES
from shop.checkout.promotions.codes import normalised, well_formed
from shop.checkout.promotions.models import Promotion, PromotionCode


class PromotionForm(forms.ModelForm):
    """A promotion; its markets and categories are ticked."""

    categories = forms.MultipleChoiceField(
        label=_("Categories"),
        choices=Category.choices,
        required=False,
        help_text=_("None ticked: all."),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = Promotion
        fields = "__all__"  # noqa: DJ007 (the page names the fields)
        widgets = {"markets": UnfoldAdminCheckboxSelectMultipleWidget}

    def clean(self) -> dict[str, Any]:
        """Ask for a percentage where it is one, and for none where it is not."""
        entered: dict[str, Any] = super().clean() or self.cleaned_data
        is_percentage = entered.get("kind") == Promotion.Kind.PERCENTAGE
        if is_percentage and not entered.get("percent") and "percent" not in self.errors:
            self.add_error("percent", _("A percentage needs a number above 0, up to 100."))
        elif not is_percentage:
            entered["percent"] = None
        elif entered.get("percent") and not 0 < entered["percent"] <= 100:
            self.add_error("percent", _("A percentage needs a number above 0, up to 100."))
        starts_at, ends_at = entered.get("starts_at"), entered.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", _("It ends after it starts."))
        return entered


class MoneyFormSet(BaseInlineFormSet):
    """A promotion's money; an amount off names it in one currency at least."""

    def clean(self) -> None:
        """Refuse an amount off without an amount, and an amount where nothing is taken off by it."""
        super().clean()
        told = [form.cleaned_data for form in self.forms if getattr(form, "cleaned_data", None)]
        amounts = [one["amount"] for one in told if one.get("amount") and not one.get("DELETE")]
        if self.instance.kind == Promotion.Kind.AMOUNT and not amounts:
            raise forms.ValidationError(_("Name what is taken off, in the currency of each market."))
        if self.instance.kind != Promotion.Kind.AMOUNT and amounts:
            raise forms.ValidationError(_("Only an amount off takes an amount; leave it empty."))


class CodeForm(forms.ModelForm):
    """One code, typed by hand."""

    class Meta:
        model = PromotionCode
        fields = ["promotion", "code", "limit"]

    def clean_code(self) -> str:
        """Return the code in capitals.

        :raises ValidationError: it cannot be a code.
        """
        code = normalised(str(self.cleaned_data["code"]))
        if not well_formed(code):
            raise forms.ValidationError(_("3 to 32 letters, digits and hyphens, no hyphen first."))
        return code


def _whole(label: Any, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, widget=UnfoldAdminIntegerFieldWidget, **options)


class BatchForm(BaseDialogForm):
    """How many codes, and under which name they are found again."""

    count = _whole(_("Number of codes"), max_value=MOST_CODES)
    name = forms.CharField(label=_("Name of the batch"), max_length=40, widget=UnfoldAdminTextInputWidget)
    prefix = forms.CharField(
        label=_("Prefix"),
        max_length=12,
        required=False,
        help_text=_("Before the random part, e.g. SPRING."),
        widget=UnfoldAdminTextInputWidget,
    )
    limit = _whole(_("Orders with each code"), initial=1, required=False, help_text=_("Empty: no limit."))
