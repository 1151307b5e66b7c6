"""The page that takes a delivery in, and the table that tells what deliveries did to the average cost."""

from collections.abc import Sequence
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
from inventory.replenishment import actions
from inventory.replenishment.actions import Arrival
from inventory.replenishment.admin import amounts
from inventory.replenishment.errors import OverReceipt, PurchaseError, WrongState
from inventory.replenishment.forms import ArrivalForm, DeliveryForm
from inventory.replenishment.models import PurchaseOrder, PurchaseOrderLine, Receipt, ReceiptLine
from inventory.stock.errors import StockError

State = PurchaseOrder.State
MOST_LINES = 500  # of one form; three fields each stay within what a request may send


def deliveries(order_id: str) -> list[dict[str, Any]]:
    """Return each receipt of an order with a table of its lines, the newest first. Two statements."""
    if not order_id.isdigit():
        return []
    receipts = Receipt.objects.filter(order_id=int(order_id)).prefetch_related("lines__line__item", "lines__lot")
    return [
        {
            "receipt": receipt,
            "charges": amounts.money(receipt.charges, receipt.currency),
            "table": {
                "headers": [_("Item"), _("Units"), _("Lot"), _("Landed unit cost"), _("Average cost")],
                "rows": [_row(line, receipt.currency) for line in receipt.lines.all()],
            },
        }
        for receipt in receipts
    ]


def _row(line: ReceiptLine, currency: str) -> list[Any]:
    item = line.line.item
    return [
        f"{item.sku} · {item.description}",
        f"{line.quantity:,}",
        line.lot.number if line.lot else "–",
        amounts.unit_cost(line.landed_unit_cost, currency),
        _moved(line, currency),
    ]


def _moved(line: ReceiptLine, currency: str) -> SafeString | str:
    after = amounts.unit_cost(line.average_after, currency)
    if line.average_before is None:
        return str(_("%(after)s, the first known") % {"after": after})
    before = amounts.unit_cost(line.average_before, currency)
    change = line.average_after - line.average_before
    sign = badge("danger" if change > 0 else "success", f"{change:+.4f}".rstrip("0").rstrip(".")) if change else ""
    of = _("of %(units)s units") % {"units": f"{line.units_before:,}"}
    return format_html('<span>{} <span class="text-base-500">({})</span> → {} {}</span>', before, of, after, sign)


def _input(form: ArrivalForm, name: str) -> SafeString:
    errors = format_html_join(
        "", '<p class="mt-1 text-red-600 text-xs dark:text-red-500">{}</p>', ((error,) for error in form[name].errors)
    )
    return format_html('<div class="{}">{}{}</div>', "errors group" if errors else "", form[name], errors)


