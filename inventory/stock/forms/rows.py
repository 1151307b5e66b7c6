"""What a person may set on a balance and on a bundle; quantities move by actions only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import UnfoldAdminSelectWidget

from config.admin_doors import WholeConstraintsForm
from inventory.stock.models import Balance, BundleComponent, Item


class BalanceForm(WholeConstraintsForm):
    """What a person may set on a balance."""

    class Meta:
        model = Balance
        fields = ["item", "warehouse", "safety", "backorder_limit", "low_at", "high_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "low_at" in self.fields:
            self.fields["low_at"].required = False

    def clean_item(self) -> Item:
        """Refuse a bundle: its components are counted."""
        item: Item = self.cleaned_data["item"]
        if item.components.exists():
            raise forms.ValidationError(_("A bundle is not counted; count its components."))
        return item

    def clean_low_at(self) -> int:
        """Leave the threshold as it is where none is named."""
        low_at: int | None = self.cleaned_data["low_at"]
        return self.instance.low_at if low_at is None else low_at

    def clean_high_at(self) -> int | None:
        """Refuse a row that would run low and be overstocked at once."""
        low_at, high_at = self.cleaned_data.get("low_at"), self.cleaned_data["high_at"]
        if high_at is not None and low_at is not None and high_at <= low_at:
            raise forms.ValidationError(_("The row would run low and be overstocked at once; name a higher number."))
        return high_at  # type: ignore[no-any-return]


class ComponentForm(forms.ModelForm):
    """One component. An existing row keeps its component and changes its units; another component is another row."""

    class Meta:
        model = BundleComponent
        fields = ["component", "quantity"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "component" in self.fields:
            # The row knows its component; the autocomplete would ask the database for each row's label.
            known = (self.instance.component_id, str(self.instance.component))
            self.fields["component"].disabled = True
            self.fields["component"].widget = UnfoldAdminSelectWidget(choices=[known])


class ComponentFormSet(PaginationInlineFormSet):
    """What the database's trigger refuses, said at the row; the trigger stands behind it for two people at once."""

    def clean(self) -> None:
        """Refuse bundles of bundles, and components of what is counted itself. Two statements, or three."""
        super().clean()
        rows = [form for form in self.forms if _names_component(form) and not self._should_delete_form(form)]
        if not rows:
            return
        bundle = self.instance
        if bundle.pk and Balance.objects.filter(item=bundle).exists():
            raise forms.ValidationError(_("An item that is counted in a warehouse cannot become a bundle."))
        if bundle.pk and BundleComponent.objects.filter(component=bundle).exists():
            raise forms.ValidationError(_("This item is part of a bundle; a bundle cannot hold another bundle."))
        parts = [form.cleaned_data["component"].pk for form in rows]
        nested = set(BundleComponent.objects.filter(bundle__in=parts).values_list("bundle_id", flat=True))
        for form in rows:
            component = form.cleaned_data["component"]
            if component.pk in nested:
                form.add_error("component", _("%(sku)s is a bundle itself.") % {"sku": component})
            elif component.pk == bundle.pk:
                form.add_error("component", _("A bundle cannot hold itself."))


def _names_component(form: Any) -> bool:
    return bool(getattr(form, "cleaned_data", None) and form.cleaned_data.get("component"))
