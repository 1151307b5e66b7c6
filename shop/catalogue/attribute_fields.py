"""The attributes of a product's type as fields of its form, each by its kind."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminSelectWidget,
)

from shop.catalogue.attributes import Value
from shop.catalogue.language_fields import LanguagesField
from shop.catalogue.models import Attribute

PREFIX = "attribute_"
YES_NO = [("", "–"), ("yes", _("Yes")), ("no", _("No"))]


def field_name(attribute: Attribute) -> str:
    """Return the form field's name."""
    return f"{PREFIX}{attribute.code}"


def fields_for(attributes: Iterable[Attribute]) -> dict[str, forms.Field]:
    """Return form field's name → field. The attributes come with their options at hand."""
    return {field_name(attribute): _field(attribute) for attribute in attributes}


def _field(attribute: Attribute) -> forms.Field:
    label = f"{attribute} ({attribute.unit})" if attribute.unit else str(attribute)
    if attribute.kind == Attribute.Kind.CHOICE:
        return forms.MultipleChoiceField(
            label=label,
            required=False,
            choices=[(option.code, str(option)) for option in attribute.options.all()],
            widget=UnfoldAdminSelect2MultipleWidget,
        )
    if attribute.kind == Attribute.Kind.NUMBER:
        return forms.DecimalField(
            label=label, required=False, max_digits=12, decimal_places=3, widget=UnfoldAdminDecimalFieldWidget
        )
    if attribute.kind == Attribute.Kind.BOOLEAN:
        return forms.ChoiceField(label=label, required=False, choices=YES_NO, widget=UnfoldAdminSelectWidget)
    return LanguagesField(label=label, required=False, max_length=300)


def initial(attribute: Attribute, value: Value) -> Any:
    """Return what the field shows of a plain value."""
    if attribute.kind == Attribute.Kind.BOOLEAN:
        return "" if value is None else "yes" if value else "no"
    return number_text(value) if isinstance(value, Decimal) else value


def number_text(value: Decimal) -> str:
    """Return a number without the noughts behind it: 230.000 is 230."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain(attribute: Attribute, cleaned: Any) -> Value:
    """Return the plain value of what the field gave."""
    if attribute.kind == Attribute.Kind.BOOLEAN:
        return None if cleaned == "" else cleaned == "yes"
    return cleaned or None if attribute.kind != Attribute.Kind.NUMBER else cleaned
