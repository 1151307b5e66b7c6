"""The form with which the holder of an order's page sends goods back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Variant
from shop.returns.actions import Wanted
from shop.returns.facts import Returnable
from shop.returns.models import ReturnKind, ReturnReason
from shop.storefront.form_marks import mark
from shop.storefront.forms import printable

KINDS = [
    (ReturnKind.RETURN.value, _("Send it back and be paid back")),
    (ReturnKind.EXCHANGE.value, _("Exchange it for another size or kind")),
    (ReturnKind.FAULTY.value, _("It is faulty, damaged or not what I ordered")),
]


class ReturnForm(forms.Form):
    """How many of which line, why, and what is wanted instead. ``others``: line id → what it can be exchanged for."""

    kind = forms.ChoiceField(label=_("What would you like?"), choices=KINDS, widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("Reason"), choices=ReturnReason.choices, required=False)
    note = forms.CharField(
        label=_("Anything we should know"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    attempt = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        rows: Sequence[Returnable],
        others: Mapping[int, Sequence[tuple[Variant, str]]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, *args, **kwargs)
        self.rows = [one for one in rows if one.left]
        self.others = {one.line.pk: list(others.get(one.line.pk, [])) for one in self.rows}
        if not any(self.others.values()):
            self.fields["kind"].choices = [one for one in KINDS if one[0] != ReturnKind.EXCHANGE]  # type: ignore[attr-defined]
        for one in self.rows:
            name = ", ".join(filter(None, (one.line.name, one.line.option)))
            self.fields[f"units_{one.line.pk}"] = forms.TypedChoiceField(
                label=name,
                choices=[(number, str(number)) for number in range(one.left + 1)],
                coerce=int,
                required=False,
                empty_value=0,  # type: ignore[arg-type] # the stubs know text only
                initial=one.left if len(self.rows) == 1 and one.left == 1 else 0,
                widget=forms.Select(attrs={"class": "units"}),
            )
            if self.others[one.line.pk]:
                self.fields[f"instead_{one.line.pk}"] = forms.ChoiceField(
                    label=gettext("In exchange for “%(name)s”") % {"name": name},
                    choices=[("", "–"), *[(variant.sku, words) for variant, words in self.others[one.line.pk]]],
                    required=False,
                )
        self.fields["note"].validators.append(_lines_printable)
        mark(self)

    @property
    def line_fields(self) -> list[dict[str, Any]]:
        """Each line with its field of units, and that of the exchange where there is one."""
        return [
            {
                "units": self[f"units_{one.line.pk}"],
                "instead": self[f"instead_{one.line.pk}"] if self.others[one.line.pk] else None,
                "never": one.never,
                "sealed": one.sealed,
            }
            for one in self.rows
        ]

    def clean(self) -> dict[str, Any]:
        """Something must be named; an exchange must say for what."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen = [one for one in self.rows if cleaned.get(f"units_{one.line.pk}")]
        if not chosen:
            self.add_error(None, gettext("Please say how many of which article."))
        if cleaned.get("kind") == ReturnKind.EXCHANGE:
            for one in chosen:
                field = f"instead_{one.line.pk}"
                if field not in self.fields:
                    self.add_error(f"units_{one.line.pk}", gettext("There is no other size or kind of this."))
                elif not cleaned.get(field):
                    self.add_error(field, gettext("Please choose one of the list."))
        return cleaned

    def wanted(self) -> dict[int, Wanted]:
        """Return order line id → units, and the variant wanted instead."""
        said = self.cleaned_data
        exchange = said["kind"] == ReturnKind.EXCHANGE
        found = {}
        for one in self.rows:
            units = said.get(f"units_{one.line.pk}") or 0
            sku = said.get(f"instead_{one.line.pk}", "") if exchange else ""
            instead = next((variant for variant, _words in self.others[one.line.pk] if variant.sku == sku), None)
            if units:
                found[one.line.pk] = Wanted(units, instead)
        return found


def _lines_printable(value: str) -> None:
    for line in value.splitlines():
        printable(line)
