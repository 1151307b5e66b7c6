"""What sending goods to another warehouse and receiving them there asks."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from inventory.stock.forms.causes import CausedForm, KeyedForm, text_field, units_field
from inventory.stock.models import Item, TransferLine, Warehouse

LINES = 30  # SKUs in one transfer by hand; more come from a sheet


def _warehouse_field(label: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=label, queryset=Warehouse.objects.all(), empty_label=_("Select value"), widget=UnfoldAdminSelectWidget
    )


class SendForm(forms.Form):
    """From where, to where, and why."""

    source = _warehouse_field(_("Source"))
    destination = _warehouse_field(_("Destination"))
    note = text_field(_("Reason"), 200, help_text=_("e.g. autumn exhibition shop, request 88."))
    cause_key = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)

    @property
    def key(self) -> str:
        """What makes the same form send once."""
        return f"admin:{self.cleaned_data['cause_key']}"

    def clean(self) -> dict[str, Any]:
        """Refuse a transfer that goes nowhere."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if asked.get("source") and asked.get("source") == asked.get("destination"):
            self.add_error("destination", _("A transfer goes from one warehouse to another."))
        return asked


class SendLineForm(forms.Form):
    """Units of one SKU."""

    sku = forms.CharField(
        label="SKU",
        max_length=40,
        widget=UnfoldAdminTextInputWidget(attrs={"aria-label": "SKU", "placeholder": "SKU", "autocomplete": "off"}),
    )
    quantity = units_field(_("Units"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quantity"].widget = UnfoldAdminIntegerFieldWidget(
            attrs={"aria-label": _("Units"), "placeholder": _("Units"), "min": 1}
        )

    def clean_sku(self) -> str:
        """Read a SKU as the books write it."""
        return str(self.cleaned_data["sku"]).strip().upper()


class BaseSendLineFormSet(forms.BaseFormSet):
    """The lines of one transfer, each SKU once."""

    def clean(self) -> None:
        """Find the items of all lines in one statement and say at the line which is unknown or doubled."""
        rows = [form for form in self.forms if form.cleaned_data.get("sku")] if not any(self.errors) else []
        if not any(self.errors) and not rows:
            raise forms.ValidationError(_("Name at least one SKU with its units."))
        items = Item.objects.filter(sku__in=[form.cleaned_data["sku"] for form in rows]).in_bulk(field_name="sku")
        seen: set[str] = set()
        for form in rows:
            sku = form.cleaned_data["sku"]
            if sku not in items:
                form.add_error("sku", _("There is no item %(sku)s.") % {"sku": sku})
            elif sku in seen:
                form.add_error("sku", _("%(sku)s stands here twice.") % {"sku": sku})
            seen.add(sku)
            form.cleaned_data["item"] = items.get(sku)

    @property
    def demand(self) -> dict[int, int]:
        """Item id → units."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("sku")]
        return {row["item"].id: row["quantity"] for row in rows}


SendLineFormSet = forms.formset_factory(
    SendLineForm, formset=BaseSendLineFormSet, extra=LINES, max_num=LINES, validate_max=True
)


class ReceiveAllForm(KeyedForm):
    """Everything that is on the way has arrived."""


class ArrivalForm(KeyedForm):
    """What has arrived of each line; all of it unless somebody types another number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = TransferLine.objects.none()
        if str(self.object_id).isdecimal():
            lines = TransferLine.objects.filter(transfer=self.object_id).select_related("item", "lot")
        self.asked: dict[str, int] = {}
        for line in lines:
            name = f"line_{line.pk}"
            # What was received by the first click still stands in the form of the second.
            if line.on_the_way or name in self.data:
                self.asked[name] = line.pk
                self.fields[name] = units_field(
                    f"{line.item.sku} · {line.lot.number}" if line.lot else line.item.sku,
                    least=0,
                    required=False,
                    initial=line.on_the_way,
                    help_text=_("%(units)d on the way") % {"units": line.on_the_way},
                )

    def clean(self) -> dict[str, Any]:
        """Refuse an arrival of nothing."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.parts:
            raise forms.ValidationError(_("Nothing has arrived; close the transfer short if nothing will."))
        return asked

    @property
    def parts(self) -> dict[int, int]:
        """Transfer line id → units."""
        return {line: self.cleaned_data[name] for name, line in self.asked.items() if self.cleaned_data.get(name)}


class ShortForm(CausedForm):
    """Why the rest will never arrive."""

    cause = text_field(_("Reason"), 80, help_text=_("Kept in the transfer’s history, e.g. carrier’s loss report 7."))
