"""What the dialogues on one balance ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from inventory.stock.actions import MAX_UNITS, Condition
from inventory.stock.forms.causes import (
    CausedForm,
    KeyedForm,
    OfBalanceMixin,
    condition_field,
    date_field,
    text_field,
    units_field,
)
from inventory.stock.models import Warehouse


class ReceiveForm(OfBalanceMixin, CausedForm):
    """Units that have arrived."""

    quantity = units_field(_("Units received"))
    lot_number = text_field(
        _("Lot number"), 60, required=False, help_text=_("Of the production batch, if the goods name one.")
    )
    produced_on = date_field(_("Produced on"), required=False, help_text=_("For a lot that is new here; empty: today."))
    condition = condition_field(_("Condition"), Condition.FIT, Condition.INSPECT, Condition.DAMAGED)
    field_order = ["quantity", "cause", "condition", "lot_number", "produced_on"]

    def clean_condition(self) -> Condition:
        """Take goods for fit unless told otherwise."""
        return Condition(self.cleaned_data["condition"] or Condition.FIT)

    def clean(self) -> dict[str, Any]:
        """Refuse a date of production that belongs to no lot."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if asked.get("produced_on") and not asked.get("lot_number"):
            self.add_error("lot_number", _("Name the lot that was produced on that day."))
        return asked


class CorrectForm(OfBalanceMixin, CausedForm):
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


class QuarantineForm(OfBalanceMixin, CausedForm):
    """Units that need a look before they may be sold."""

    quantity = units_field(_("Units to quarantine"))
    field_order = ["quantity", "cause"]


class ClearForm(OfBalanceMixin, CausedForm):
    """Quarantined units that passed."""

    quantity = units_field(_("Units to clear for sale"))
    field_order = ["quantity", "cause"]


class DamageForm(OfBalanceMixin, CausedForm):
    """Units that cannot be sold any more."""

    quantity = units_field(_("Damaged units"))
    found = condition_field(_("Found among those"), Condition.FIT, Condition.INSPECT)
    field_order = ["quantity", "found", "cause"]

    def clean_found(self) -> Condition:
        """Take them from the units for sale unless told otherwise."""
        return Condition(self.cleaned_data["found"] or Condition.FIT)


class WriteOffForm(OfBalanceMixin, CausedForm):
    """Units that leave the books."""

    quantity = units_field(_("Units to write off"))
    found = condition_field(_("Found among those"), Condition.DAMAGED, Condition.INSPECT, Condition.FIT)
    field_order = ["quantity", "found", "cause"]

    def clean_found(self) -> Condition:
        """Take them from the damaged ones unless told otherwise."""
        return Condition(self.cleaned_data["found"] or Condition.DAMAGED)


class MoveForm(OfBalanceMixin, CausedForm):
    """Units that travel to another warehouse."""

    quantity = units_field(_("Units to send"))
    destination = forms.ModelChoiceField(
        label=_("Destination"),
        queryset=Warehouse.objects.none(),
        empty_label=_("Select value"),
        widget=UnfoldAdminSelectWidget,
    )
    field_order = ["quantity", "destination", "cause"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Warehouse.objects.all()
        if str(self.object_id).isdecimal():
            places = places.exclude(balances=self.object_id)
        self.fields["destination"].queryset = places


class SetAsideForm(OfBalanceMixin, KeyedForm):
    """Units for a purpose, which the ledger keeps as the cause."""

    quantity = units_field(_("Units to set aside"))
    purpose = text_field(_("Purpose"), 60, help_text=_("e.g. drop:wave-day, channel:tmall or wholesale."))
    field_order = ["quantity", "purpose"]
