"""The small forms of the stock pages. Quantities are whole units."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from config.admin_doors import WholeConstraintsForm
from inventory.stock.actions import MAX_UNITS
from inventory.stock.models import Balance


class _CausedForm(BaseDialogForm):
    """A change of stock with its cause; the hidden key makes a second click apply nothing."""

    cause = forms.CharField(
        label=_("Cause"),
        max_length=80,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("What the ledger shall say, e.g. delivery note 4711."),
    )
    cause_key = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)

    @property
    def key(self) -> str:
        """The ledger's cause key: this form, filled in once."""
        return f"admin:{self.cleaned_data['cause_key']}"


class ReceiveForm(_CausedForm):
    """Units that have arrived."""

    quantity = forms.IntegerField(
        label=_("Units received"), min_value=1, max_value=MAX_UNITS, widget=UnfoldAdminIntegerFieldWidget
    )
    field_order = ["quantity", "cause"]


class CorrectForm(_CausedForm):
    """The difference that a count has shown."""

    delta = forms.IntegerField(
        label=_("Difference"),
        min_value=-MAX_UNITS,
        max_value=MAX_UNITS,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("Units counted less units on hand: -2 when two are missing."),
    )
    field_order = ["delta", "cause"]

    def clean_delta(self) -> int:
        """Refuse a correction by nothing."""
        delta: int = self.cleaned_data["delta"]
        if delta == 0:
            raise forms.ValidationError(_("A correction by zero units corrects nothing."))
        return delta


class BalanceForm(WholeConstraintsForm):
    """What a person may set on a balance; its quantities move by actions only."""

    class Meta:
        model = Balance
        fields = ["item", "warehouse", "safety", "backorder_limit"]
