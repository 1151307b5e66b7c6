"""What every dialogue that changes stock asks: why, and a hidden key that makes a second click apply nothing."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    INPUT_CLASSES,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from inventory.stock.actions import MAX_UNITS, Condition
from inventory.stock.models import Balance

CONDITIONS = [
    (Condition.FIT.value, _("Fit for sale")),
    (Condition.INSPECT.value, _("To be inspected (quarantine)")),
    (Condition.DAMAGED.value, _("Damaged")),
]


def units_field(label: Any, *, least: int = 1, **options: Any) -> forms.IntegerField:
    """Return a field for a whole number of units."""
    return forms.IntegerField(
        label=label, min_value=least, max_value=MAX_UNITS, widget=UnfoldAdminIntegerFieldWidget, **options
    )


def text_field(label: Any, length: int, **options: Any) -> forms.CharField:
    """Return a field for one line of text."""
    return forms.CharField(label=label, max_length=length, widget=UnfoldAdminTextInputWidget, **options)


def date_field(label: Any, **options: Any) -> forms.DateField:
    """Return a field for a day; the browser's own calendar, since a dialogue brings no scripts along."""
    widget = forms.DateInput(attrs={"type": "date", "class": " ".join(INPUT_CLASSES)}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


def condition_field(label: Any, *conditions: Condition, **options: Any) -> forms.ChoiceField:
    """Return a field that asks which state goods are in; the first one named is chosen beforehand."""
    words = dict(CONDITIONS)
    choices = [(one.value, words[one.value]) for one in conditions]
    return forms.ChoiceField(
        label=label,
        choices=choices,
        initial=conditions[0].value,
        required=False,
        widget=UnfoldAdminSelectWidget,
        **options,
    )


class KeyedForm(BaseDialogForm):
    """A change that is applied once for each form that was opened."""

    cause_key = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)

    @property
    def key(self) -> str:
        """The ledger's cause key: this form, filled in once."""
        return f"admin:{self.cleaned_data['cause_key']}"

    def render_before_template(self) -> SafeString:
        """Show what no single field is to blame for; the dialogue itself shows the errors of fields only."""
        errors = self.non_field_errors() if self.is_bound else []
        said = render_to_string("unfold/helpers/messages/error.html", {"errors": errors}) if errors else ""
        # Both are rendered templates.
        return mark_safe(f"{said}{super().render_before_template()}")


class CausedForm(KeyedForm):
    """A change of stock with its cause."""

    cause = text_field(_("Cause"), 80, help_text=_("What the ledger shall say, e.g. delivery note 4711."))


class OfBalanceMixin:
    """Shows, above the fields, what there is now; who types a number should see what it is added to."""

    form_before_template = "admin/inventory/balance/now.html"

    def get_before_template_context(self, request: HttpRequest, object_id: int | str | None = None) -> dict[str, Any]:
        """Add the balance; without one (it is gone, or its address is nonsense) nothing is shown."""
        rows = Balance.objects.select_related("item", "warehouse")
        known = str(object_id)
        return {"request": request, "balance": rows.filter(pk=known).first() if known.isdecimal() else None}
