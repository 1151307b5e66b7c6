"""The pages of dated rules: taxes, duties, thresholds, fees, restrictions, procedures and places."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Upper
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from config.admin_doors import Door, ExportDoor, actor
from shop.crossborder.admin import rule_forms as forms
from shop.crossborder.admin import rule_looks as looks
from shop.crossborder.admin.rule_confirming import confirming
from shop.crossborder.admin.rule_filters import (
    ActFilter,
    ConfirmationFilter,
    DaysFilter,
    JurisdictionFilter,
    RouteFilter,
)
from shop.crossborder.models import (
    DutyRule,
    FeeRule,
    Jurisdiction,
    PlaceRule,
    ProcedureRule,
    RestrictionRule,
    TaxRule,
    ThresholdRule,
)
from shop.crossborder.rulebook import actions

REMARKS = {"note"}  # columns that say nothing a quote or a confirmation rests on
DATES: tuple[Any, ...] = (_("In force"), {"fields": [("valid_from", "valid_to")]})
SOURCE: tuple[Any, ...] = (
    _("Source"),
    {"fields": [("sources", "confidence"), ("read_in", "confirmation"), "note"]},
)


class RulePages(ExportDoor, Door):
    """What all rows of the book share: a key for ever, and what a person changes here is not loaded over."""

    search_help_text = _("Key, name or note")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = list(super().get_readonly_fields(request, obj))
        return shown if obj is None else ["key", *shown]

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: Any) -> None:
        """Keep files from loading over the row from now on."""
        if change and not form.changed_data:
            return
        obj.edited = True
        super().save_model(request, obj, form, change)
        if change:
            obj.save(update_fields=["edited"])


class DatedPages(RulePages):
    """Dated rows. A fact that changes takes the confirmation with it."""

    list_filter = [ConfirmationFilter, DaysFilter, JurisdictionFilter, ("confidence", ChoicesDropdownFilter)]
    search_fields = ["key", "name", "note"]
    readonly_fields = ["read_in", "confirmation"]
    actions = ["confirm_chosen"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        places = Jurisdiction.objects.annotate(code=Upper("key")).filter(code=OuterRef("jurisdiction"))
        rows: QuerySet = super().get_queryset(request).annotate(place_name=Subquery(places.values("name")[:1]))
        return rows

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: Any) -> None:
        """Let a changed row be confirmed again."""
        super().save_model(request, obj, form, change)
        if not change or not set(form.changed_data) - REMARKS:
            return
        before = obj.confirmed_on
        # Also where it was unconfirmed: somebody may have confirmed the earlier facts a moment ago.
        obj.confirmed_by, obj.confirmed_on = "", None
        obj.save(update_fields=["confirmed_by", "confirmed_on"])
        if before:
            messages.warning(request, _("%(key)s has changed and must be confirmed again.") % {"key": obj.key})

    @admin.action(description=_("Confirm: compared with the source"), permissions=["act"])
    def confirm_chosen(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Note who has compared the chosen rows, and when."""
        ids = list(queryset.values_list("id", flat=True))
        count = actions.confirm(table=self.model, ids=ids, by=actor(request), on=timezone.localdate())
        messages.success(request, _("%(count)d rules confirmed.") % {"count": count})
        if before := len(ids) - count:
            messages.info(request, _("%(count)d were confirmed before.") % {"count": before})

    @display(description=_("jurisdiction"), ordering="jurisdiction")
    def place(self, row: Any) -> Any:
        return looks.two_lines(row.jurisdiction, row.place_name) if row.jurisdiction else _("Everywhere")

    @display(description=_("what"))
    def what(self, row: Any) -> SafeString:
        return looks.two_lines(row.name, looks.goods(row))

    @display(description=_("days in force"), ordering="valid_from")
    def in_force(self, row: Any) -> SafeString:
        return looks.days_cell(row.valid_from, row.valid_to)

    @display(description=_("confidence"), ordering="confidence")
    def sure(self, row: Any) -> SafeString:
        return looks.confidence(row.confidence)

    @display(description=_("confirmation"), ordering="confirmed_on")
    def confirmation(self, row: Any) -> Any:
        return looks.confirmation(row) if row.pk else "–"

    @display(description=_("read in"))
    def read_in(self, row: Any) -> SafeString:
        return looks.sources(row.sources)


@admin.register(TaxRule)
class TaxRuleAdmin(DatedPages):
    """VAT, GST and sales taxes."""

    form = forms.TaxForm
    list_display = ["key", "place", "what", "percent", "in_force", "sure", "confirmation"]
    list_filter = [*DatedPages.list_filter, RouteFilter]
    search_fields = [*DatedPages.search_fields, "hs"]
    fieldsets = [
        (None, {"fields": [("key", "name"), ("jurisdiction", "route"), ("tax", "rate"), ("hs", "category")]}),
        DATES,
        SOURCE,
    ]
    confirm = confirming(TaxRule)
    actions_detail = actions_row = ["confirm"]

    @display(description=_("rate"), ordering="rate")
    def percent(self, row: TaxRule) -> str:
        return looks.percent(row.rate)


