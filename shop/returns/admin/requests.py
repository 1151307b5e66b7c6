"""The pages of returns: the list by deadline, and a return with its lines, its timeline and its verbs."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter, RelatedDropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

from config.admin_doors import (
    ReadOnlyDoor,
    ReadOnlyRows,
    actor,
    attempt,
    done,
    question,
)
from shop.crossborder.money import display as money
from shop.orders.admin import order_link
from shop.orders.customs_pages import pdf
from shop.returns import actions, facts
from shop.returns.admin import looks
from shop.returns.admin.bench import BenchPages
from shop.returns.admin.forms import ReasonForm, TrackingForm
from shop.returns.errors import ReturnError
from shop.returns.models import ReturnEvent, ReturnLine, ReturnRequest, ReturnState, UnexpectedUnits
from shop.returns.slip import NoSlip, return_slip
from shop.returns.transitions import EXPECTED, IllegalReturnMove

REFUSALS = (ReturnError, IllegalReturnMove)
AUTHORISE = question(
    _("Authorise"), _("The shopper is told where to send the goods, with the slip."), submit=_("Authorise")
)
REFUSE = question(_("Refuse"), _("The shopper is told why, in these words."), submit=_("Refuse"), form=ReasonForm)
SENT = question(
    _("Proof of sending"),
    _("From now on the refund may not wait for the goods."),
    submit=_("Note it"),
    form=TrackingForm,
)
REPAY = question(
    _("Pay back now"), _("The refund is asked for now; however often, it is paid once."), submit=_("Pay back")
)
CLOSE = question(_("Close"), _("Nothing has come; its units can be returned another time."), submit=_("Close"))
# Verb → the states in which it makes sense.
VERBS: dict[str, frozenset[str]] = {
    "authorise": frozenset({ReturnState.REQUESTED, ReturnState.REFUSED}),
    "refuse": frozenset({ReturnState.REQUESTED}),
    "sent": frozenset({ReturnState.AUTHORISED}),
    "receive": frozenset(ReturnState),  # whatever comes is taken in
    "inspect": frozenset({ReturnState.RECEIVED}),
    "repay": frozenset({ReturnState.INSPECTED}),
    "close": frozenset({ReturnState.AUTHORISED, ReturnState.IN_TRANSIT, ReturnState.REQUESTED}),
    "slip": EXPECTED,
}


class LineRows(ReadOnlyRows):
    """What comes back, and what was found."""

    model = ReturnLine
    fields = readonly_fields = [
        "sku", "name", "units", "received", "resaleable", "quarantined", "damaged", "written_off", "accepted", "wanted",
        "finding",
    ]  # fmt: skip
    verbose_name_plural = _("Lines")
    hide_title = False

    @display(description="SKU")
    def sku(self, line: ReturnLine) -> str:
        return line.order_line.sku

    @display(description=_("Name"))
    def name(self, line: ReturnLine) -> str:
        return line.order_line.name

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("order_line", "wanted")


class EventRows(ReadOnlyRows):
    """The return's life so far."""

    model = ReturnEvent
    fields = readonly_fields = ["created_at", "move", "actor", "cause"]
    verbose_name_plural = _("Timeline")
    hide_title = False

    @display(description=_("Move"))
    def move(self, event: ReturnEvent) -> str:
        names = dict(ReturnState.choices)
        to_state = str(names.get(event.to_state, event.to_state))
        if event.from_state == event.to_state:
            return to_state
        return f"{names.get(event.from_state, event.from_state)} → {to_state}" if event.from_state else to_state


class UnexpectedRows(ReadOnlyRows):
    """What came with it that nobody announced."""

    model = UnexpectedUnits
    fk_name = "request"
    fields = readonly_fields = ["received_at", "sku", "units", "why", "resolution"]
    verbose_name_plural = _("Unexpected units")
    show_change_link = True
    hide_title = False


