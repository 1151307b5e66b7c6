"""A form made of what a simulator says of its switches."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from shop.desk.chaos.simulators import Simulator


class SwitchForm(forms.Form):
    """One field for each switch; what is left empty is off."""

    def __init__(self, simulator: Simulator, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{simulator.key}-%s")
        self.switches = {one["name"]: one for one in simulator.switches}
        for name, one in self.switches.items():
            self.fields[name] = _field(one)
            self.initial.setdefault(name, _shown(one))

    def values(self) -> dict[str, Any]:
        """Return the values as the simulator takes them (after validation)."""
        return {name: _told(one, self.cleaned_data[name]) for name, one in self.switches.items()}


def _field(one: dict[str, Any]) -> forms.Field:
    label = f"{one['label']} ({one['unit']})" if one["unit"] else one["label"]
    known = {"label": label, "help_text": one["means"], "required": False}
    if one["kind"] == "flag":
        return forms.BooleanField(widget=UnfoldBooleanSwitchWidget, **known)
    if one["kind"] == "choice":
        return forms.ChoiceField(choices=one["choices"], widget=UnfoldAdminSelectWidget, **known)
    if one["kind"] == "text":
        return forms.CharField(max_length=int(one["most"]), widget=UnfoldAdminTextInputWidget, **known)
    attrs = {"inputmode": "numeric" if one["whole"] else "decimal", "step": "1" if one["whole"] else "any"}
    wrong = {"invalid": _("Enter a number."), "max_value": _("At most %(limit_value)s.")}
    made = forms.IntegerField if one["whole"] else forms.FloatField
    return made(
        min_value=0,
        max_value=one["most"],
        widget=UnfoldAdminDecimalFieldWidget(attrs=attrs),
        error_messages=wrong,
        **known,
    )


def _shown(one: dict[str, Any]) -> Any:
    value = one["value"]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _told(one: dict[str, Any], given: Any) -> Any:
    return one["off"] if given is None else given
