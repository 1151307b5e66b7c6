"""Forms of the warehouse: packing a parcel, and the questions on a parcel's page."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    INPUT_CLASSES,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from config.admin_doors import question
from shop.orders.actions.packing import HEAVIEST, LONGEST
from shop.orders.fulfilment.allotting import key_of
from shop.orders.fulfilment.carriers import BadTrackingNumber, carriers, clean_number
from shop.orders.shipment_models import Allotment

BOX = ("length_cm", "width_cm", "height_cm")


def carrier_choices() -> list[tuple[str, Any]]:
    """Return the known carriers, and the way to name another."""
    return [("", _("Another, or not chosen yet")), *((one.code, one.name) for one in carriers().values())]


class CarriageForm(forms.Form):
    """Who carries a parcel, and under which number."""

    carrier_code = forms.ChoiceField(
        label=_("Carrier"), choices=carrier_choices, required=False, widget=UnfoldAdminSelectWidget
    )
    carrier = forms.CharField(
        label=_("Name of another carrier"), max_length=60, required=False, widget=UnfoldAdminTextInputWidget
    )
    service = forms.CharField(label=_("Service"), max_length=80, required=False, widget=UnfoldAdminTextInputWidget)
    tracking_number = forms.CharField(
        label=_("Tracking number"),
        max_length=60,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_tracking_number(self) -> str:
        """Return the number as carriers write it."""
        try:
            return clean_number(self.cleaned_data["tracking_number"])
        except BadTrackingNumber as error:
            raise forms.ValidationError(str(error)) from error


def _side(label: Any) -> forms.IntegerField:
    widget = UnfoldAdminIntegerFieldWidget(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=1, max_value=LONGEST, required=False, widget=widget)


class MeasuresForm(forms.Form):
    """What a parcel weighs and measures."""

    weight_g = forms.IntegerField(
        label=_("Weight (g)"),
        min_value=1,
        max_value=HEAVIEST,
        help_text=_("With its packing."),
        widget=UnfoldAdminIntegerFieldWidget(attrs={"inputmode": "numeric"}),
    )
    length_cm = _side(_("Length (cm)"))
    width_cm = _side(_("Width (cm)"))
    height_cm = _side(_("Height (cm)"))

    def clean(self) -> dict[str, Any]:
        """A box has three sides, or none is noted."""
        told = super().clean() or self.cleaned_data
        given = [told.get(side) for side in BOX]
        if any(given) and not all(given) and not any(self.has_error(side) for side in BOX):
            self.add_error("length_cm", _("Give all three sides, or none."))
        return told

    @property
    def box_cm(self) -> tuple[int, int, int] | None:
        """The three sides, or None."""
        length, width, height = (self.cleaned_data.get(side) for side in BOX)
        return (length, width, height) if length and width and height else None


class PackForm(MeasuresForm, CarriageForm):
    """A parcel: so many of each piece that lies here. ``key`` makes that one form packs one parcel."""

    key = forms.CharField(max_length=60, widget=forms.HiddenInput)
    field_order = ["key", "weight_g", *BOX, "carrier_code", "carrier", "service", "tracking_number"]

    def __init__(self, *args: Any, rows: Sequence[Allotment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        self.initial.setdefault("key", uuid4().hex)
        for row in self.rows:
            self.fields[self.name_of(row)] = forms.IntegerField(
                label=row.item.sku,
                min_value=0,
                max_value=row.left,
                required=False,
                initial=row.left,
                widget=forms.NumberInput(attrs={"class": " ".join([*INPUT_CLASSES, "units"]), "inputmode": "numeric"}),
            )

    @staticmethod
    def name_of(row: Allotment) -> str:
        """Return the name of the field that asks for units of a row."""
        return f"units-{key_of(row)}"

    def clean(self) -> dict[str, Any]:
        """A parcel holds something."""
        told = super().clean()
        if not self.units and not any(self.has_error(self.name_of(row)) for row in self.rows):
            self.add_error(None, _("Choose at least one piece."))
        return told

    @property
    def units(self) -> dict[str, int]:
        """Key of the allotment → units."""
        found = {key_of(row): self.cleaned_data.get(self.name_of(row)) or 0 for row in self.rows}
        return {key: units for key, units in found.items() if units}

    def pieces(self) -> list[dict[str, Any]]:
        """Return the rows with their fields, for the page."""
        return [{"row": row, "field": self[self.name_of(row)], "left": row.left} for row in self.rows]

    def measures(self) -> list[Any]:
        """Return the fields of weight and box."""
        return [self[name] for name in ("weight_g", *BOX)]

    def carriage(self) -> list[Any]:
        """Return the fields of the carrier."""
        return [self[name] for name in ("carrier_code", "carrier", "service", "tracking_number")]


class WeighForm(MeasuresForm, BaseDialogForm):
    """What a parcel weighs and measures, asked on its page."""

    field_order = ["weight_g", *BOX]


class ShipForm(CarriageForm, BaseDialogForm):
    """Who takes the parcel away, asked on its page. What is left empty stays as it was packed."""

    field_order = ["tracking_number", "carrier_code", "carrier", "service"]
    carrier_code = forms.ChoiceField(
        label=_("Carrier"),
        choices=lambda: [("", _("As it was packed")), *carrier_choices()[1:]],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )


WEIGH = question(_("Weight and measures"), _("The box is closed and weighed."), submit=_("Note"), form=WeighForm)
SHIP = question(
    _("Hand to the carrier"),
    _("Its units leave the stock on hand. What is left empty here stays as it was packed."),
    submit=_("Ship"),
    form=ShipForm,
)
DELIVERED = question(
    _("Mark delivered"), _("The parcel is with the buyer: the period to withdraw begins."), submit=_("Mark delivered")
)
DROP = question(_("Drop parcel"), _("It is taken apart: its pieces can be packed again."), submit=_("Drop parcel"))
