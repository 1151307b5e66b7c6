"""The forms of delivery methods: names by language, boxes for goods, and tariff rows that fit one another."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from shop.catalogue.goods_field import flags_field
from shop.crossborder.delivery.tables import Row, faults
from shop.crossborder.models import ShippingOption

NAME_LENGTH = 80
# Form field → language of the name it holds.
NAMES = {"name_en": "en", "name_fr": "fr", "name_zh_hans": "zh-hans", "name_ja": "ja"}


def _name(label: Any, *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, max_length=NAME_LENGTH, required=required, widget=UnfoldAdminTextInputWidget)


class MethodForm(forms.ModelForm):
    """A method; a name that is empty is shown in English."""

    name_en = _name(_("Name in English"), required=True)
    name_fr = _name(_("in French"))
    name_zh_hans = _name(_("in Chinese"))
    name_ja = _name(_("in Japanese"))
    refuses = flags_field(_("Does not carry"), _("Orders with such goods cannot choose this method."))

    class Meta:
        model = ShippingOption
        exclude = ["names"]  # noqa: DJ006 (the page names the fields)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = self.instance.names or {}
        for field, language in NAMES.items():
            if field in self.fields:
                self.fields[field].initial = names.get(language, "")

    def clean(self) -> dict[str, Any]:
        """Gather the names, and refuse days in the wrong order."""
        entered: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = entered.get("days_from"), entered.get("days_to")
        if first is not None and last is not None and first > last:
            self.add_error("days_to", _("This is less than the first number of days."))
        self.instance.names = (self.instance.names or {}) | {
            language: entered[field] for field, language in NAMES.items() if entered.get(field)
        }
        for field, language in NAMES.items():
            if not entered.get(field):
                self.instance.names.pop(language, None)
        return entered


def row_of(tariff: Any) -> Row:
    """Return a tariff as the pure checks read it."""
    return Row(
        zone=tariff.zone.name,
        origin=tariff.origin,
        up_to_g=tariff.up_to_grams,
        amount=tariff.amount,
        stepped=tariff.step_grams is not None,
        since=tariff.valid.lower,
        until=tariff.valid.upper,
    )


class TariffFormSet(BaseInlineFormSet):
    """The tariff rows of a method, checked together."""

    def clean(self) -> None:
        """Refuse rows that contradict one another.

        :raises ValidationError: bands twice on a day, a heavier band that costs less, steps before the last band, a
            zone of another market.
        """
        super().clean()
        if any(self.errors):
            return
        kept = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        for form in kept:
            if form.instance.zone.market_id != self.instance.market_id:
                raise ValidationError(_("The zone “%s” belongs to another market.") % form.instance.zone.name)
        if found := faults(row_of(form.instance) for form in kept):
            raise ValidationError(found)


class TryForm(BaseDialogForm):
    """A parcel to try a method with."""

    country = forms.CharField(label=_("Country"), max_length=2, widget=UnfoldAdminTextInputWidget)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False, widget=UnfoldAdminTextInputWidget)
    region = forms.CharField(label=_("Region"), max_length=120, required=False, widget=UnfoldAdminTextInputWidget)
    weight_g = forms.IntegerField(
        label=_("Weight (g)"), min_value=1, max_value=1_000_000, initial=500, widget=UnfoldAdminIntegerFieldWidget
    )
    sides = forms.RegexField(
        label=_("Sides (mm)"),
        regex=r"^\s*[1-9]\d{0,4}\s*[x×]\s*[1-9]\d{0,4}\s*[x×]\s*[1-9]\d{0,4}\s*$",
        required=False,
        help_text=_("Such as 300 × 200 × 100. Empty: only the weight counts."),
        error_messages={"invalid": _("Write three whole numbers with × or x between them.")},
        widget=UnfoldAdminTextInputWidget,
    )
    goods = forms.DecimalField(
        label=_("Value of the goods"),
        min_value=0,
        max_digits=18,
        decimal_places=4,
        initial=0,
        widget=UnfoldAdminDecimalFieldWidget,
    )

    def clean_country(self) -> str:
        """Return the ISO code in capitals."""
        return str(self.cleaned_data["country"]).upper()

    def sides_mm(self) -> tuple[int, int, int] | None:
        """Return the sides in millimetres, if they were given."""
        text = str(self.cleaned_data["sides"]).replace("×", "x")
        if not text.strip():
            return None
        first, second, third = (int(one) for one in text.split("x"))
        return first, second, third
