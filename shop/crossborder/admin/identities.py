"""The pages of buyers' identities: masked, read-only; a manager may reveal one and is written down."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RangeDateTimeFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextInputWidget

from config.admin_doors import LongReadOnlyDoor, ReadOnlyRows, actor, ask_again, badge, question
from shop.crossborder.identities import actions
from shop.crossborder.identities.sealing import CannotOpen
from shop.crossborder.models import BuyerIdentity, IdentityAccess


class RevealForm(BaseDialogForm):
    """Why the number is needed."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=actions.REASON_LENGTH,
        help_text=_("For example: customs asks about order VT-2026-000123."),
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )


REVEAL = question(
    _("Reveal the number"),
    _("The number and the name are shown to you once. Your name and the reason are kept in the access log."),
    submit=_("Reveal"),
    form=RevealForm,
)


class ErasedFilter(DropdownFilter):
    """Whether the row still holds a number."""

    title = _("state")
    parameter_name = "erased"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("kept", _("Kept")), ("erased", _("Erased"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        if self.value() in {"kept", "erased"}:
            return queryset.filter(erased_at__isnull=self.value() == "kept")
        return queryset


class AccessRows(ReadOnlyRows):
    """Who has looked, and why."""

    model = IdentityAccess
    fields = readonly_fields = ["created_at", "actor", "reason"]
    verbose_name_plural = _("Access log")


@admin.register(BuyerIdentity)
class BuyerIdentityAdmin(LongReadOnlyDoor):
    """Numbers for customs, masked."""

    list_display = ["masked_number", "kind", "country", "consent_given_at", "keep_until", "state"]
    list_filter = [("kind", ChoicesDropdownFilter), ErasedFilter, ("keep_until", RangeDateTimeFilter)]
    search_fields = ["orders__number"]
    search_help_text = _("Number of an order")
    inlines = [AccessRows]
    actions_detail = ["reveal"]
    fieldsets = [
        (None, {"fields": [("masked_number", "kind", "country"), ("keep_until", "state")]}),
        (_("Consent"), {"fields": [("consent_version", "consent_given_at")]}),
    ]
    readonly_fields = ["masked_number", "state"]

    @display(description=_("number"))
    def masked_number(self, row: BuyerIdentity) -> str:
        return row.masked or "–"

    @display(description=_("state"), ordering="erased_at")
    def state(self, row: BuyerIdentity) -> SafeString:
        if row.erased_at:
            return badge("", _("Erased %(day)s") % {"day": row.erased_at.date().isoformat()})
        return badge("success", _("Kept, sealed"))

    def has_reveal_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Managers only."""
        return bool(request.user.has_perm("shop.reveal_buyeridentity"))

    @action(
        description=_("Reveal"),
        url_path="reveal",
        icon="visibility",
        permissions=["reveal"],
        variant=ActionVariant.DANGER,
        dialog=REVEAL,
    )
    def reveal(self, request: HttpRequest, form: RevealForm, object_id: str) -> HttpResponse:
        """Show the number and the name in the dialogue, and nowhere else."""
        row = self.row_or_404(request, object_id)
        try:
            revealed = actions.reveal(identity=row, actor=actor(request), reason=form.cleaned_data["reason"])
        except (actions.IdentityRefused, CannotOpen) as error:
            form.add_error("reason", str(error))
            return ask_again(request, form, REVEAL)
        response = render(request, "admin/shop/buyeridentity/revealed.html", {"revealed": revealed})
        response.headers["Cache-Control"] = "no-store"
        return response


@admin.register(IdentityAccess)
class IdentityAccessAdmin(LongReadOnlyDoor):
    """Every look at a number, the latest first."""

    list_display = ["created_at", "actor", "reason", "whose"]
    list_filter = [("created_at", RangeDateTimeFilter)]
    list_select_related = ["identity"]
    search_fields = ["actor", "reason"]
    search_help_text = _("Who or why")
    fields = [("created_at", "actor"), "reason", "identity"]

    @display(description=_("identity"))
    def whose(self, row: IdentityAccess) -> str:
        return str(row.identity)
