"""The two pages of the bench: what has come is taken in, and what is found is written down. Made for a tablet."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.enums import ActionVariant

from config.admin_doors import actor, badge
from inventory.stock.errors import StockError
from shop.crossborder.money import display as money
from shop.orders.models import OrderLine
from shop.returns import actions, facts, tasks
from shop.returns.admin.forms import ArrivalForm, DeductionForm, FindingForm
from shop.returns.errors import ReturnError
from shop.returns.models import ReturnRequest, ReturnState
from shop.returns.transitions import IllegalReturnMove

PAGE = "admin/returns/bench.html"


def cell(form: Any, name: str) -> SafeString:
    """Return a field with its errors, for a cell of a table."""
    field = form[name]
    errors = format_html_join(
        "", '<p class="mt-1 text-red-600 text-xs dark:text-red-500">{}</p>', ((error,) for error in field.errors)
    )
    label = format_html('<label class="sr-only" for="{}">{}</label>', field.id_for_label, field.label)
    return format_html('<div class="min-w-20">{}{}{}</div>', label, field, errors)


def named(line: OrderLine) -> SafeString:
    """Return the line's SKU and name, under each other."""
    words = ", ".join(filter(None, (line.name, line.option)))
    return format_html('<span class="font-medium text-important">{}</span><br>{}', line.sku, words)


class BenchPages:
    """Adds receiving and inspecting to the admin of returns."""

    @action(
        description=_("Receive"),
        url_path="receive",
        icon="add_box",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
    )
    def receive(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the form of a parcel, or take it in: once for each form. Whatever comes is taken in."""
        found: ReturnRequest = self.row_or_404(request, object_id)  # type: ignore[attr-defined]
        lines = list(found.order.lines.select_related("variant"))
        form = ArrivalForm(request.POST or None, request=found, lines=lines)
        if request.method == "POST" and form.is_valid():
            try:
                found = actions.receive(
                    request_id=found.pk,
                    units=form.units(),
                    warehouse=form.cleaned_data["warehouse"],
                    cause_key=f"desk:{form.cleaned_data['key']}",
                    actor=actor(request),
                )
            except (ReturnError, StockError) as error:
                form.add_error(None, str(error))
            else:
                self._say_received(request, found)
                return redirect(self._own(found))
        rows = []
        for line in lines:
            awaited = form.awaited.get(line.pk)
            rows.append(
                [
                    named(line),
                    str(awaited.units) if awaited else "–",
                    str(awaited.received) if awaited else "–",
                    cell(form, f"units_{line.pk}"),
                ]
            )
        table = {"headers": [_("Article"), _("Authorised"), _("Received"), _("Come now")], "rows": rows}
        return self._bench(
            request, found, title=_("Receive"), submit=_("Take in"), table=table, head=[form["warehouse"]],
            hidden=[form["key"]], errors=form.non_field_errors(),
            hint=_("What was not authorised is taken in as well and becomes a line for a person."),
        )  # fmt: skip

    @staticmethod
    def _say_received(request: HttpRequest, found: ReturnRequest) -> None:
        waiting = found.unexpected.filter(resolution="").count()
        messages.success(request, _("%(number)s: the parcel was taken in.") % {"number": found.number})
        if waiting:
            messages.warning(
                request, _("%(count)s lines were not expected: see “Unexpected units”.") % {"count": waiting}
            )

    @action(
        description=_("Inspect"),
        url_path="inspect",
        icon="search_check",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
    )
    def inspect(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the form of the inspection, or write it down; the refund follows."""
        found: ReturnRequest = self.row_or_404(request, object_id)  # type: ignore[attr-defined]
        if found.state != ReturnState.RECEIVED:
            messages.error(request, _("%(number)s: nothing waits to be inspected.") % {"number": found.number})
            return redirect(self._own(found))
        lines = list(found.lines.select_related("order_line__variant").order_by("order_line__position"))
        data = request.POST if request.method == "POST" else None
        forms = [FindingForm(data, line=line) for line in lines]
        money_form = DeductionForm(data)
        if data is not None and all([money_form.is_valid(), *(form.is_valid() for form in forms)]):
            try:
                actions.inspect(
                    request_id=found.pk,
                    findings={form.line.order_line_id: form.finding() for form in forms},
                    actor=actor(request),
                    deduction=money_form.amount(),
                    deduction_reason=money_form.cleaned_data["deduction_reason"],
                )
            except (ReturnError, StockError, IllegalReturnMove) as error:
                money_form.add_error(None, str(error))
            else:
                tasks.repay.delay(str(found.pk))
                messages.success(request, _("%(number)s is inspected; the refund follows.") % {"number": found.number})
                return redirect(self._own(found))
        sealed = {one.line.pk for one in facts.returnables(found.order) if one.sealed}
        names = ("resaleable", "quarantined", "damaged", "written_off", "accepted", "note")
        table = {
            "headers": [
                _("Article"), _("Received"), _("Resaleable"), _("Quarantined"), _("Damaged"), _("Of these written off"),
                _("Paid back"), _("Finding"),
            ],
            "rows": [
                [
                    format_html(
                        "{}{}",
                        named(form.line.order_line),
                        badge("warning", _("Sealed: look at the seal")) if form.line.order_line_id in sealed else "",
                    ),
                    str(form.line.received),
                    *(cell(form, name) for name in names),
                ]
                for form in forms
            ],
        }  # fmt: skip
        worth = money(sum((line.order_line.amount for line in lines), Decimal(0)), found.order.currency, "en")
        return self._bench(
            request, found, title=_("Inspect"), submit=_("Save and pay back"), table=table,
            foot=[money_form["deduction"], money_form["deduction_reason"]], errors=money_form.non_field_errors(),
            hint=_("The lines of the order cost %(worth)s in all.") % {"worth": worth},
        )  # fmt: skip

    @staticmethod
    def _own(found: ReturnRequest) -> str:
        return reverse("admin:shop_returnrequest_change", args=[found.pk])

    def _bench(self, request: HttpRequest, found: ReturnRequest, **more: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "subtitle": found.number,
            "opts": self.opts,  # type: ignore[attr-defined]
            "original": found,
            "back": self._own(found),
            **more,
        }
        return TemplateResponse(request, PAGE, context)
