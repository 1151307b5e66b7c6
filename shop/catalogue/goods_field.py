"""The form field for flags of goods: a box for each, where the table keeps a list."""

from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from shop.catalogue.goods import GoodsFlag


def flags_field(label: Any, help_text: Any) -> forms.MultipleChoiceField:
    """Return check boxes for the goods flags; none need be checked."""
    return forms.MultipleChoiceField(
        label=label,
        choices=GoodsFlag.choices,
        required=False,
        help_text=help_text,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
