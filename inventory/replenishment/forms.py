"""The forms of the replenishment pages. Quantities are whole units; charges and budgets are in our own currency."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

from babel import Locale
from babel.numbers import list_currencies
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from inventory.replenishment import actions
from inventory.replenishment.actions import Arrival
from inventory.replenishment.errors import PurchaseError
from inventory.replenishment.models import PurchaseOrder, PurchaseOrderLine, Supplier, SupplierItem
from inventory.stock.errors import StockError
from inventory.stock.models import BundleComponent, Item
from inventory.stock.quantities import MAX_UNITS


def plain(amount: Decimal | None) -> Decimal | None:
    """Return an amount without the zeros that the database keeps behind it: 13.15, not 13.1500."""
    return amount if amount is None else amount.normalize() + 0


class SupplierForm(forms.ModelForm):
    """A supplier, with codes that exist; small letters are made large."""

    class Meta:
        model = Supplier
        fields = ["code", "name", "country", "currency", "lead_time_days", "email", "active"]

    def clean_country(self) -> str:
        """Accept a country of ISO 3166-1."""
        code: str = self.cleaned_data["country"].upper()
        if len(code) != 2 or not code.isalpha() or code not in Locale("en").territories:
            raise forms.ValidationError(_("There is no country with this code."))
        return code

    def clean_currency(self) -> str:
        """Accept a currency of ISO 4217."""
        code: str = self.cleaned_data["currency"].upper()
        if code not in list_currencies():
            raise forms.ValidationError(_("There is no currency with this code."))
        return code


class SupplierItemForm(forms.ModelForm):
    """What a supplier asks for an item."""

    class Meta:
        model = SupplierItem
        fields = ["item", "supplier_sku", "unit_cost", "minimum", "multiple", "lead_time_days", "preferred"]

    def clean_item(self) -> Item:
        """Refuse bundles: only their components are bought."""
        item: Item = self.cleaned_data["item"]
        if BundleComponent.objects.filter(bundle=item).exists():
            raise forms.ValidationError(_("A bundle is not bought; its components are."))
        return item

    def clean_minimum(self) -> int:
        """Refuse zero with a sentence, before the database does."""
        return self._positive("minimum")

    def clean_multiple(self) -> int:
        """Refuse zero with a sentence, before the database does."""
        return self._positive("multiple")

    def _positive(self, name: str) -> int:
        units: int = self.cleaned_data[name]
        if not 1 <= units <= MAX_UNITS:
            raise forms.ValidationError(_("Give a number between 1 and %(most)s.") % {"most": f"{MAX_UNITS:,}"})
        return units


class OrderForm(forms.ModelForm):
    """What a draft says beside its lines."""

    class Meta:
        model = PurchaseOrder
        fields = ["supplier", "warehouse", "rate", "expected_on", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "supplier" in self.fields:
            self.fields["supplier"].queryset = Supplier.objects.filter(active=True)  # type: ignore[attr-defined]
        if "rate" in self.fields:
            self.initial["rate"] = plain(self.instance.rate)
            said = (
                _("%(own)s for 1 %(currency)s") if self.instance.pk else _("%(own)s for 1 of the supplier's currency")
            )
            self.fields["rate"].help_text = said % {"own": settings.BASE_CURRENCY, "currency": self.instance.currency}

    def clean_rate(self) -> Any:
        """Refuse a rate that would make goods free."""
        rate = self.cleaned_data["rate"]
        if rate is not None and rate <= 0:
            raise forms.ValidationError(_("An exchange rate must be above zero."))
        return rate


class LineForm(forms.ModelForm):
    """Units of an item on a draft; an empty price is the supplier's."""

    quantity = forms.IntegerField(
        label=_("Units"), min_value=1, max_value=MAX_UNITS, widget=UnfoldAdminIntegerFieldWidget
    )
    unit_cost = forms.DecimalField(
        label=_("Unit cost"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=4,
        widget=UnfoldAdminDecimalFieldWidget(attrs={"placeholder": _("supplier's price")}),
    )

    class Meta:
        model = PurchaseOrderLine
        fields = ["item", "quantity", "unit_cost"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["unit_cost"] = plain(self.instance.unit_cost)

    def _get_validation_exclusions(self) -> set[str]:
        # An empty price is filled in by the action.
        return {*super()._get_validation_exclusions(), "unit_cost"}  # type: ignore[misc] # the stubs leave it out

    def construct_price(self) -> None:
        """Leave no null in the row where the price is empty."""
        if self.cleaned_data.get("unit_cost") is None:
            self.instance.unit_cost = 0

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc] # the stubs leave it out
        self.construct_price()


class LineFormSet(PaginationInlineFormSet):
    """The lines of a draft; what the supplier does not sell like this is an error of its line."""

    def clean(self) -> None:
        """Ask the very rules that the actions follow."""
        super().clean()
        order: PurchaseOrder = self.instance
        if not order.supplier_id:
            return
        here = {form.instance.pk for form in self.initial_forms}
        elsewhere = set()
        if order.pk:
            elsewhere = set(order.lines.exclude(pk__in=here).values_list("item_id", flat=True))
        for form in self.kept():
            item = form.cleaned_data["item"]
            if item.id in elsewhere:
                form.add_error("item", _("This item is on another page of the order already."))
                continue
            try:
                actions.line_cost(
                    supplier=order.supplier,
                    item=item,
                    quantity=form.cleaned_data["quantity"],
                    unit_cost=form.cleaned_data["unit_cost"],
                )
            except (PurchaseError, StockError) as error:
                # The SKU stands in the row already.
                form.add_error("quantity", str(error).removeprefix(f"{item.sku}: "))

    def kept(self) -> Iterator[forms.ModelForm]:
        """Yield forms of lines that are new or changed, complete, and not taken out."""
        for form in self.forms:
            told = getattr(form, "cleaned_data", {})
            if form.has_changed() and not told.get("DELETE") and {"item", "quantity", "unit_cost"} <= told.keys():
                yield form


class DeliveryForm(forms.Form):
    """A delivery as a whole. The hidden key makes a second click receive nothing."""

    delivery_note = forms.CharField(
        label=_("Delivery note"), max_length=60, required=False, widget=UnfoldAdminTextInputWidget
    )
    charges = forms.DecimalField(
        label=_("Freight, insurance and duty"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text=_("In %(own)s; spread over what has come by its value.") % {"own": settings.BASE_CURRENCY},
    )
    accept_surplus = forms.BooleanField(
        label=_("Accept the surplus: more has come than was outstanding"), required=False, widget=UnfoldBooleanWidget
    )
    cause_key = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)

    @property
    def key(self) -> str:
        """The receipt's cause key: this form, filled in once."""
        return f"admin:{self.cleaned_data['cause_key']}"


class ArrivalForm(forms.Form):
    """Units of one line that came, and their production batch."""

    quantity = forms.IntegerField(
        required=False, min_value=0, max_value=MAX_UNITS, widget=UnfoldAdminIntegerFieldWidget
    )
    lot_number = forms.CharField(required=False, max_length=60, widget=UnfoldAdminTextInputWidget)
    produced_on = forms.DateField(
        required=False, widget=UnfoldAdminTextInputWidget(attrs={"type": "date", "class": "min-w-36"})
    )
    LABELS: ClassVar[dict[str, Any]] = {
        "quantity": _("Units arrived"),
        "lot_number": _("Lot number"),
        "produced_on": _("Produced on"),
    }

    def __init__(self, *args: Any, line: PurchaseOrderLine, **kwargs: Any) -> None:
        kwargs["prefix"] = f"line-{line.pk}"
        super().__init__(*args, **kwargs)
        self.line = line
        for name, label in self.LABELS.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs["aria-label"] = f"{label}: {line.item.sku}"
        self.fields["quantity"].widget.attrs["placeholder"] = "–"

    def clean(self) -> dict[str, Any]:
        """Refuse a lot of nothing, a date of no lot, and goods from the future."""
        told: dict[str, Any] = super().clean() or {}
        if (
            not told.get("quantity")
            and "quantity" not in self.errors
            and (told.get("lot_number") or told.get("produced_on"))
        ):
            self.add_error("quantity", _("How many units of this lot have come?"))
        if told.get("produced_on") and not told.get("lot_number"):
            self.add_error("lot_number", _("Name the lot that was made then."))
        if told.get("produced_on") and told["produced_on"] > timezone.localdate():
            self.add_error("produced_on", _("This day is still to come."))
        return told

    @property
    def arrival(self) -> Arrival | None:
        """What came of the line, if anything did."""
        told = self.cleaned_data
        if not told.get("quantity"):
            return None
        return Arrival(self.line.pk, told["quantity"], told["lot_number"].strip(), told["produced_on"])


class BudgetForm(forms.Form):
    """What may be spent, in our own currency."""

    budget = forms.DecimalField(
        label=_("Budget"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget(
            attrs={"placeholder": _("Budget"), "aria-label": _("Budget"), "step": "0.01"}
        ),
    )


class DraftingForm(forms.Form):
    """The rows that were confirmed; the hidden key makes a second click draft nothing."""

    ids = forms.CharField(widget=forms.HiddenInput)
    budget = forms.DecimalField(required=False, min_value=0, max_digits=12, decimal_places=2, widget=forms.HiddenInput)
    cause_key = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)

    def clean_ids(self) -> list[int]:
        """Return the ids of advice."""
        parts = self.cleaned_data["ids"].split(",")
        if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
            raise forms.ValidationError(_("These rows cannot be read."))
        return [int(part) for part in parts]
