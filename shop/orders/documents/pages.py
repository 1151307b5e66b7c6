"""The documents on an order's page: links that read only."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from config.admin_doors import Door
from shop.orders.customs_pages import pdf
from shop.orders.documents.models import DocumentKind, Invoice
from shop.orders.documents.packing import NoSlip, packing_slip
from shop.orders.documents.papers import invoice_pdf
from shop.orders.models import Order

DOCUMENTS = ["invoice", "packing_slip"]
DOCUMENTS_MENU = {"title": _("Documents"), "icon": "receipt", "items": DOCUMENTS}


class OrderDocuments(Door):
    """Adds invoice, credit notes and packing slip to the order's page.

    ``?shipment=VT-2026-000123-1`` names the parcel of the packing slip; without it the slip is of the whole order.
    """

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Leave out what the order does not have."""
        allowed: list[Any] = super().get_actions_detail(request, object_id)
        order = self.get_object(request, str(object_id))
        absent = set(DOCUMENTS) if order is None or order.paid_at is None else set()
        if order is not None and not order.invoiced:
            absent.add("invoice")
        hidden = {f"{self.opts.app_label}_{self.opts.model_name}_{name}" for name in absent}
        return [one for one in allowed if one.action_name not in hidden]

    @action(description=_("Invoice (PDF)"), url_path="invoice", icon="receipt_long", permissions=["view"])
    def invoice(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The order's invoice. Looking writes nothing: the sweep issues what is missing."""
        order = self.row_or_404(request, object_id)
        found = Invoice.objects.filter(order=order, kind=DocumentKind.INVOICE).first()
        if found is None:
            return self._without(request, _("Order %(number)s has no invoice.") % {"number": order.number}, order)
        return pdf(invoice_pdf(found), name=found.number)

    @action(description=_("Packing slip (PDF)"), url_path="packing-slip", icon="inventory", permissions=["view"])
    def packing_slip(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What lies in the parcel, without prices."""
        order = self.row_or_404(request, object_id)
        number = request.GET.get("shipment", "")
        shipment = order.shipments.filter(number=number).first() if number else None
        if number and shipment is None:
            return self._without(request, _("The order has no parcel %(number)s.") % {"number": number}, order)
        try:
            content = packing_slip(order, shipment=shipment)
        except NoSlip as refused:
            return self._without(request, str(refused), order)
        return pdf(content, name=f"packing-slip-{number or order.number}")

    @display(description=_("invoice and credit notes"))
    def documents(self, order: Order) -> Any:
        """Links to the order's documents."""
        rows = order.invoices.order_by("issued_at", "id").values_list("pk", "number")
        links = ((reverse("admin:shop_invoice_pdf", args=[pk]), number) for pk, number in rows)
        return format_html_join(", ", '<a class="text-link" href="{}">{}</a>', links) or "–"

    @staticmethod
    def _without(request: HttpRequest, sentence: Any, order: Order) -> HttpResponse:
        messages.error(request, sentence)
        return redirect(reverse("admin:shop_order_change", args=[order.pk]))
