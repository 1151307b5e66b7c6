"""The page of units that nobody announced, and the form that takes in a parcel without authorisation."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from config.admin_doors import ReadOnlyDoor, actor, attempt, badge, done, question
from inventory.stock.errors import StockError
from inventory.stock.models import Warehouse
from shop.orders.admin import order_link
from shop.orders.models import Order, OrderLine
from shop.returns import actions
from shop.returns.admin.bench import PAGE
from shop.returns.admin.forms import NUMBER, NoteForm
from shop.returns.admin.looks import return_link
from shop.returns.errors import ReturnError
from shop.returns.models import UnexpectedUnits

Resolution = UnexpectedUnits.Resolution
REFUSALS = (ReturnError, StockError)


class AcceptForm(BaseDialogForm):
    """What the units are of, where that was not known."""

    order_number = forms.CharField(
        label=_("Order number"), max_length=20, required=False, widget=UnfoldAdminTextInputWidget
    )
    sku = forms.CharField(label="SKU", max_length=40, required=False, widget=UnfoldAdminTextInputWidget)
    reason = forms.CharField(
        label=_("Note"), max_length=500, required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 2})
    )


class CloseForm(NoteForm):
    """What becomes of the units."""

    resolution = forms.ChoiceField(
        label=_("What becomes of them"),
        choices=[(one.value, one.label) for one in (Resolution.SENT_BACK, Resolution.KEPT)],
        widget=UnfoldAdminSelectWidget,
    )


class ParcelForm(forms.Form):
    """A parcel without authorisation, one article at a time."""

    key = forms.CharField(max_length=60, widget=forms.HiddenInput)
    warehouse = forms.ModelChoiceField(
        label=_("Warehouse"), queryset=Warehouse.objects.order_by("code"), widget=UnfoldAdminSelectWidget
    )
    order_number = forms.CharField(
        label=_("Order number, if it is known"), max_length=20, required=False, widget=UnfoldAdminTextInputWidget
    )
    sku = forms.CharField(label="SKU", max_length=40, required=False, widget=UnfoldAdminTextInputWidget)
    units = forms.IntegerField(
        label=_("Units"), min_value=1, max_value=9_999, widget=UnfoldAdminIntegerFieldWidget(attrs=NUMBER)
    )
    note = forms.CharField(
        label=_("What is on the parcel"),
        max_length=500,
        required=False,
        help_text=_("Sender, numbers, anything that helps to find the order."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Find the order and its line; an order that is named must exist, and have the SKU."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.order, self.line = find(cleaned.get("order_number", ""), cleaned.get("sku", ""))
        if cleaned.get("order_number") and self.order is None:
            self.add_error("order_number", _("There is no such order."))
        elif self.order and self.line is None:
            self.add_error("sku", _("The order has no such SKU."))
        return cleaned


def find(number: str, sku: str) -> tuple[Order | None, OrderLine | None]:
    """Return the order with this number and its line of this SKU (its only line where none is named)."""
    order = Order.objects.filter(number=number.strip().upper()).first() if number.strip() else None
    if order is None:
        return None, None
    lines = list(order.lines.select_related("variant"))
    if not sku.strip() and len(lines) == 1:
        return order, lines[0]
    return order, next((line for line in lines if line.sku == sku.strip().upper()), None)


ACCEPT = question(
    _("Accept as a return"),
    _("A return is opened for these units, received and ready to be inspected; the shopper is paid back after it."),
    submit=_("Accept"),
    form=AcceptForm,
)
CLOSE = question(_("Decide otherwise"), _("No refund follows."), submit=_("Close"), form=CloseForm)


@admin.register(UnexpectedUnits)
class UnexpectedUnitsAdmin(ReadOnlyDoor):
    """Units that nobody announced, the undecided first."""

    list_display = ["received_at", "state", "sku", "units", "why", "warehouse", "order_number", "return_page"]
    list_filter = [
        ("resolution", ChoicesDropdownFilter),
        ("why", ChoicesDropdownFilter),
        ("warehouse", RelatedDropdownFilter),
    ]
    list_select_related = ["order", "request", "warehouse"]
    search_fields = ["sku", "order__number", "request__number", "note"]
    search_help_text = _("SKU, order, return or what was on the parcel")
    actions_list = ["take_in"]
    actions_detail = ["accept", "close"]
    fieldsets = [
        (None, {"fields": [("state", "why", "sku", "units"), ("order_page", "return_page")]}),
        (_("Arrival"), {"fields": [("warehouse", "received_at", "received_by", "stocked"), "note"]}),
        (_("Decision"), {"fields": [("resolution", "resolved_at", "resolved_by"), "resolution_note"]}),
    ]
    readonly_fields = ["state", "order_page", "return_page"]

    @display(description=_("state"), ordering="resolution")
    def state(self, row: UnexpectedUnits) -> SafeString:
        return badge("success" if row.resolution else "warning", row.get_resolution_display())

    @display(description=_("order"), ordering="order__number")
    def order_number(self, row: UnexpectedUnits) -> str:
        return row.order.number if row.order else "–"

    @display(description=_("order"))
    def order_page(self, row: UnexpectedUnits) -> SafeString | str:
        return order_link(row.order) if row.order else "–"

    @display(description=_("return"))
    def return_page(self, row: UnexpectedUnits) -> SafeString | str:
        return return_link(row.request) if row.request else "–"

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """What is decided stays so."""
        allowed: list[Any] = super().get_actions_detail(request, object_id)
        row = self.get_object(request, str(object_id))
        return [] if row is not None and row.resolution else allowed

    @action(
        description=_("Accept as a return"),
        url_path="accept",
        icon="check",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=ACCEPT,
    )
    def accept(self, request: HttpRequest, form: AcceptForm, object_id: str) -> HttpResponse:
        """Open a return for them."""
        row = self.row_or_404(request, object_id)
        said = form.cleaned_data
        _order, line = find(said["order_number"], said["sku"] or row.sku)

        def verb() -> str:
            made = actions.accept_unexpected(
                unexpected_id=row.pk, actor=actor(request), order_line=line, note=said["reason"]
            )
            return str(_("Return %(number)s is open: inspect it.") % {"number": made.number})

        attempt(request, verb, refusals=REFUSALS)
        return done(request, UnexpectedUnits, object_id)

    @action(description=_("Decide otherwise"), url_path="close", icon="block", permissions=["act"], dialog=CLOSE)
    def close(self, request: HttpRequest, form: CloseForm, object_id: str) -> HttpResponse:
        """Send them back or keep them."""
        row = self.row_or_404(request, object_id)
        said = form.cleaned_data

        def verb() -> str:
            actions.close_unexpected(
                unexpected_id=row.pk, resolution=said["resolution"], note=said["reason"], actor=actor(request)
            )
            return str(_("Closed."))

        attempt(request, verb, refusals=REFUSALS)
        return done(request, UnexpectedUnits, object_id)

    @action(
        description=_("Take in a parcel"),
        url_path="take-in",
        icon="add_box",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
    )
    def take_in(self, request: HttpRequest) -> HttpResponse:
        """A parcel without authorisation: it is taken in, and a person decides."""
        form = ParcelForm(request.POST or None, initial={"key": uuid4().hex})
        page = reverse("admin:shop_unexpectedunits_changelist")
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            actions.receive_unannounced(
                order=form.order,
                content=[actions.Parcel(units=said["units"], order_line=form.line, sku=said["sku"].strip().upper())],
                warehouse=said["warehouse"],
                cause_key=f"desk:{said['key']}",
                actor=actor(request),
                note=said["note"],
            )
            messages.success(request, _("The parcel was taken in."))
            return redirect(page)
        context = {
            **self.admin_site.each_context(request),
            "title": _("A parcel without authorisation"),
            "opts": self.opts,
            "back": page,
            "head": [form[name] for name in ("warehouse", "order_number", "sku", "units", "note")],
            "hidden": [form["key"]],
            "errors": form.non_field_errors(),
            "submit": _("Take in"),
        }
        return TemplateResponse(request, PAGE, context)
