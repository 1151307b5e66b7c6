"""The forms of the returns desk: large fields, one line under the other, for a tablet at the bench."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from inventory.stock.models import Warehouse
from shop.orders.models import Order, OrderLine
from shop.returns.actions import Finding
from shop.returns.models import ReturnLine, ReturnRequest

NUMBER = {"inputmode": "numeric", "min": "0", "class": "text-lg"}


class ReasonForm(BaseDialogForm):
    """Why; the shopper is told."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        help_text=_("The shopper reads this, in the language you write it in."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )


class NoteForm(BaseDialogForm):
    """Why, for our own books."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}))


class TrackingForm(BaseDialogForm):
    """What the shopper showed."""

    tracking = forms.CharField(
        label=_("Number of the parcel, or what she showed"),
        max_length=80,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )


def whole(label: Any, most: int, *, initial: int = 0) -> forms.IntegerField:
    """Return a field of units."""
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=most,
        required=False,
        initial=initial,
        widget=UnfoldAdminIntegerFieldWidget(attrs={**NUMBER, "max": str(most)}),
    )


class ArrivalForm(forms.Form):
    """What has come, and where. A form is taken in once (``key``)."""

    key = forms.CharField(max_length=60, widget=forms.HiddenInput)
    warehouse = forms.ModelChoiceField(
        label=_("Warehouse"), queryset=Warehouse.objects.order_by("code"), widget=UnfoldAdminSelectWidget
    )

    def __init__(self, data: Any = None, *, request: ReturnRequest, lines: list[OrderLine]) -> None:
        super().__init__(data, initial={"key": uuid4().hex, "warehouse": request.warehouse_id})
        self.lines = lines
        awaited = {line.order_line_id: line for line in request.lines.all()}
        self.awaited = awaited
        for line in lines:
            self.fields[f"units_{line.pk}"] = whole(_("Units that have come"), 9_999)

    def units(self) -> dict[int, int]:
        """Return order line id → units."""
        return {line.pk: self.cleaned_data.get(f"units_{line.pk}") or 0 for line in self.lines}

    def clean(self) -> dict[str, Any]:
        """Something must have come."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(cleaned.get(f"units_{line.pk}") for line in self.lines):
            raise forms.ValidationError(_("Enter the units that have come."))
        return cleaned


class FindingForm(forms.Form):
    """What was found of one line."""

    def __init__(self, data: Any = None, *, line: ReturnLine) -> None:
        super().__init__(data, prefix=f"line{line.order_line_id}")
        self.line = line
        most = line.received
        self.fields["resaleable"] = whole(_("Resaleable"), most, initial=most)
        self.fields["quarantined"] = whole(_("Quarantined"), most)
        self.fields["damaged"] = whole(_("Damaged"), most)
        self.fields["written_off"] = whole(_("Of these written off"), most)
        self.fields["accepted"] = whole(_("Paid back"), most, initial=most)
        self.fields["note"] = forms.CharField(
            label=_("Finding"), max_length=250, required=False, widget=UnfoldAdminTextInputWidget
        )

    def finding(self) -> Finding:
        """Return what was found."""
        said = self.cleaned_data
        names = ("resaleable", "quarantined", "damaged", "written_off", "accepted")
        return Finding(**{name: said.get(name) or 0 for name in names}, note=said["note"])


class DeductionForm(forms.Form):
    """What is taken off for diminished value, and why (Directive 2011/83/EU, article 14(2))."""

    deduction = forms.DecimalField(
        label=_("Taken off for diminished value"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        required=False,
        help_text=_("Only for more handling than it takes to look at the goods, and never if she was not told of it."),
        widget=UnfoldAdminDecimalFieldWidget,
    )
    deduction_reason = forms.CharField(
        label=_("Why"),
        max_length=1000,
        required=False,
        help_text=_("The shopper reads this."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )

    def amount(self) -> Decimal:
        """Return what is taken off."""
        return self.cleaned_data["deduction"] or Decimal(0)


class OrderNumberForm(forms.Form):
    """Which order is meant, by its number."""

    number = forms.CharField(
        label=_("Order number"), max_length=20, widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"})
    )

    def clean_number(self) -> str:
        """Refuse a number that is no order's."""
        number: str = self.cleaned_data["number"].strip().upper()
        self.order = Order.objects.filter(number=number).first()
        if self.order is None:
            raise forms.ValidationError(_("There is no order %(number)s.") % {"number": number})
        return number


class UnitsForm(forms.Form):
    """Units of each line of an order."""

    def __init__(self, data: Any = None, *, lines: list[OrderLine], given: dict[int, int] | None = None) -> None:
        super().__init__(data)
        self.lines = lines
        for line in lines:
            self.fields[f"units_{line.pk}"] = whole(
                f"{line.sku} · {line.name}", line.quantity, initial=(given or {}).get(line.pk, 0)
            )

    def units(self) -> dict[int, int]:
        """Return order line id → units."""
        return {line.pk: self.cleaned_data.get(f"units_{line.pk}") or 0 for line in self.lines}
