"""Purchase orders: drafts are edited through the actions, sent ones are read and received."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import DecimalField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

from config.admin_doors import Door, ExportDoor, ReadOnlyRows, Rows, actor, attempt, badge, done, question
from inventory.replenishment import actions
from inventory.replenishment.admin import amounts
from inventory.replenishment.admin.receiving import ReceivePage, deliveries
from inventory.replenishment.errors import PurchaseError
from inventory.replenishment.forms import LineForm, LineFormSet, OrderForm, plain
from inventory.replenishment.models import PurchaseOrder, PurchaseOrderLine
from inventory.stock.errors import StockError

State = PurchaseOrder.State
REFUSALS = (PurchaseError, StockError)
GRADES = {
    State.DRAFT: "",
    State.SENT: "info",
    State.PARTLY_RECEIVED: "warning",
    State.RECEIVED: "success",
    State.CLOSED_SHORT: "primary",
    State.CANCELLED: "",
}
COMING = (State.SENT, State.PARTLY_RECEIVED)
# Which buttons an order in each state has.
VERBS = {
    State.DRAFT: {"send", "cancel"},
    State.SENT: {"receive", "back_to_draft", "cancel"},
    State.PARTLY_RECEIVED: {"receive", "close_short"},
}
SEND = question(_("Send order"), _("From now on its units count as on their way."), submit=_("Send order"))
BACK = question(
    _("Back to draft"), _("The order can be edited again; its units are no longer on their way."), submit=_("Take back")
)
CANCEL = question(_("Cancel order"), _("Nothing of it has arrived, and nothing will."), submit=_("Cancel order"))
CLOSE = question(
    _("Close short"), _("What has not arrived is given up and no longer expected."), submit=_("Close short")
)


class StageFilter(DropdownFilter):
    """Orders that are still open, on their way, or late."""

    title = _("stage")
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("open", _("Not finished")), ("coming", _("On the way")), ("late", _("Late"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        conditions = {
            "open": Q(state__in=[State.DRAFT, *COMING]),
            "coming": Q(state__in=COMING),
            "late": Q(state__in=COMING, expected_on__lt=timezone.localdate()),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


class DraftRows(Rows):
    """The lines of a draft."""

    model = PurchaseOrderLine
    form = LineForm
    formset = LineFormSet
    fields = ["item", "quantity", "unit_cost"]
    autocomplete_fields = ["item"]
    per_page = 100
    verbose_name = _("line")
    verbose_name_plural = _("Lines")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("item", "order")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:  # noqa: ARG002
        return 0 if obj else 3

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may edit a draft may take lines out of it."""
        return bool(self.has_change_permission(request, obj))


class LineRows(ReadOnlyRows):
    """The lines of an order that was sent."""

    model = PurchaseOrderLine
    fields = readonly_fields = ["sku", "quantity", "received", "outstanding", "each", "value"]
    per_page = 100
    verbose_name_plural = _("Lines")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("item", "order")

    @display(description=_("Item"))
    def sku(self, line: PurchaseOrderLine) -> str:
        return f"{line.item.sku} · {line.item.description}"

    @display(description=_("Outstanding"))
    def outstanding(self, line: PurchaseOrderLine) -> int:
        return line.outstanding

    @display(description=_("Unit cost"))
    def each(self, line: PurchaseOrderLine) -> str:
        return amounts.unit_cost(line.unit_cost, line.order.currency)

    @display(description=_("Value"))
    def value(self, line: PurchaseOrderLine) -> str:
        return amounts.money(line.quantity * line.unit_cost, line.order.currency)


