"""Disputes by their deadline, with the evidence as a PDF and the button that hands it to the bank."""

from typing import Any

import stripe
from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from config.admin_doors import ReadOnlyDoor, ReadOnlyRows, actor, attempt, badge, done, question
from shop.crossborder.money import display as money
from shop.orders.admin import order_link
from shop.orders.customs_pages import pdf
from shop.payments.actions.disputes import NotAnswerable, send_evidence
from shop.payments.case_models import TO_ANSWER, Dispute
from shop.payments.evidence import document, facts, texts
from shop.payments.gateway import NotConfigured

State = Dispute.State
LABELS = {
    State.WARNING_NEEDS_RESPONSE: "danger",
    State.WARNING_UNDER_REVIEW: "info",
    State.WARNING_CLOSED: "",
    State.NEEDS_RESPONSE: "danger",
    State.UNDER_REVIEW: "info",
    State.WON: "success",
    State.LOST: "warning",
    State.PREVENTED: "",
}


class StatementForm(BaseDialogForm):
    """What is added in words."""

    statement = forms.CharField(
        label=_("What we say"),
        required=False,
        max_length=6_000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        help_text=_("Stands at the head of the bundle. Order, parcels, price and terms are added by themselves."),
    )


SEND = question(
    _("Send the evidence"),
    _("The bank reads it once: nothing can be added afterwards."),
    submit=_("Send"),
    form=StatementForm,
)


class DisputeRows(ReadOnlyRows):
    """What banks took back of a payment."""

    model = Dispute
    fields = readonly_fields = ["opened_at", "reason_text", "state", "sum", "due_by", "evidence_sent_at"]
    verbose_name_plural = _("Disputes")
    show_change_link = True
    hide_title = False

    @display(description=_("Amount"))
    def sum(self, dispute: Dispute) -> str:
        return money(dispute.amount, dispute.currency, "en")


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyDoor):
    """Disputes: those that wait for an answer come first, by their deadline."""

    list_display = ["order_number", "state_label", "deadline", "sum", "reason_text", "opened_at", "evidence_sent_at"]
    list_filter = [("state", ChoicesDropdownFilter), ("due_by", RangeDateTimeFilter)]
    list_select_related = ["payment__order"]
    search_fields = ["payment__order__number", "stripe_id", "payment__payment_intent"]
    search_help_text = _("Order number, dispute or payment intent")
    fieldsets = [
        (None, {"fields": [("order_page", "state_label", "deadline"), ("sum", "gone", "reason_text")]}),
        (_("Evidence"), {"fields": [("evidence_sent_at", "evidence_sent_by", "evidence_file")]}),
        ("Stripe", {"fields": [("stripe_id", "opened_at", "closed_at")]}),
    ]
    readonly_fields = ["order_page", "state_label", "deadline", "sum", "gone", "reason_text"]
    actions_detail = ["send", "bundle"]

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Leave out sending where no answer is taken."""
        offered: list[Any] = super().get_actions_detail(request, object_id)
        dispute = self.get_object(request, str(object_id))
        open_still = dispute is not None and dispute.state in TO_ANSWER
        return [one for one in offered if open_still or not one.action_name.endswith("_send")]

    @display(description=_("order"), ordering="payment__order__number")
    def order_number(self, dispute: Dispute) -> str:
        return dispute.payment.order.number

    @display(description=_("order"))
    def order_page(self, dispute: Dispute) -> SafeString:
        return order_link(dispute.payment.order)

    @display(description=_("state"), ordering="state")
    def state_label(self, dispute: Dispute) -> SafeString:
        return badge(LABELS[State(dispute.state)], dispute.get_state_display())

    @display(description=_("answer due"), ordering="due_by")
    def deadline(self, dispute: Dispute) -> SafeString | str:
        if dispute.due_by is None or dispute.state not in TO_ANSWER:
            return "–"
        days = (dispute.due_by - timezone.now()).days
        grade, left = ("danger", _("over")) if days < 0 else ("danger" if days < 3 else "info", _("%d days") % days)
        return format_html(
            "{} {}", date_format(timezone.localtime(dispute.due_by), "DATETIME_FORMAT"), badge(grade, left)
        )

    @display(description=_("amount"), ordering="amount")
    def sum(self, dispute: Dispute) -> str:
        return money(dispute.amount, dispute.currency, "en")

    @display(description=_("taken by the bank"))
    def gone(self, dispute: Dispute) -> str:
        return money(dispute.withdrawn, dispute.currency, "en")

    @display(description=_("reason"), ordering="reason")
    def reason_text(self, dispute: Dispute) -> str:
        return dispute.reason_text

    @action(
        description=_("Send evidence"),
        url_path="send-evidence",
        icon="send",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=SEND,
    )
    def send(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        """Hand the evidence to the bank."""
        dispute = self.row_or_404(request, object_id)

        def verb() -> str:
            known, told = facts.gather(dispute), form.cleaned_data["statement"]
            send_evidence(
                dispute_id=dispute.pk,
                evidence=texts.fields(known, statement=told),
                bundle=document.bundle(known, statement=told, on=timezone.localdate()),
                actor=actor(request),
            )
            return str(_("The evidence was sent."))

        attempt(request, verb, refusals=(NotAnswerable, stripe.StripeError, NotConfigured))
        return done(request, Dispute, object_id)

    @action(description=_("Evidence (PDF)"), url_path="evidence", icon="description", permissions=["view"])
    def bundle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The bundle as it would be sent now, without a statement."""
        dispute = self.row_or_404(request, object_id)
        content = document.bundle(facts.gather(dispute), statement="", on=timezone.localdate())
        return pdf(content, name=f"evidence-{dispute.payment.order.number}")