@admin.register(ReturnRequest)
class ReturnRequestAdmin(BenchPages, ReadOnlyDoor):
    """Returns, the most urgent first."""

    list_display = ["number", "due_label", "state_label", "kind", "order_number", "country", "asked_at"]
    list_filter = [
        looks.DueFilter,
        ("state", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("warehouse", RelatedDropdownFilter),
        ("asked_at", RangeDateTimeFilter),
    ]
    list_select_related = ["order"]
    search_fields = ["number", "order__number", "order__email", "tracking", "lines__order_line__sku"]
    search_help_text = _("Number, order, e-mail, parcel or SKU")
    inlines = [LineRows, UnexpectedRows, EventRows]
    actions_detail = ["receive", "inspect", "authorise", "refuse", "sent", "repay", "slip", "close"]
    fieldsets = [
        (None, {"fields": [("number", "state_label", "kind", "order_page"), ("reason", "note")]}),
        (
            _("Deadlines"),
            {"fields": [("due_label", "refund_by", "send_back_by"), ("period_text", "waiting")]},
        ),
        (
            _("Dates"),
            {"fields": [("asked_at", "authorised_at", "sent_at"), ("received_at", "inspected_at", "closed_at")]},
        ),
        (_("Goods"), {"fields": [("warehouse", "tracking", "refused_reason")]}),
        (
            _("Money"),
            {"fields": [("refund_text", "delivery_text", "deduction_text"), ("deduction_reason", "exchange_page")]},
        ),
    ]  # fmt: skip
    readonly_fields = [
        "state_label", "order_page", "due_label", "period_text", "waiting", "refund_text", "delivery_text",
        "deduction_text", "exchange_page",
    ]  # fmt: skip

    @display(description=_("deadline"), ordering="due_on")
    def due_label(self, row: ReturnRequest) -> SafeString | str:
        return looks.due(row.due_on, row.get_due_what_display() if row.due_what else "")

    @display(description=_("state"), ordering="state")
    def state_label(self, row: ReturnRequest) -> SafeString:
        return looks.state(row)

    @display(description=_("order"), ordering="order__number")
    def order_number(self, row: ReturnRequest) -> str:
        return row.order.number

    @display(description=_("country"), ordering="order__country")
    def country(self, row: ReturnRequest) -> str:
        return row.order.country

    @display(description=_("order"))
    def order_page(self, row: ReturnRequest) -> SafeString:
        return order_link(row.order)

    @display(description=_("in time until"))
    def period_text(self, row: ReturnRequest) -> str:
        period = facts.period_of(row.order)
        if period is None:
            return str(_("No right and no window of ours: a person decides"))
        until = period.last.isoformat() if period.last else str(_("no end before delivery"))
        longer = str(_(", twelve months longer: she was not told")) if period.extended else ""
        doubt = "" if period.confidence == "official" else str(_("; not confirmed yet"))
        return f"{until}{longer} ({period.source}{doubt})"

    @display(description=_("the refund"))
    def waiting(self, row: ReturnRequest) -> str:
        if row.state == ReturnState.CLOSED:
            return "–"
        if row.refund_by:
            return str(_("is due by %(day)s") % {"day": row.refund_by})
        return str(_("may wait for the goods or for proof that they were sent"))

    @display(description=_("refund"))
    def refund_text(self, row: ReturnRequest) -> str:
        if row.refund is None:
            return "–"
        return f"{money(row.refund.amount, row.order.currency, 'en')}, {row.refund.get_state_display()}"

    @display(description=_("delivery that goes back"))
    def delivery_text(self, row: ReturnRequest) -> str:
        return money(row.delivery_refund, row.order.currency, "en")

    @display(description=_("taken off"))
    def deduction_text(self, row: ReturnRequest) -> str:
        return money(row.deduction, row.order.currency, "en")

    @display(description=_("order in exchange"))
    def exchange_page(self, row: ReturnRequest) -> SafeString | str:
        return order_link(row.exchange_order) if row.exchange_order else "–"

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer what makes sense in the state."""
        allowed: list[Any] = super().get_actions_detail(request, object_id)
        row = self.get_object(request, str(object_id))
        if row is None:
            return allowed
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [one for one in allowed if row.state in VERBS[one.action_name.removeprefix(prefix)]]

    def _do(self, request: HttpRequest, object_id: str, verb: Any, said: Any) -> HttpResponse:
        row = self.row_or_404(request, object_id)

        def run() -> str:
            verb(row)
            return str(said % {"number": row.number})

        attempt(request, run, refusals=REFUSALS)
        return done(request, ReturnRequest, object_id)

    @action(
        description=_("Authorise"),
        url_path="authorise",
        icon="check",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=AUTHORISE,
    )
    def authorise(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:  # noqa: ARG002
        """Let the goods come back."""
        return self._do(
            request,
            object_id,
            lambda row: actions.authorise(request_id=row.pk, actor=actor(request)),
            _("%(number)s is authorised."),
        )

    @action(description=_("Refuse"), url_path="refuse", icon="block", permissions=["act"], dialog=REFUSE)
    def refuse(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        """Say no, and why."""
        reason = form.cleaned_data["reason"]
        return self._do(
            request,
            object_id,
            lambda row: actions.refuse(request_id=row.pk, reason=reason, actor=actor(request)),
            _("%(number)s is refused."),
        )

    @action(description=_("Proof of sending"), url_path="sent", icon="local_shipping", permissions=["act"], dialog=SENT)
    def sent(self, request: HttpRequest, form: TrackingForm, object_id: str) -> HttpResponse:
        """The shopper showed that it is on its way."""
        tracking = form.cleaned_data["tracking"]
        return self._do(
            request,
            object_id,
            lambda row: actions.mark_sent(request_id=row.pk, tracking=tracking, actor=actor(request)),
            _("%(number)s is on its way."),
        )

    @action(description=_("Close"), url_path="close", icon="cancel", permissions=["act"], dialog=CLOSE)
    def close(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:  # noqa: ARG002
        """Nothing will come."""
        return self._do(
            request,
            object_id,
            lambda row: actions.give_up(request_id=row.pk, actor=actor(request), cause="closed: nothing came"),
            _("%(number)s is closed."),
        )

    @action(
        description=_("Pay back now"), url_path="repay", icon="currency_exchange", permissions=["act"], dialog=REPAY
    )
    def repay(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:  # noqa: ARG002
        """Ask for the refund now instead of waiting for the sweep; asking twice refunds once."""
        return self._do(
            request,
            object_id,
            lambda row: actions.repay(request_id=row.pk, again=True),
            _("%(number)s: the refund was asked for."),
        )

    @action(description=_("Return slip (PDF)"), url_path="slip", icon="description", permissions=["view"])
    def slip(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The slip that the shopper puts into the parcel."""
        row = self.row_or_404(request, object_id)
        try:
            return pdf(return_slip(row), name=row.number)
        except NoSlip as error:
            messages.error(request, str(error))
            return redirect(reverse("admin:shop_returnrequest_change", args=[row.pk]))
