"""The pages of filings with China's customs: three documents a sale, what was answered, and what a person may do."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RangeDateTimeFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from config.admin_doors import ReadOnlyDoor, ReadOnlyRows, attempt, badge, done, question
from shop.crossborder.china import actions, codes, connections, preview
from shop.crossborder.china.documents import InvalidFiling
from shop.crossborder.models import CustomsDocument, CustomsFiling, CustomsReply
from shop.crossborder.money import display as money

STATES = {
    CustomsFiling.State.WAITING: "warning",
    CustomsFiling.State.OPEN: "info",
    CustomsFiling.State.ATTENTION: "danger",
    CustomsFiling.State.CLEARED: "success",
    CustomsFiling.State.WITHDRAWN: "",
}
DOCUMENT_STATES = {
    CustomsDocument.State.WAITING: "warning",
    CustomsDocument.State.SENT: "info",
    CustomsDocument.State.ACCEPTED: "success",
    CustomsDocument.State.REFUSED: "danger",
    CustomsDocument.State.FAILED: "danger",
}
SEND_AGAIN = question(
    _("Send again"),
    _("What customs refused is sent as a new version, what it never answered is sent once more. First mend the cause."),
    submit=_("Send"),
)


class WaybillForm(BaseDialogForm):
    """Under which waybill the parcel travels."""

    number = forms.CharField(label=_("Waybill number"), max_length=60, widget=UnfoldAdminTextInputWidget)
    weight = forms.DecimalField(
        label=_("Gross weight in kilograms"),
        min_value=0,
        max_digits=10,
        decimal_places=5,
        widget=UnfoldAdminDecimalFieldWidget,
    )
    packs = forms.IntegerField(
        label=_("Parcels"), min_value=1, max_value=99, initial=1, widget=UnfoldAdminIntegerFieldWidget
    )


WAYBILL = question(
    _("Enter waybill"),
    _("The waybill is filed with the order and the payment; a number filed before is replaced."),
    submit=_("File waybill"),
    form=WaybillForm,
)


def document_badge(document: CustomsDocument | None) -> SafeString:
    """Return a document's state as a label."""
    if document is None:
        return badge("", _("None"))
    return badge(DOCUMENT_STATES[CustomsDocument.State(document.state)], document.get_state_display())


class DocumentRows(ReadOnlyRows):
    """The three documents."""

    model = CustomsDocument
    fields = readonly_fields = [
        "kind",
        "number",
        "label",
        "versions",
        "attempts",
        "sent_at",
        "due_at",
        "answer",
        "remedy",
    ]
    verbose_name_plural = _("Documents")
    hide_title = False

    @display(description=_("State"))
    def label(self, document: CustomsDocument) -> SafeString:
        return document_badge(document)

    @display(description=_("Versions (accepted/sent/desired)"))
    def versions(self, document: CustomsDocument) -> str:
        return f"{document.accepted_version}/{document.sent_version}/{document.desired_version}"

    @display(description=_("Last answer"))
    def answer(self, document: CustomsDocument) -> str:
        return " ".join(filter(None, (document.last_code, document.last_message))) or "–"

    @display(description=_("What to do"))
    def remedy(self, document: CustomsDocument) -> str:
        known = codes.reply_codes().get(document.last_code)
        return known.what_to_do if known else "–"


