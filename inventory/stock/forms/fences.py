"""What the dialogues on ring-fences ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from inventory.stock.forms.causes import CausedForm, KeyedForm, text_field, units_field
from inventory.stock.models import Balance, Warehouse


class NewFenceForm(KeyedForm):
    """Units of any balance for a purpose."""

    sku = text_field("SKU", 40)
    warehouse = forms.ModelChoiceField(
        label=_("Warehouse"),
        queryset=Warehouse.objects.all(),
        empty_label=_("Select value"),
        widget=UnfoldAdminSelectWidget,
    )
    quantity = units_field(_("Units to set aside"))
    purpose = text_field(_("Purpose"), 60, help_text=_("e.g. drop:wave-day, channel:tmall or wholesale."))
    field_order = ["sku", "warehouse", "quantity", "purpose"]

    def clean(self) -> dict[str, Any]:
        """Find the balance; one that is not there has nothing to set aside, and none is made for it."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        sku, place = asked.get("sku", "").strip().upper(), asked.get("warehouse")
        if sku and place:
            rows = Balance.objects.select_related("item", "warehouse")
            balance = rows.filter(item__sku=sku, warehouse=place).first()
            if balance is None:
                self.add_error("sku", _("%(sku)s does not lie in that warehouse.") % {"sku": sku})
            asked["balance"] = balance
        return asked


class GiveBackForm(CausedForm):
    """Units that everybody may have again."""

    quantity = units_field(
        _("Units to give back"), required=False, help_text=_("Empty: all that is unclaimed, and the fence closes.")
    )
    field_order = ["quantity", "cause"]
