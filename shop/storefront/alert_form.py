"""The form with which a shopper asks to be told of a restock."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.storefront.form_marks import mark


class AlertForm(forms.Form):
    """Of what, and where to write."""

    sku = forms.CharField(max_length=40)
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mark(self)