class StuckFilter(DropdownFilter):
    """Filings with a document in trouble."""

    title = _("trouble")
    parameter_name = "trouble"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("refused", _("A document is refused")), ("failed", _("A document has failed"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:  # noqa: ARG002
        if self.value() in {"refused", "failed"}:
            return queryset.filter(documents__state=self.value()).distinct()
        return queryset


@admin.register(CustomsFiling)
class CustomsFilingAdmin(ReadOnlyDoor):
    """Sales that China's customs is to know of."""

    list_display = [
        "sale",
        "state_label",
        "order_label",
        "payment_label",
        "logistics_label",
        "amount",
        "reason_line",
        "created_at",
    ]
    list_filter = [("state", ChoicesDropdownFilter), StuckFilter, ("created_at", RangeDateTimeFilter)]
    search_fields = ["source", "order_no", "documents__number", "documents__guid"]
    search_help_text = _("Order, payment or waybill number, or message id")
    inlines = [DocumentRows]
    fieldsets = [
        (None, {"fields": [("sale", "source", "state_label"), "reason", ("amount", "identity")]}),
        (_("Dates"), {"fields": [("created_at", "checked_at", "cleared_at", "withdrawn_at")]}),
        (_("Replies of customs"), {"fields": ["timeline"]}),
        (_("Messages, identity masked"), {"fields": ["messages_text"]}),
    ]
    readonly_fields = ["sale", "state_label", "amount", "identity", "timeline", "messages_text"]
    actions_detail = ["send_again", "enter_waybill"]
    actions_row = ["send_again"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("documents", queryset=CustomsDocument.objects.order_by("id")))
        )

    @display(description=_("sale"), ordering="order_no")
    def sale(self, filing: CustomsFiling) -> str:
        return str(filing)

    @display(description=_("state"), ordering="state")
    def state_label(self, filing: CustomsFiling) -> SafeString:
        return badge(STATES[CustomsFiling.State(filing.state)], filing.get_state_display())

    def _label(self, filing: CustomsFiling, kind: str) -> SafeString:
        return document_badge(next((one for one in filing.documents.all() if one.kind == kind), None))

    @display(description=_("order"))
    def order_label(self, filing: CustomsFiling) -> SafeString:
        return self._label(filing, CustomsDocument.Kind.ORDER)

    @display(description=_("payment"))
    def payment_label(self, filing: CustomsFiling) -> SafeString:
        return self._label(filing, CustomsDocument.Kind.PAYMENT)

    @display(description=_("waybill"))
    def logistics_label(self, filing: CustomsFiling) -> SafeString:
        return self._label(filing, CustomsDocument.Kind.LOGISTICS)

    @display(description=_("paid"), ordering="paid")
    def amount(self, filing: CustomsFiling) -> str:
        return money(filing.paid, "CNY", "en") if filing.paid is not None else "–"

    @display(description=_("reason"))
    def reason_line(self, filing: CustomsFiling) -> str:
        return filing.reason if len(filing.reason) <= 60 else f"{filing.reason[:59]}…"

    @display(description=_("identity"))
    def identity(self, filing: CustomsFiling) -> Any:
        return _("Kept encrypted") if filing.identity_ref else _("Not known yet")

    @display(description=_("timeline"))
    def timeline(self, filing: CustomsFiling) -> SafeString:
        rows = CustomsReply.objects.filter(document__filing=filing).order_by("return_time", "id")
        return format_html_join(
            "",
            "<div>{} · {} · {} · {} · <em>{}</em></div>",
            (
                (
                    reply.return_time.isoformat(sep=" ", timespec="seconds"),
                    reply.get_kind_display(),
                    reply.status,
                    reply.info,
                    reply.outcome,
                )
                for reply in rows
            ),
        ) or SafeString("–")

    @display(description=_("messages"))
    def messages_text(self, filing: CustomsFiling) -> SafeString:
        texts = preview.messages(filing)
        return format_html_join(
            "",
            '<details><summary>{}</summary><pre style="white-space:pre-wrap;overflow-wrap:anywhere">{}</pre></details>',
            texts,
        ) or SafeString("–")

    @action(
        description=_("Send again"),
        url_path="send-again",
        icon="send",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=SEND_AGAIN,
    )
    def send_again(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:  # noqa: ARG002
        """Send again what was refused or never answered."""
        count = actions.resend(filing_id=self.row_or_404(request, object_id).pk)
        if count:
            messages.success(request, _("%(count)d documents are sent again.") % {"count": count})
        else:
            messages.info(request, _("There is nothing to send again: no document is refused or has failed."))
        return done(request, CustomsFiling, object_id)

    @action(
        description=_("Enter waybill"),
        url_path="enter-waybill",
        icon="local_shipping",
        permissions=["act"],
        dialog=WAYBILL,
    )
    def enter_waybill(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:
        """File the waybill."""
        filing = self.row_or_404(request, object_id)

        def verb() -> Any:
            facts = form.cleaned_data
            actions.set_waybill(
                filing_id=filing.pk,
                company=connections.register().logistics,
                number=facts["number"],
                weight=facts["weight"],
                packs=facts["packs"],
            )
            return _("The waybill is filed.")

        attempt(request, verb, refusals=(InvalidFiling, connections.NotConfigured))
        return done(request, CustomsFiling, object_id)
