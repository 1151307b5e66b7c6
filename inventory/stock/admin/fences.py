"""Units set aside for a purpose, and given back."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect
from unfold.contrib.filters.admin import DropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from config.admin_doors import ReadOnlyDoor, ReadOnlyRows, actor, ask_again, badge, done, question
from inventory.stock import actions, forms
from inventory.stock.admin import looks
from inventory.stock.admin.rights import StockRights
from inventory.stock.errors import StockError
from inventory.stock.models import HoldLine, RingFence

SET_ASIDE = question(
    _("Set units aside"),
    _("Only who names the purpose can sell them. More for the same purpose adds up."),
    submit=_("Set aside"),
    form=forms.NewFenceForm,
)
GIVE_BACK = question(
    _("Give units back"),
    _("Everybody may have them again. What is held or sold out of the fence stays with its holder."),
    submit=_("Give back"),
    form=forms.GiveBackForm,
)


class OpenFilter(DropdownFilter):
    """Fences that still keep units apart, or may."""

    title = _("state")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("yes", _("Open")), ("no", _("Closed"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:  # noqa: ARG002
        return queryset.filter(open=self.value() == "yes") if self.value() in {"yes", "no"} else queryset


class ClaimRows(ReadOnlyRows):
    """Who claimed units out of a fence, the latest first."""

    model = HoldLine
    fk_name = "fence"
    formset = looks.LatestFormSet
    fields = readonly_fields = ["cause", "holder", "quantity", "shipped", "cancelled", "returned"]
    verbose_name_plural = _("Latest claims out of this fence")

    def get_queryset(self, request: HttpRequest) -> Any:
        return (
            super().get_queryset(request).select_related("hold", "balance__item", "balance__warehouse").order_by("-id")
        )

    @display(description=_("cause"))
    def cause(self, line: HoldLine) -> SafeString:
        return looks.link(reverse("admin:inventory_hold_change", args=[line.hold_id]), line.hold.cause or line.hold_id)

    @display(description=_("holder"))
    def holder(self, line: HoldLine) -> str:
        return line.hold.holder


@admin.register(RingFence)
class RingFenceAdmin(StockRights, ReadOnlyDoor):
    """Units set aside for a purpose."""

    list_display = ["purpose", "sku", "at", "remaining", "state", "created_at"]
    list_filter = [OpenFilter, ("balance__warehouse", RelatedDropdownFilter)]
    list_select_related = ["balance__item", "balance__warehouse"]
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["purpose", "balance__item__sku"]
    search_help_text = _("Purpose or SKU")
    ordering = ["-open", "-created_at"]
    fieldsets = [(None, {"fields": [("purpose", "state"), ("balance", "remaining"), "created_at"]})]
    readonly_fields = ["state"]
    inlines = [ClaimRows]
    actions_list = ["set_units_aside"]
    actions_row = actions_detail = ["give_units_back"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("balance__item", "balance__warehouse")

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """Offer nothing on a fence that is closed."""
        kept = RingFence.objects.filter(pk=looks.id_or_none(object_id) or 0, open=True)
        return super().get_actions_detail(request, object_id) if kept.exists() else []

    @display(description="SKU", ordering="balance__item__sku")
    def sku(self, fence: RingFence) -> str:
        return fence.balance.item.sku

    @display(description=_("warehouse"), ordering="balance__warehouse__code")
    def at(self, fence: RingFence) -> str:
        return fence.balance.warehouse.code

    @display(description=_("state"), ordering="open")
    def state(self, fence: RingFence) -> SafeString:
        return badge("info", _("Open")) if fence.open else badge("", _("Closed"))

    @action(
        description=_("Set units aside"),
        url_path="set-aside",
        icon="fence",
        permissions=["act", "manage"],
        variant=ActionVariant.PRIMARY,
        dialog=SET_ASIDE,
    )
    def set_units_aside(self, request: HttpRequest, form: forms.NewFenceForm) -> HttpResponse:
        """Set units of any balance aside, once for each form."""
        balance = form.cleaned_data["balance"]
        try:
            fence = actions.set_aside(
                item=balance.item,
                warehouse=balance.warehouse,
                quantity=form.cleaned_data["quantity"],
                purpose=form.cleaned_data["purpose"],
                cause_key=form.key,
                actor=actor(request),
            )
        except StockError as error:
            form.add_error("quantity", str(error))
            return ask_again(request, form, SET_ASIDE)
        messages.success(request, _("Set aside: %(fence)s.") % {"fence": fence})
        page = reverse("admin:inventory_ringfence_changelist")
        return HttpResponseClientRedirect(page) if getattr(request, "htmx", None) else redirect(page)

    @action(
        description=_("Give units back"),
        url_path="give-back",
        icon="undo",
        permissions=["act", "manage"],
        dialog=GIVE_BACK,
    )
    def give_units_back(self, request: HttpRequest, form: forms.GiveBackForm, object_id: str) -> HttpResponse:
        """Give fenced units back to everybody, once for each form."""
        fence = self.row_or_404(request, object_id)
        try:
            back = actions.give_back(
                fence=fence, quantity=form.cleaned_data["quantity"], cause_key=form.key, actor=actor(request)
            )
        except StockError as error:
            form.add_error("quantity", str(error))
            return ask_again(request, form, GIVE_BACK)
        if back or (fence.open and form.cleaned_data["quantity"] is None):
            # The ledger names the purpose; why it was given up is kept in the history of the page.
            why = form.cleaned_data["cause"]
            self.log_change(request, fence, _("Gave %(units)d back: %(why)s") % {"units": back, "why": why})
        messages.success(request, _("Given back: %(units)d.") % {"units": back})
        return done(request, RingFence, object_id)
