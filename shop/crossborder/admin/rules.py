"""The pages of the rule book."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

from config.admin_doors import Door, ExportDoor, actor, badge, days, done, question
from shop.crossborder import actions
from shop.crossborder.admin.filters import InForceFilter
from shop.crossborder.models import TaxRate

CONFIRM = question(
    _("Confirm rate"),
    _("You have compared the rate and its dates with the source. Your name and today's date are noted."),
    submit=_("Confirm"),
)
# What a confirmation vouches for: when any of it changes, the rate must be confirmed anew.
VOUCHED = {"jurisdiction", "regime", "category", "rate", "valid", "source"}


class ConfirmedFilter(DropdownFilter):
    """Whether somebody has compared the rate with its source."""

    title = _("confirmation")
    parameter_name = "confirmation"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("unconfirmed", _("Unconfirmed")), ("confirmed", _("Confirmed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        if self.value() in {"unconfirmed", "confirmed"}:
            return queryset.filter(confirmed_on__isnull=self.value() == "unconfirmed")
        return queryset


@admin.register(TaxRate)
class TaxRateAdmin(ExportDoor, Door):
    """Rates of VAT, GST and import tax, with source and confirmation."""

    list_display = ["jurisdiction", "regime", "category_or_all", "name", "percent", "valid_days", "confirmation"]
    list_display_links = ["jurisdiction", "regime"]
    list_filter = [
        ConfirmedFilter,
        ("regime", ChoicesDropdownFilter),
        ("category", ChoicesDropdownFilter),
        InForceFilter,
    ]
    search_fields = ["jurisdiction", "name", "source"]
    search_help_text = _("Country, name or source")
    fieldsets = [
        (None, {"fields": [("jurisdiction", "regime", "category"), ("name", "rate"), "valid", "source"]}),
        (_("Confirmation"), {"fields": [("confirmed_by", "confirmed_on")]}),
    ]
    readonly_fields = ["confirmed_by", "confirmed_on"]
    actions = ["confirm_chosen"]
    actions_detail = actions_row = ["confirm"]

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: Any) -> None:
        """Save; a rate that is no longer what was confirmed is unconfirmed again."""
        if change and obj.confirmed_on and VOUCHED & set(form.changed_data):
            obj.confirmed_by, obj.confirmed_on = "", None
            obj.save()
            messages.warning(request, _("The rate has changed and must be confirmed again."))
            return
        super().save_model(request, obj, form, change)

    @display(description=_("category"), ordering="category")
    def category_or_all(self, rate: TaxRate) -> Any:
        return rate.get_category_display() if rate.category else _("all others")

    @display(description=_("rate"), ordering="rate")
    def percent(self, rate: TaxRate) -> str:
        return f"{(rate.rate * 100).normalize():f} %"

    @display(description=_("valid"), ordering="valid")
    def valid_days(self, rate: TaxRate) -> str:
        return days(rate.valid)

    @display(description=_("confirmation"), ordering="confirmed_on")
    def confirmation(self, rate: TaxRate) -> SafeString:
        if rate.confirmed_on is None:
            return badge("warning", _("Unconfirmed"))
        return badge("success", f"{rate.confirmed_by} {rate.confirmed_on.isoformat()}".strip())

    def _confirm(self, request: HttpRequest, rate_ids: Any) -> None:
        count = actions.confirm_tax_rates(rate_ids=rate_ids, by=actor(request), on=timezone.localdate())
        messages.success(request, _("%(count)d rates confirmed.") % {"count": count})

    @admin.action(description=_("Confirm"), permissions=["change"])
    def confirm_chosen(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Confirm the chosen rates."""
        self._confirm(request, queryset.values_list("id", flat=True))

    @action(
        description=_("Confirm"),
        url_path="confirm",
        icon="verified",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=CONFIRM,
    )
    def confirm(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:  # noqa: ARG002
        """Confirm one rate."""
        self._confirm(request, [self.row_or_404(request, object_id).pk])
        return done(request, TaxRate, object_id)
