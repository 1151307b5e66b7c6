"""Cases about money that a person decides: open ones first, with their number in the side bar."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RangeDateTimeFilter
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextInputWidget

from config.admin_doors import ReadOnlyDoor, actor, attempt, badge, done, question
from shop.orders.admin import order_link
from shop.orders.transitions import IllegalTransition
from shop.payments import deciding
from shop.payments.case_models import PaymentCase
from shop.payments.gateway import NotConfigured

Kind = PaymentCase.Kind
# What may be decided about an open case of each kind.
CHOICES: dict[str, tuple[str, ...]] = {
    Kind.AMOUNT: ("accept", "send_back"),
    Kind.CURRENCY: ("send_back",),
    Kind.REFUND_FAILED: ("again", "note"),
    Kind.REFUND_ELSEWHERE: ("take_back", "note"),
    Kind.SECOND_CHARGE: ("note",),
    Kind.DISPUTE: ("note",),
    Kind.SESSION_REFUSED: ("note",),
}


def count_of_open(request: HttpRequest) -> str:
    """Return how many cases are open, for the side bar; nothing for none."""
    if not request.user.has_perm("shop.view_paymentcase"):
        return ""
    count = PaymentCase.objects.filter(resolved_at=None).count()
    return str(count) if count else ""


class NoteForm(BaseDialogForm):
    """Why it is decided like that."""

    note = forms.CharField(label=_("Reason"), max_length=500, widget=UnfoldAdminTextInputWidget)


ACCEPT = question(
    _("Accept what was paid"),
    _("The order counts as paid with the amount that came. Refunds can never exceed that amount."),
    submit=_("Accept"),
    form=NoteForm,
)
SEND_BACK = question(
    _("Send the money back"),
    _("All of it goes back to the buyer; an order that waits for payment ends and its units go back on sale."),
    submit=_("Send back"),
    form=NoteForm,
)
AGAIN = question(
    _("Try the refund again"), _("The same units and sums are paid back anew."), submit=_("Pay back"), form=NoteForm
)
TAKE_BACK = question(
    _("Take the order back"),
    _("All of the money went back and nothing has left: units go back on sale and royalties reverse."),
    submit=_("Take back"),
    form=NoteForm,
)
NOTE = question(
    _("Close with a note"), _("Nothing else changes: what had to be done was done."), submit=_("Close"), form=NoteForm
)


class OpenFilter(DropdownFilter):
    """Open or closed."""

    title = _("state")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("yes", _("Open")), ("no", _("Closed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        if self.value() in {"yes", "no"}:
            return queryset.filter(resolved_at__isnull=self.value() == "yes")
        return queryset


@admin.register(PaymentCase)
class PaymentCaseAdmin(ReadOnlyDoor):
    """Cases, the open ones first."""

    ordering = [F("resolved_at").desc(nulls_first=True), "-opened_at"]
    list_display = ["opened_at", "kind", "order_number", "state_label", "facts_short", "resolved_by", "resolution"]
    list_display_links = ["opened_at", "kind"]
    list_filter = [OpenFilter, ("kind", ChoicesDropdownFilter), ("opened_at", RangeDateTimeFilter)]
    list_select_related = ["order"]
    search_fields = ["order__number", "facts"]
    search_help_text = _("Order number or what happened")
    fieldsets = [
        (None, {"fields": [("kind", "order_page", "payment_page", "refund_page"), "facts", "opened_at"]}),
        (_("Decision"), {"fields": [("state_label", "resolved_by", "resolved_at"), "resolution"]}),
    ]
    readonly_fields = ["order_page", "payment_page", "refund_page", "state_label"]
    actions_detail = ["accept", "send_back", "again", "take_back", "note"]

    def has_refund_permission(self, request: HttpRequest, _obj: object = None) -> bool:
        """Whoever may pay money back, or waive it."""
        return bool(request.user.has_perm("shop.send_refund"))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Offer what may be decided about a case of this kind that is open."""
        offered = super().get_actions_detail(request, object_id)
        case = self.get_object(request, str(object_id))
        verbs = CHOICES[case.kind] if case and case.resolved_at is None else ()
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [one for one in offered if one.action_name.removeprefix(prefix) in verbs]

    @display(description=_("order"), ordering="order__number")
    def order_number(self, case: PaymentCase) -> str:
        return case.order.number

    @display(description=_("order"))
    def order_page(self, case: PaymentCase) -> SafeString:
        return order_link(case.order)

    @display(description=_("payment"))
    def payment_page(self, case: PaymentCase) -> SafeString:
        page = reverse("admin:shop_payment_change", args=[case.payment_id])
        return format_html('<a class="text-link" href="{}">#{}</a>', page, case.payment.attempt)

    @display(description=_("refund"))
    def refund_page(self, case: PaymentCase) -> SafeString | str:
        if case.refund is None:
            return "–"
        page = reverse("admin:shop_refund_change", args=[case.refund.pk])
        return format_html('<a class="text-link" href="{}">{}</a>', page, case.refund.get_state_display())

    @display(description=_("state"))
    def state_label(self, case: PaymentCase) -> SafeString:
        return badge("", _("Closed")) if case.resolved_at else badge("danger", _("Open"))

    @display(description=_("what happened"))
    def facts_short(self, case: PaymentCase) -> str:
        return f"{case.facts[:90]}…" if len(case.facts) > 90 else case.facts

    def _decide(
        self, request: HttpRequest, form: BaseDialogForm, object_id: str, verb: Callable[..., Any]
    ) -> HttpResponse:
        case = self.row_or_404(request, object_id)

        def decide() -> str:
            verb(case_id=case.pk, actor=actor(request), note=form.cleaned_data["note"])
            return str(_("The case is closed."))

        attempt(request, decide, refusals=(deciding.NotDecidable, IllegalTransition, NotConfigured))
        return done(request, PaymentCase, object_id)

    @action(description=_("Accept"), url_path="accept", icon="check", permissions=["refund"], dialog=ACCEPT)
    def accept(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        """Take what was paid for what was asked."""
        return self._decide(request, form, object_id, deciding.accept_amount)

    @action(description=_("Send back"), url_path="send-back", icon="undo", permissions=["refund"], dialog=SEND_BACK)
    def send_back(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        """Send back what was paid wrongly."""
        return self._decide(request, form, object_id, deciding.send_back)

    @action(description=_("Try again"), url_path="again", icon="replay", permissions=["refund"], dialog=AGAIN)
    def again(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        """Try a refund that failed once more."""
        return self._decide(request, form, object_id, deciding.pay_back_again)

    @action(
        description=_("Take the order back"),
        url_path="take-back",
        icon="keyboard_return",
        permissions=["refund"],
        dialog=TAKE_BACK,
    )
    def take_back(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        """The money went back at Stripe, the order follows."""
        return self._decide(request, form, object_id, deciding.take_order_back)

    @action(description=_("Close"), url_path="note", icon="edit_note", permissions=["act"], dialog=NOTE)
    def note(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        """Close with a note."""
        return self._decide(request, form, object_id, deciding.note_only)