def _summed(expression: Any, output: Any) -> Coalesce:
    per_order = PurchaseOrderLine.objects.filter(order=OuterRef("pk")).order_by().values("order")
    return Coalesce(Subquery(per_order.annotate(sum=Sum(expression)).values("sum")), 0, output_field=output)


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(ReceivePage, ExportDoor, Door):
    """Goods ordered from suppliers."""

    form = OrderForm
    list_display = ["reference", "state_label", "supplier", "at", "line_count", "progress", "value", "expected"]
    list_filter = [
        ("state", ChoicesDropdownFilter),
        StageFilter,
        ("supplier", RelatedDropdownFilter),
        ("warehouse", RelatedDropdownFilter),
    ]
    list_select_related = ["supplier", "warehouse"]
    search_fields = ["number", "supplier__name", "lines__item__sku"]
    search_help_text = _("Number, supplier or SKU")
    actions = None
    actions_detail = ["receive", "send", "back_to_draft", "close_short", "cancel"]
    change_form_outer_after_template = "admin/inventory/purchaseorder/deliveries.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        cost = DecimalField(max_digits=24, decimal_places=4)
        return (
            super()
            .get_queryset(request)
            .annotate(
                lines_there=_summed(F("quantity") * 0 + 1, IntegerField()),
                units=_summed("quantity", IntegerField()),
                units_in=_summed("received", IntegerField()),
                worth=_summed(F("quantity") * F("unit_cost"), cost),
            )
        )

    # --- What is shown ----------------------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": [("supplier", "warehouse"), ("rate", "expected_on"), "note"]})]
        rate = "rate" if self.has_change_permission(request, obj) else "exchange"
        money = ("value", rate) if obj.currency != settings.BASE_CURRENCY else ("value",)
        dates = ("created_at", "sent_at", "expected_on")
        return [
            (None, {"fields": [("number", "state_label", "progress"), ("supplier", "warehouse", "created_by")]}),
            (_("Dates and money"), {"fields": [dates, money, "note"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:  # noqa: ARG002
        if obj is None:
            return []
        shown = ["number", "state_label", "progress", "supplier", "warehouse", "created_by", "created_at", "sent_at"]
        return [*shown, "value", "exchange"]

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        edits = self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)
        return [DraftRows] if edits else [LineRows]

    @display(description=_("number"), ordering="number")
    def reference(self, order: PurchaseOrder) -> SafeString:
        return format_html('<span class="whitespace-nowrap">{}</span>', order.number)

    @display(description=_("state"), ordering="state")
    def state_label(self, order: PurchaseOrder) -> SafeString:
        return badge(GRADES[State(order.state)], order.get_state_display())

    @display(description=_("warehouse"), ordering="warehouse__code")
    def at(self, order: PurchaseOrder) -> str:
        return order.warehouse.code

    @display(description=_("lines"), ordering="lines_there")
    def line_count(self, order: PurchaseOrder) -> int:
        return order.lines_there  # type: ignore[attr-defined, no-any-return]

    @display(description=_("units received / ordered"), ordering="units")
    def progress(self, order: PurchaseOrder) -> str:
        return f"{order.units_in:,} / {order.units:,}"  # type: ignore[attr-defined]

    @display(description=_("value"), ordering="worth")
    def value(self, order: PurchaseOrder) -> str:
        return amounts.money(order.worth, order.currency)  # type: ignore[attr-defined]

    @display(description=_("rate"))
    def exchange(self, order: PurchaseOrder) -> str:
        return f"1 {order.currency} = {plain(order.rate)} {settings.BASE_CURRENCY}" if order.rate else "–"

    @display(description=_("expected"), ordering="expected_on")
    def expected(self, order: PurchaseOrder) -> SafeString | str:
        if order.expected_on is None:
            return "–"
        when = amounts.day(order.expected_on)
        if order.state in COMING and amounts.late(order.expected_on):
            return format_html('<span class="whitespace-nowrap">{} {}</span>', when, badge("danger", _("Late")))
        return when

    # --- Who may what -----------------------------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only drafts are edited."""
        may = super().has_change_permission(request, obj)
        return bool(may and (obj is None or obj.state == State.DRAFT))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_send_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Whoever may promise money."""
        return bool(request.user.has_perm("inventory.send_purchaseorder"))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Leave out the buttons that the order's state would refuse."""
        offered = super().get_actions_detail(request, object_id)
        order = self.get_object(request, str(object_id))
        verbs = VERBS.get(State(order.state), set()) if order else set()
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [one for one in offered if one.action_name.removeprefix(prefix) in verbs]

    # --- Editing drafts ---------------------------------------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        context = {**(extra_context or {})}
        if object_id and request.method == "GET":
            context["deliveries"] = deliveries(object_id)
        try:
            return super().changeform_view(request, object_id, form_url, context)
        except REFUSALS as error:
            # Somebody sent or changed it since the page was opened.
            messages.error(request, str(error))
            return redirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: Any) -> None:
        """Draft a new order, or revise a draft."""
        told = form.cleaned_data
        if not change:
            made = actions.draft(
                supplier=obj.supplier,
                warehouse=obj.warehouse,
                lines={},
                rate=told["rate"],
                note=told["note"],
                actor=actor(request),
            )
            obj.pk = made.pk
        if not change or form.has_changed():
            order = PurchaseOrder.objects.get(pk=obj.pk)
            actions.revise(
                order=order, rate=told.get("rate", order.rate), expected_on=told["expected_on"], note=told["note"]
            )
        obj._state.adding = False  # noqa: SLF001 (the action has written the row)
        obj.refresh_from_db()

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: Any, change: Any) -> None:
        """Set the lines: what is taken out or replaced first, so that two lines may swap their items."""
        if formset.model is not PurchaseOrderLine:
            super().save_formset(request, form, formset, change)
            return
        order = form.instance
        kept = list(formset.kept())
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        before = {line.pk: line.item for line in order.lines.select_related("item")}
        for one in formset.deleted_forms:
            if one.instance.pk in before:
                actions.set_line(order=order, item=before[one.instance.pk], quantity=0)
                formset.deleted_objects.append(one.instance)
        for one in kept:
            if one.instance.pk in before and "item" in one.changed_data:
                actions.set_line(order=order, item=before[one.instance.pk], quantity=0)
        for one in kept:
            told = one.cleaned_data
            line = actions.set_line(
                order=order, item=told["item"], quantity=told["quantity"], unit_cost=told["unit_cost"]
            )
            if one.instance.pk in before:
                formset.changed_objects.append((line, one.changed_data))
            else:
                formset.new_objects.append(line)

    # --- Its life ---------------------------------------------------------------------------------------------------

    def _do(self, request: HttpRequest, object_id: str, verb: Any, sentence: Any) -> HttpResponse:
        order = self.row_or_404(request, object_id)
        attempt(request, lambda: sentence % {"number": verb(order=order).number}, refusals=REFUSALS)
        return done(request, PurchaseOrder, object_id)

    @action(
        description=_("Send"),
        url_path="send",
        icon="send",
        permissions=["send"],
        variant=ActionVariant.PRIMARY,
        dialog=SEND,
    )
    def send(self, request: HttpRequest, _form: BaseDialogForm, object_id: str) -> HttpResponse:
        """Promise the supplier to buy."""
        return self._do(request, object_id, actions.send, _("%(number)s was sent."))

    @action(description=_("Back to draft"), url_path="back", icon="undo", permissions=["send"], dialog=BACK)
    def back_to_draft(self, request: HttpRequest, _form: BaseDialogForm, object_id: str) -> HttpResponse:
        """Take a sent order back."""
        return self._do(request, object_id, actions.back_to_draft, _("%(number)s is a draft again."))

    @action(description=_("Cancel order"), url_path="cancel", icon="cancel", permissions=["send"], dialog=CANCEL)
    def cancel(self, request: HttpRequest, _form: BaseDialogForm, object_id: str) -> HttpResponse:
        """End an order of which nothing has arrived."""
        return self._do(request, object_id, actions.cancel, _("%(number)s was cancelled."))

    @action(description=_("Close short"), url_path="close-short", icon="task_alt", permissions=["act"], dialog=CLOSE)
    def close_short(self, request: HttpRequest, _form: BaseDialogForm, object_id: str) -> HttpResponse:
        """Give up what has not arrived."""
        return self._do(request, object_id, actions.close_short, _("%(number)s was closed short."))
