"""The pages of the royalty ledger, and of agreement versions with their royalty terms checked."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Sum
from django.forms import ValidationError
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, FieldTextFilter, RangeDateFilter, RelatedDropdownFilter
from unfold.decorators import display

from config.admin_doors import ExportDoor, ReadOnlyDoor, WholeConstraintsForm, badge
from licensing.rights.admin import VersionPages
from licensing.rights.models import AgreementVersion
from licensing.royalties import terms
from licensing.royalties.arithmetic import round_money
from licensing.royalties.models import RoyaltyEntry


class VersionForm(WholeConstraintsForm):
    """A version whose royalty terms can be computed with."""

    class Meta:
        model = AgreementVersion
        fields = ["agreement", "number", "effective", "terms", "signed_at"]

    def clean_terms(self) -> Any:
        """Refuse terms that no royalty can be computed from, naming the field."""
        document = self.cleaned_data["terms"]
        try:
            terms.parse(document)
        except terms.TermsError as error:
            raise ValidationError(str(error)) from error
        return document


@admin.register(AgreementVersion)
class AgreementVersionAdmin(VersionPages):
    """Versions of agreements."""

    form = VersionForm


@admin.register(RoyaltyEntry)
class RoyaltyEntryAdmin(ExportDoor, ReadOnlyDoor):
    """What is owed, entry by entry, with the totals of the rows shown."""

    list_display = ["sale_date", "sku", "quantity", "agreement", "kind_label", "channel", "territory", "owed", "source"]
    list_display_links = ["sale_date", "sku"]
    list_filter = [
        ("partner", RelatedDropdownFilter),
        ("agreement", RelatedDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("channel", FieldTextFilter),
        ("currency", FieldTextFilter),
        ("sale_date", RangeDateFilter),
    ]
    list_select_related = ["agreement"]
    list_before_template = "admin/licensing/royalty_totals.html"
    search_fields = ["sku", "source", "agreement__number"]
    search_help_text = _("SKU, sale or agreement")
    fieldsets = [
        (None, {"fields": [("agreement", "version", "partner"), ("kind", "source", "reverses")]}),
        (_("Sale"), {"fields": [("sku", "quantity", "sale_date"), ("territory", "channel")]}),
        (_("Royalty"), {"fields": [("base", "rate", "amount", "currency"), "trace"]}),
        (_("Posting"), {"fields": [("posted_at", "cause_key")]}),
    ]

    @display(description=_("royalty"), ordering="amount")
    def owed(self, entry: RoyaltyEntry) -> str:
        return f"{round_money(entry.amount, entry.currency)} {entry.currency}"

    @display(description=_("kind"), ordering="kind")
    def kind_label(self, entry: RoyaltyEntry) -> SafeString:
        grade = "success" if entry.kind == RoyaltyEntry.Kind.ACCRUAL else "warning"
        return badge(grade, entry.get_kind_display())

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show what the rows found by the filters add up to, in each currency."""
        response = super().changelist_view(request, extra_context)
        changelist = getattr(response, "context_data", None) and response.context_data.get("cl")
        if changelist:
            rows = changelist.queryset.order_by().values("currency").annotate(amount=Sum("amount"), entries=Count("pk"))
            response.context_data["royalty_totals"] = [
                {**row, "amount": round_money(row["amount"], row["currency"])} for row in rows.order_by("currency")
            ]
        return response
