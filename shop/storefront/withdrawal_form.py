"""The first step of the withdrawal function: only what the law lets a shop ask for, and never a reason."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shop.returns.drafts import Draft
from shop.returns.facts import Returnable
from shop.storefront.form_marks import mark
from shop.storefront.forms import printable

WHOLE, PART = "whole", "part"


class WithdrawalForm(forms.Form):
    """Who withdraws, from which order, and where the receipt goes. ``rows``: the lines of the order, if she holds its
    page.

    Whether there is an order of that number is not said here: the statement is valid all the same.
    """

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[printable],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    order_number = forms.CharField(
        label=_("Order number"),
        max_length=80,
        validators=[printable],
        help_text=_("As in your confirmation, for example VT-2026-000123. If you are not sure, write what you know."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("The receipt goes here at once. Best use the address of the order."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    scope = forms.ChoiceField(
        label=_("What you withdraw from"),
        choices=[(WHOLE, _("The whole order")), (PART, _("Some articles only"))],
        initial=WHOLE,
        widget=forms.RadioSelect,
    )
    lines_text = forms.CharField(
        label=_("Which articles"),
        max_length=1000,
        required=False,
        help_text=_("Only if you keep some of them."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *args: Any, rows: Sequence[Returnable] = (), **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.rows = [one for one in rows if one.line.quantity > one.line.cancelled + one.claimed]
        if self.rows:
            del self.fields["lines_text"]
            self.fields["order_number"].widget.attrs["readonly"] = True
            self.fields["order_number"].help_text = ""
        for one in self.rows:
            most = one.line.quantity - one.line.cancelled - one.claimed
            self.fields[_units(one)] = forms.TypedChoiceField(
                label=", ".join(filter(None, (one.line.name, one.line.option))),
                choices=[(number, str(number)) for number in range(most + 1)],
                coerce=int,
                required=False,
                empty_value=0,  # type: ignore[arg-type] # the stubs know text only
                initial=0,
                widget=forms.Select(attrs={"class": "units"}),
            )
        mark(self)

    @property
    def unit_fields(self) -> list[forms.BoundField]:
        """How many of each line."""
        return [self[_units(one)] for one in self.rows]

    def clean(self) -> dict[str, Any]:
        """A part must name something."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("scope") == PART:
            chosen = [cleaned.get(_units(one), 0) for one in self.rows]
            if self.rows and not any(chosen):
                self.add_error("scope", gettext("Please say how many of which article."))
            if not self.rows and not cleaned.get("lines_text", "").strip():
                self.add_error("lines_text", gettext("Please name the articles."))
        return cleaned

    def draft(self, *, language: str, market: str, order_id: str = "") -> Draft:
        """Return what she declares, to be confirmed."""
        said = self.cleaned_data
        part = said["scope"] == PART
        lines = {str(one.line.pk): said[_units(one)] for one in self.rows if part and said.get(_units(one))}
        return Draft(
            name=said["name"],
            order_number=said["order_number"],
            email=said["email"],
            language=language,
            market=market,
            lines=lines,
            lines_text=said.get("lines_text", "").strip() if part else "",
            order=order_id,
        )


def _units(one: Returnable) -> str:
    return f"units_{one.line.pk}"