class ReceivePage:
    """Adds the page that receives to the admin of purchase orders."""

    def has_receive_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Whoever may write receipts."""
        return bool(request.user.has_perm("inventory.add_receipt"))

    @action(
        description=_("Receive"),
        url_path="receive",
        icon="add_box",
        permissions=["receive"],
        variant=ActionVariant.PRIMARY,
    )
    def receive(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show the form of a delivery, or take the delivery in: once for each form."""
        order: PurchaseOrder = self.row_or_404(request, object_id)  # type: ignore[attr-defined]
        page = reverse("admin:inventory_purchaseorder_change", args=[order.pk])
        if request.method != "POST":
            if order.state not in {State.SENT, State.PARTLY_RECEIVED}:
                messages.error(
                    request,
                    _("%(number)s is %(state)s: it cannot be received.")
                    % {"number": order.number, "state": str(order.get_state_display()).lower()},
                )
                return redirect(page)
            return self._form(request, order, DeliveryForm(), [ArrivalForm(line=line) for line in _lines(order)])
        delivery = DeliveryForm(request.POST)
        rows = [ArrivalForm(request.POST, line=line) for line in _lines(order)]
        if not all([delivery.is_valid(), *(row.is_valid() for row in rows)]):
            return self._form(request, order, delivery, rows)
        arrivals = [row.arrival for row in rows if row.arrival]
        try:
            self._receive(request, order, delivery, arrivals)
        except OverReceipt:
            _mark_surplus(delivery, rows)
        except WrongState as error:
            messages.error(request, str(error))
            return redirect(page)
        except (PurchaseError, StockError) as error:
            delivery.add_error(None, str(error))
        else:
            return redirect(page)
        return self._form(request, order, delivery, rows)

    @staticmethod
    def _receive(
        request: HttpRequest, order: PurchaseOrder, delivery: DeliveryForm, arrivals: Sequence[Arrival]
    ) -> None:
        told = delivery.cleaned_data
        if Receipt.objects.filter(cause_key=delivery.key).exists():
            messages.warning(request, _("This form was sent before: nothing more was received."))
            return
        receipt = actions.receive(
            order=order,
            arrivals=arrivals,
            cause_key=delivery.key,
            charges=told["charges"] or Decimal(0),
            delivery_note=told["delivery_note"],
            accept_surplus=told["accept_surplus"],
            actor=actor(request),
        )
        units = sum(line.quantity for line in receipt.lines.all())
        state = str(PurchaseOrder.objects.get(pk=order.pk).get_state_display()).lower()
        messages.success(
            request,
            _("%(units)s units received; %(number)s is %(state)s.")
            % {"units": f"{units:,}", "number": order.number, "state": state},
        )

    def _form(
        self, request: HttpRequest, order: PurchaseOrder, delivery: DeliveryForm, rows: Sequence[ArrivalForm]
    ) -> HttpResponse:
        site = self.admin_site  # type: ignore[attr-defined]
        over = delivery.is_bound and (delivery.has_error("accept_surplus") or bool(delivery.data.get("accept_surplus")))
        context = {
            **site.each_context(request),
            "title": _("Receive"),
            "subtitle": order.number,
            "opts": self.opts,  # type: ignore[attr-defined]
            "original": order,
            "delivery": delivery,
            "over": over,
            "failed": delivery.is_bound,
            "more": max(order.lines.count() - MOST_LINES, 0),
            "table": {
                "headers": [
                    _("Item"), _("Ordered"), _("Received"), _("Outstanding"), _("Units arrived"), _("Lot number"),
                    _("Produced on"),
                ],
                "rows": [_cells(row) for row in rows],
            },
        }  # fmt: skip
        return TemplateResponse(request, "admin/inventory/purchaseorder/receive.html", context)


def _lines(order: PurchaseOrder) -> list[PurchaseOrderLine]:
    """Return the lines that one form can hold, those with something outstanding first."""
    lines = order.lines.select_related("item").order_by("item__sku")
    return sorted(lines, key=lambda line: line.outstanding == 0)[:MOST_LINES]


def _cells(form: ArrivalForm) -> list[Any]:
    line = form.line
    return [
        format_html(
            '<div class="text-right lg:text-left"><span class="font-medium text-important">{}</span><br>'
            '<span class="text-base-500">{}</span></div>',
            line.item.sku,
            line.item.description,
        ),
        f"{line.quantity:,}",
        f"{line.received:,}",
        badge("info" if line.outstanding else "success", f"{line.outstanding:,}"),
        *(_input(form, name) for name in ("quantity", "lot_number", "produced_on")),
    ]


def _mark_surplus(delivery: DeliveryForm, rows: Sequence[ArrivalForm]) -> None:
    """Put the surplus on its rows, and the question whether to take it on the form."""
    for row in rows:
        if row.arrival and row.arrival.quantity > row.line.outstanding:
            surplus = row.arrival.quantity - row.line.outstanding
            row.add_error("quantity", _("%(units)s more than outstanding") % {"units": f"{surplus:,}"})
    delivery.add_error("accept_surplus", _("More has come than was outstanding. Accept it, or correct the units."))
