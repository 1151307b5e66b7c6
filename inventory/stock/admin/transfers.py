"""Goods on the way between warehouses: sent, received in parts, closed short."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter, RelatedDropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from config.admin_doors import ReadOnlyDoor, ReadOnlyRows, actor, ask_again, badge, done, question
from inventory.stock import actions, forms
from inventory.stock.admin import looks
from inventory.stock.errors import StockError
from inventory.stock.models import Transfer, TransferLine

STATE_GRADES = {
    Transfer.State.IN_TRANSIT: "info",
    Transfer.State.RECEIVED: "success",
    Transfer.State.CLOSED_SHORT: "warning",
}
FIRST_LINES = 4  # shown at once; the others wait behind a button
RECEIVE_ALL = question(
    _("Receive all"),
    _("Everything that is on the way goes on the shelf at the destination."),
    submit=_("Receive all"),
    form=forms.ReceiveAllForm,
)
RECEIVE_PART = question(
    _("Receive part"),
    _("What has arrived goes on the shelf at the destination; the rest stays on the way."),
    submit=_("Receive"),
    form=forms.ArrivalForm,
)
CLOSE = question(
    _("Close short"),
    _("What has not arrived counts as lost on the way, and the transfer is over."),
    submit=_("Close short"),
    form=forms.ShortForm,
)


class LineRows(ReadOnlyRows):
    """What travels."""

    model = TransferLine
    fields = readonly_fields = ["item", "lot_number", "quantity", "received", "lost", "left"]
    verbose_name_plural = _("Lines")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("item", "lot")

    @display(description=_("lot"))
    def lot_number(self, line: TransferLine) -> str:
        return line.lot.number if line.lot else "–"

    @display(description=_("on the way"))
    def left(self, line: TransferLine) -> int | SafeString:
        return looks.quiet(line.on_the_way)


@admin.register(Transfer)
class TransferAdmin(ReadOnlyDoor):
    """Goods on the way between warehouses."""

    list_display = ["number", "route", "state_label", "units", "left", "note", "actor", "sent_at"]
    list_filter = [
        ("state", ChoicesDropdownFilter),
        ("source", RelatedDropdownFilter),
        ("destination", RelatedDropdownFilter),
        ("sent_at", RangeDateTimeFilter),
    ]
    list_select_related = ["source", "destination"]
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["note", "lines__item__sku"]
    search_help_text = _("SKU or reason")
    fieldsets = [(None, {"fields": [("source", "destination"), ("state_label", "sent_at"), ("note", "actor")]})]
    readonly_fields = ["state_label"]
    inlines = [LineRows]
    actions_row = actions_detail = ["receive_all", "receive_part", "close_short"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may add transfers sends them by the page's own form."""
        meta = self.opts
        return bool(request.user.has_perm(f"{meta.app_label}.add_{meta.model_name}"))

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """Offer nothing on a transfer that is over."""
        under_way = Transfer.objects.filter(pk=looks.id_or_none(object_id) or 0, state=Transfer.State.IN_TRANSIT)
        return super().get_actions_detail(request, object_id) if under_way.exists() else []

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:  # noqa: ARG002
        return looks.FiguresList

    def add_figures(self, transfers: list[Any]) -> None:
        """Read the units of the transfers of one page. One statement."""
        lines = TransferLine.objects.filter(transfer__in=[row.pk for row in transfers]).order_by()
        sums = lines.values_list("transfer").annotate(
            sent=Sum("quantity"), left=Sum(F("quantity") - F("received") - F("lost"))
        )
        figures = {pk: (sent, left) for pk, sent, left in sums}
        for row in transfers:
            row.units_sent, row.units_left = figures.get(row.pk, (0, 0))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask from where, to where and what, and send it in one go."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        form, lines = forms.SendForm(data), forms.SendLineFormSet(data, prefix="lines")
        # Both, so that one answer names all that is wrong.
        if data is not None and all([form.is_valid(), lines.is_valid()]):
            asked = form.cleaned_data
            try:
                sent = actions.send_transfer(
                    source=asked["source"],
                    destination=asked["destination"],
                    lines=lines.demand,  # type: ignore[attr-defined]
                    cause_key=form.key,
                    note=asked["note"],
                    actor=actor(request),
                )
            except StockError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("On the way as transfer %(transfer)s.") % {"transfer": sent})
                return redirect(reverse("admin:inventory_transfer_change", args=[sent.pk]))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Send goods"),
            "form": form,
            "lines": lines,
            "shown": max(FIRST_LINES, 1 + max((at for at, line in enumerate(lines) if line.has_changed()), default=0)),
            "form_url": form_url,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/inventory/transfer/send.html", context)

    @display(description=_("transfer"), ordering="id")
    def number(self, transfer: Transfer) -> str:
        return f"#{transfer.pk}"

    @display(description=_("route"))
    def route(self, transfer: Transfer) -> str:
        return f"{transfer.source.code} → {transfer.destination.code}"

    @display(description=_("state"), ordering="state")
    def state_label(self, transfer: Transfer) -> SafeString:
        return badge(STATE_GRADES[Transfer.State(transfer.state)], transfer.get_state_display())

    @display(description=_("units"))
    def units(self, transfer: Any) -> int:
        return int(transfer.units_sent)

    @display(description=_("on the way"))
    def left(self, transfer: Any) -> int | SafeString:
        return looks.quiet(transfer.units_left)

    @action(
        description=_("Receive all"),
        url_path="receive-all",
        icon="done_all",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=RECEIVE_ALL,
    )
    def receive_all(self, request: HttpRequest, form: forms.ReceiveAllForm, object_id: str) -> HttpResponse:
        """Put everything that is on the way on the shelf."""
        return self._receive(request, form, object_id, parts=None, dialog=RECEIVE_ALL)

    @action(
        description=_("Receive part"), url_path="receive-part", icon="done", permissions=["act"], dialog=RECEIVE_PART
    )
    def receive_part(self, request: HttpRequest, form: forms.ArrivalForm, object_id: str) -> HttpResponse:
        """Put what has arrived on the shelf."""
        return self._receive(request, form, object_id, parts=form.parts, dialog=RECEIVE_PART)

    def _receive(
        self, request: HttpRequest, form: Any, object_id: str, *, parts: dict[int, int] | None, dialog: Any
    ) -> HttpResponse:
        transfer = self.row_or_404(request, object_id)
        try:
            now = actions.receive_transfer(
                transfer=transfer, parts=parts, key=str(form.cleaned_data["cause_key"]), actor=actor(request)
            )
        except StockError as error:
            form.add_error(None, str(error))
            return ask_again(request, form, dialog)
        over = now.state == Transfer.State.RECEIVED
        sentence = (
            _("%(transfer)s has arrived whole.") if over else _("Received; the rest of %(transfer)s is on the way.")
        )
        messages.success(request, sentence % {"transfer": now})
        return done(request, Transfer, object_id)

    @action(
        description=_("Close short"),
        url_path="close-short",
        icon="block",
        permissions=["act"],
        variant=ActionVariant.WARNING,
        dialog=CLOSE,
    )
    def close_short(self, request: HttpRequest, form: forms.ShortForm, object_id: str) -> HttpResponse:
        """Give up what has not arrived."""
        transfer = self.row_or_404(request, object_id)
        was_open = transfer.state == Transfer.State.IN_TRANSIT
        try:
            actions.close_transfer(transfer=transfer, actor=actor(request))
        except StockError as error:
            form.add_error("cause", str(error))
            return ask_again(request, form, CLOSE)
        if was_open:
            # The transfer has no ledger row for what never arrived: who gave it up and why is kept in its history.
            self.log_change(request, transfer, _("Closed short: %(why)s") % {"why": form.cleaned_data["cause"]})
        messages.success(request, _("%(transfer)s is closed.") % {"transfer": transfer})
        return done(request, Transfer, object_id)
