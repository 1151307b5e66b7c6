"""The forms of the rule book. What a row may hold is decided by the book itself: see ``rulebook.rows.parse``."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Q
from django.forms import ModelForm
from django.utils.text import capfirst
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from shop.crossborder.admin.rule_fields import CodesField, FractionField, NumberField
from shop.crossborder.admin.rule_looks import days, words
from shop.crossborder.models import Jurisdiction, ProcedureRule, RuleSource, ThresholdRule
from shop.crossborder.rulebook.entries import STANDARD, Effect, RowFault
from shop.crossborder.rulebook.tables import entry

CODES = _("Separated by commas or semicolons, e.g. %(example)s.")
RATE = _("A fraction or per cent: 0.2 or 20 %.")


def _select(label: Any, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, widget=UnfoldAdminSelectWidget, **options)


def _codes(label: Any, example: str, **options: Any) -> CodesField:
    return CodesField(label=label, required=False, help_text=CODES % {"example": example}, **options)


class RuleForm(ModelForm):
    """A row that is read as the book reads it: what is wrong with it stands at its field."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc] # the stubs leave it out
        if set(self.errors) - {NON_FIELD_ERRORS}:
            return
        try:
            entry(self.instance)
        except RowFault as fault:
            # The same as a constraint of the table says, at its field and in words.
            self.errors.pop(NON_FIELD_ERRORS, None)
            known = self.fields.get(fault.field)
            label = capfirst(known.label if known and known.label else words(fault.field))
            self.add_error(fault.field if known else None, f"{label} {fault.message}.")
        if not self.errors:
            self._check_beside_others()

    def _check_beside_others(self) -> None:
        """Put on the form what other rows do not allow."""

    def _offer(self, name: str, values: Iterable[tuple[str, Any]], *, empty: Any = None) -> None:
        """Let a field choose among values; the one that the row has stays possible."""
        field = self.fields.get(name)
        if not isinstance(field, forms.ChoiceField):
            return
        choices = list(values)
        held = getattr(self.instance, name, "")
        if held and held not in {value for value, _label in choices}:
            choices.append((held, held))
        field.choices = choices if empty is None else [("", empty), *choices]


def jurisdictions() -> list[tuple[str, str]]:
    """Return code → name of every jurisdiction. One statement."""
    return [(row.key.upper(), str(row)) for row in Jurisdiction.objects.all()]


class SourceForm(RuleForm):
    """Where something was read."""

    def clean_url(self) -> str:
        """Return an address of the web."""
        url = str(self.cleaned_data["url"]).strip()
        if url and not url.startswith(("https://", "http://")):
            raise forms.ValidationError(_("Give an address that begins with https://."))
        return url


class JurisdictionForm(RuleForm):
    """A territory."""

    parent = _select(_("Parent"), required=False, help_text=_("Its rules hold where this one has none of its own."))
    free_with = _codes(_("Free with"), "EU, GB")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = str(self.instance.key).upper()
        self._offer("parent", [one for one in jurisdictions() if one[0] != own], empty=_("None"))


class DatedForm(RuleForm):
    """A dated row: where it holds is chosen from the book, and its sources must be in it."""

    sources = _codes(_("Sources"), "e1; e17")
    nowhere: ClassVar[Any] = None  # how to call the choice of no jurisdiction, where there is one
    any_route: ClassVar[Any] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "note" in self.fields:
            self.fields["note"].widget.attrs["rows"] = 3
        if "jurisdiction" in self.fields:
            self._offer("jurisdiction", jurisdictions(), empty=self.nowhere or _("Select value"))
        if isinstance(self.fields.get("route"), forms.ChoiceField):
            known = set(ProcedureRule.objects.order_by().values_list("route", flat=True).distinct())
            routes = sorted(known | {STANDARD}, key=lambda one: (one != STANDARD, one))
            self._offer("route", [(one, one) for one in routes], empty=self.any_route)
        if "within" in self.fields:
            limits = ThresholdRule.objects.values_list("key", "name")
            self._offer("within", [(key, f"{key} · {name}") for key, name in limits], empty=_("None"))

    def clean_sources(self) -> list[str]:
        """Return keys of sources; name the unknown."""
        keys: list[str] = self.cleaned_data["sources"]
        known = set(RuleSource.objects.filter(key__in=keys).values_list("key", flat=True))
        if unknown := [key for key in keys if key not in known]:
            raise forms.ValidationError(_("There is no source %(keys)s."), params={"keys": ", ".join(unknown)})
        return keys


class FollowingForm(DatedForm):
    """A row that may not hold on the same day as another about the same: a quote would take either by chance."""

    subject: ClassVar[tuple[str, ...]] = ()

    def _check_beside_others(self) -> None:
        row = self.instance
        same = type(row).objects.filter(**{name: getattr(row, name) for name in self.subject}).exclude(pk=row.pk)
        other = same.filter(
            Q(valid_to=None) | Q(valid_to__gte=row.valid_from or date.min),
            Q(valid_from=None) | Q(valid_from__lte=row.valid_to or date.max),
        ).first()
        if other:
            said = _t(
                "Another rule about the same holds then: %(key)s (%(days)s). Let one end before the other begins."
            )
            told = said % {"key": other.key, "days": days(other.valid_from, other.valid_to)}
            self.add_error("valid_from" if "valid_from" in self.fields else None, told)


class PlaceForm(DatedForm):
    jurisdiction = _select(_("Jurisdiction"))


class ProcedureForm(DatedForm):
    jurisdiction = _select(_("Jurisdiction"))
    route = forms.CharField(
        label=_("Route"),
        max_length=16,
        initial=STANDARD,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("What other rules call this way in."),
    )
    valuation = NumberField(
        label=_("Valuation"), max_digits=5, decimal_places=4, initial=1, help_text=_("Share of the value that counts.")
    )


class TaxForm(FollowingForm):
    jurisdiction = _select(_("Jurisdiction"))
    route = _select(_("Route"), initial=STANDARD)
    rate = FractionField(label=_("Rate"), max_digits=7, decimal_places=6, help_text=RATE)
    subject = ("jurisdiction", "route", "tax", "category", "hs")


class DutyForm(FollowingForm):
    jurisdiction = _select(_("Jurisdiction"))
    route = _select(_("Route"), initial=STANDARD)
    rate = FractionField(label=_("Rate"), required=False, max_digits=8, decimal_places=6, help_text=RATE)
    amount = NumberField(label=_("Amount"), required=False, max_digits=18, decimal_places=6)
    within = _select(_("Within"), required=False, help_text=_("A threshold that the consignment must be within."))
    subject = ("jurisdiction", "route", "act", "hs", "origin", "combine", "within")


class ThresholdForm(DatedForm):
    jurisdiction = _select(_("Jurisdiction"))
    route = _select(_("Route"), initial=STANDARD)
    amount = NumberField(label=_("Amount"), max_digits=18, decimal_places=6)
    effects = forms.MultipleChoiceField(
        label=_("Effects"),
        choices=[(str(one), words(one)) for one in Effect],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    from_countries = _codes(_("From countries"), "GB, CH")


class FeeForm(DatedForm):
    jurisdiction = _select(_("Jurisdiction"))
    route = _select(_("Route"), initial=STANDARD)
    amount = NumberField(label=_("Amount"), required=False, max_digits=18, decimal_places=6)
    within = _select(_("Within"), required=False, help_text=_("A threshold that the consignment must be within."))


class RestrictionForm(DatedForm):
    jurisdiction = _select(_("Jurisdiction"), required=False)
    route = _select(_("Route"), required=False)
    nowhere = _("Everywhere")
    any_route = _("Every route")
