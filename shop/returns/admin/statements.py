"""The pages of withdrawals: those that a person has to match come first."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Case, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from config.admin_doors import ReadOnlyDoor, actor, attempt, badge, done, question
from shop.orders.admin import order_link
from shop.orders.models import Order
from shop.returns import actions, matching, tasks
from shop.returns.admin.bench import PAGE, cell, named
from shop.returns.admin.forms import NoteForm, OrderNumberForm, UnitsForm
from shop.returns.errors import ReturnError
from shop.returns.models import WithdrawalStatement

State = WithdrawalStatement.State
STATE_LABELS = {
    State.SENT: "info",
    State.UNMATCHED: "danger",
    State.PERSON: "warning",
    State.DONE: "success",
    State.SET_ASIDE: "",
}
OPEN = (State.UNMATCHED, State.PERSON)
SET_ASIDE = question(
    _("Set aside"),
    _("It is about no order of ours. It stays kept, with your reason."),
    submit=_("Set aside"),
    form=NoteForm,
)


@admin.register(WithdrawalStatement)
class WithdrawalStatementAdmin(ReadOnlyDoor):
    """Statements of withdrawal."""

    list_display = ["sent_at", "state_label", "order_number", "name", "email", "order_page", "outcome"]
    list_filter = [("state", ChoicesDropdownFilter), ("sent_at", RangeDateTimeFilter)]
    list_select_related = ["order"]
    search_fields = ["order_number", "name", "email", "order__number"]
    search_help_text = _("Number, name or e-mail")
    actions_detail = ["match", "set_aside"]
    fieldsets = [
        (None, {"fields": [("state_label", "sent_at"), "outcome"]}),
        (_("What she stated"), {"fields": [("name", "order_number", "email"), ("scope", "lines_text", "language")]}),
        (_("What we did"), {"fields": [("order_page", "decided_by", "decided_at")]}),
    ]
    readonly_fields = ["state_label", "scope", "order_page"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        first = Case(When(state__in=OPEN, then=0), default=1)
        return super().get_queryset(request).order_by(first, "-sent_at")

    @display(description=_("state"), ordering="state")
    def state_label(self, row: WithdrawalStatement) -> SafeString:
        return badge(STATE_LABELS[State(row.state)], row.get_state_display())

    @display(description=_("order"), ordering="order__number")
    def order_page(self, row: WithdrawalStatement) -> SafeString | str:
        return order_link(row.order) if row.order else "–"

    @display(description=_("scope"))
    def scope(self, row: WithdrawalStatement) -> str:
        if row.whole:
            return str(_("The whole order"))
        if not row.lines or row.order is None:
            return str(_("A part, in her own words"))
        lines = {str(line.pk): line for line in row.order.lines.all()}
        return "; ".join(f"{units} × {lines[key].sku}" for key, units in row.lines.items() if key in lines)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """What was carried out is not decided again."""
        allowed: list[Any] = super().get_actions_detail(request, object_id)
        row = self.get_object(request, str(object_id))
        return [] if row is not None and row.state == State.DONE else allowed

    @action(description=_("Match"), url_path="match", icon="link", permissions=["act"], variant=ActionVariant.PRIMARY)
    def match(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say which order it is about, then which units; it is then carried out, whatever the period."""
        row: WithdrawalStatement = self.row_or_404(request, object_id)
        page = reverse("admin:shop_withdrawalstatement_change", args=[row.pk])
        if row.state == State.DONE:
            messages.error(request, _("This withdrawal was carried out already."))
            return redirect(page)
        asked = request.POST or request.GET
        known = row.order.number if row.order else matching.normal_number(row.order_number)
        number = OrderNumberForm(asked if "number" in asked else None, initial={"number": known})
        if "number" not in asked or not number.is_valid() or number.order is None:
            return self._number(request, row, number, page)
        order = number.order
        lines = list(order.lines.all())
        whole = {line.pk: line.quantity - line.cancelled for line in lines}
        chosen = {int(key): units for key, units in row.lines.items() if row.order_id == order.pk}
        given = chosen or (whole if row.whole else {})
        units = UnitsForm(request.POST if "confirm" in request.POST else None, lines=lines, given=given)
        if units.is_bound and units.is_valid():
            try:
                actions.match(statement_id=row.pk, order=order, lines=units.units(), actor=actor(request))
            except ReturnError as error:
                units.add_error(None, str(error))
            else:
                tasks.carry_out.delay(str(row.pk))
                messages.success(request, _("Matched with %(number)s.") % {"number": order.number})
                return redirect(page)
        return self._units(request, row, order, units, page)

    def _facts(self, row: WithdrawalStatement) -> list[tuple[Any, Any]]:
        return [
            (_("Number as she typed it"), row.order_number),
            (_("Name"), row.name),
            (_("E-mail"), row.email),
            (_("Articles"), row.lines_text or self.scope(row)),
            (_("Submitted"), f"{row.sent_at:%Y-%m-%d %H:%M:%S} UTC"),
        ]

    def _context(self, request: HttpRequest, row: WithdrawalStatement, page: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "subtitle": row.order_number,
            "opts": self.opts,
            "original": row,
            "back": page,
            "facts": self._facts(row),
        }

    def _number(self, request: HttpRequest, row: WithdrawalStatement, form: OrderNumberForm, page: str) -> HttpResponse:
        likely = Order.objects.filter(email__iexact=row.email).order_by("-placed_at")[:5]
        hint = _("Orders of this e-mail address: %(numbers)s.") % {
            "numbers": ", ".join(one.number for one in likely) or "–"
        }
        context = self._context(request, row, page) | {
            "title": _("Which order?"), "head": [form["number"]], "submit": _("Continue"), "hint": hint
        }  # fmt: skip
        return TemplateResponse(request, PAGE, context)

    def _units(
        self, request: HttpRequest, row: WithdrawalStatement, order: Order, form: UnitsForm, page: str
    ) -> HttpResponse:
        to = order.ship_to
        who = ", ".join(filter(None, (str(to.get("name", "")), str(to.get("city", "")), order.email)))
        context = self._context(request, row, page) | {
            "title": _("Which units?"),
            "hint": _("%(number)s, %(state)s: %(who)s")
            % {"number": order.number, "state": order.get_state_display(), "who": who},
            "hidden": [
                SafeString('<input type="hidden" name="confirm" value="1">'),
                OrderNumberForm(initial={"number": order.number})["number"].as_hidden(),
            ],
            "table": {
                "headers": [_("Article"), _("Ordered"), _("Withdrawn")],
                "rows": [[named(line), str(line.quantity), cell(form, f"units_{line.pk}")] for line in form.lines],
            },
            "errors": form.non_field_errors(),
            "submit": _("Match and carry out"),
        }
        return TemplateResponse(request, PAGE, context)

    @action(description=_("Set aside"), url_path="set-aside", icon="archive", permissions=["act"], dialog=SET_ASIDE)
    def set_aside(self, request: HttpRequest, form: NoteForm, object_id: str) -> HttpResponse:
        """It is about no order of ours."""
        row = self.row_or_404(request, object_id)
        reason = form.cleaned_data["reason"]

        def verb() -> str:
            actions.set_aside(statement_id=row.pk, reason=reason, actor=actor(request))
            return str(_("Set aside."))

        attempt(request, verb, refusals=(ReturnError,))
        return done(request, WithdrawalStatement, object_id)