@admin.register(DutyRule)
class DutyRuleAdmin(DatedPages):
    """Customs duties and additional acts."""

    form = forms.DutyForm
    list_display = ["key", "place", "what", "act", "joins", "charged", "in_force", "sure", "confirmation"]
    list_filter = [*DatedPages.list_filter, ActFilter, RouteFilter, ("combine", ChoicesDropdownFilter)]
    search_fields = [*DatedPages.search_fields, "hs", "act"]
    fieldsets = [
        (None, {"fields": [("key", "name"), ("jurisdiction", "route"), ("act", "combine"), ("hs", "origin")]}),
        (_("Charge"), {"fields": [("kind", "rate"), ("amount", "currency"), "within"]}),
        DATES,
        SOURCE,
    ]
    confirm = confirming(DutyRule)
    actions_detail = actions_row = ["confirm"]

    @display(description=_("joins as"), ordering="combine")
    def joins(self, row: DutyRule) -> str:
        return looks.words(row.combine)

    @display(description=_("charge"), ordering="rate")
    def charged(self, row: DutyRule) -> str:
        return looks.duty(row)


@admin.register(ThresholdRule)
class ThresholdRuleAdmin(DatedPages):
    """Values below which something else holds."""

    form = forms.ThresholdForm
    list_display = ["key", "place", "what", "limit", "means", "in_force", "sure", "confirmation"]
    list_filter = [*DatedPages.list_filter, RouteFilter]
    fieldsets = [
        (None, {"fields": [("key", "name"), ("jurisdiction", "route"), ("amount", "currency"), "inclusive"]}),
        (_("Meaning"), {"fields": [("basis", "scope"), "effects", ("registration", "from_countries")]}),
        DATES,
        SOURCE,
    ]
    confirm = confirming(ThresholdRule)
    actions_detail = actions_row = ["confirm"]

    @display(description=_("value"), ordering="amount")
    def limit(self, row: ThresholdRule) -> SafeString:
        return looks.two_lines(
            looks.amount(row.amount, row.currency), f"{looks.words(row.basis)}, {looks.words(row.scope)}"
        )

    @display(description=_("effects"))
    def means(self, row: ThresholdRule) -> str:
        return ", ".join(looks.words(one) for one in row.effects)


@admin.register(FeeRule)
class FeeRuleAdmin(DatedPages):
    """Fees that are neither duty nor tax."""

    form = forms.FeeForm
    list_display = ["key", "place", "what", "charged", "per", "status", "in_force", "sure", "confirmation"]
    list_filter = [*DatedPages.list_filter, RouteFilter, ("status", ChoicesDropdownFilter)]
    fieldsets = [
        (None, {"fields": [("key", "name"), ("jurisdiction", "route")]}),
        (_("Charge"), {"fields": [("amount", "currency"), ("per", "status"), ("within", "in_tax_base")]}),
        DATES,
        SOURCE,
    ]
    confirm = confirming(FeeRule)
    actions_detail = actions_row = ["confirm"]

    @display(description=_("amount"), ordering="amount")
    def charged(self, row: FeeRule) -> str:
        return "–" if row.amount is None else looks.amount(row.amount, row.currency)


@admin.register(RestrictionRule)
class RestrictionRuleAdmin(DatedPages):
    """Goods that may not go there, need a paper, or may use a route."""

    form = forms.RestrictionForm
    list_display = ["key", "place", "what", "does", "in_force", "sure", "confirmation"]
    list_filter = [*DatedPages.list_filter, RouteFilter, ("action", ChoicesDropdownFilter)]
    search_fields = ["key", "code", "note", "hs", "flag"]
    search_help_text = _("Key, code, HS, flag or note")
    fieldsets = [
        (None, {"fields": [("key", "code"), ("jurisdiction", "route"), ("action", "origin"), ("hs", "flag")]}),
        DATES,
        SOURCE,
    ]
    confirm = confirming(RestrictionRule)
    actions_detail = actions_row = ["confirm"]

    @display(description=_("what"))
    def what(self, row: RestrictionRule) -> SafeString:
        return looks.two_lines(row.code, looks.goods(row))

    @display(description=_("action"), ordering="action")
    def does(self, row: RestrictionRule) -> str:
        return looks.words(row.action)


@admin.register(ProcedureRule)
class ProcedureRuleAdmin(DatedPages):
    """How goods enter."""

    form = forms.ProcedureForm
    list_display = ["key", "place", "route", "rank", "basis", "registration", "in_force", "sure", "confirmation"]
    list_filter = [*DatedPages.list_filter, RouteFilter]
    search_fields = ["key", "route", "note"]
    search_help_text = _("Key, route or note")
    fieldsets = [
        (None, {"fields": [("key", "rank"), ("jurisdiction", "route"), ("customs_value", "valuation")]}),
        (_("Conditions"), {"fields": ["registration", ("taxes_shipping", "permit_only", "one_article")]}),
        DATES,
        SOURCE,
    ]
    confirm = confirming(ProcedureRule)
    actions_detail = actions_row = ["confirm"]

    @display(description=_("customs value"), ordering="customs_value")
    def basis(self, row: ProcedureRule) -> str:
        share = "" if row.valuation == 1 else f" × {looks.percent(row.valuation)}"
        return f"{row.customs_value.upper()}{share}"


@admin.register(PlaceRule)
class PlaceRuleAdmin(DatedPages):
    """Addresses that belong to another jurisdiction than their country."""

    form = forms.PlaceForm
    list_display = ["key", "country", "postcode", "region", "place", "in_force", "sure", "confirmation"]
    search_fields = ["key", "country", "postcode", "region", "note"]
    search_help_text = _("Key, country, postcode, region or note")
    fieldsets = [
        (None, {"fields": [("key", "country"), ("postcode", "region"), "jurisdiction"]}),
        DATES,
        SOURCE,
    ]
    confirm = confirming(PlaceRule)
    actions_detail = actions_row = ["confirm"]
