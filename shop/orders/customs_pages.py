"""The customs papers on an order's page: links that read only, shown where the parcel crosses a customs border."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from config.admin_doors import Door
from shop.crossborder.customs import data_files, documents
from shop.crossborder.customs.declaration import Declaration
from shop.orders.customs import NoPapers, SeveralParcels, crosses_border, declaration_of, faults_of, language_of
from shop.orders.models import Order

PAPERS = ["commercial_invoice", "postal_form", "customs_data"]
MENU = {"title": _("Customs papers"), "icon": "description", "items": PAPERS}


def pdf(content: bytes, *, name: str) -> HttpResponse:
    """Return a PDF that the browser shows; it holds personal data, so nothing keeps a copy."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


class CustomsPapers(Door):
    """Adds the papers to the order's page.

    ``?parcel=VT-2026-000001-1`` names a parcel that was packed; ``?warehouse=LON`` what a warehouse sends.
    """

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Leave the papers out where nothing crosses a border."""
        allowed: list[Any] = super().get_actions_detail(request, object_id)
        ours = {f"{self.opts.app_label}_{self.opts.model_name}_{name}" for name in PAPERS}
        order = self.get_object(request, str(object_id))
        if order is not None and crosses_border(order):
            return allowed
        return [one for one in allowed if one.action_name not in ours]

    @action(
        description=_("Commercial invoice (PDF)"),
        url_path="commercial-invoice",
        icon="request_quote",
        permissions=["view"],
    )
    def commercial_invoice(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The invoice, with labels in the language of the destination beside English."""

        def show(order: Order, it: Declaration) -> HttpResponse:
            content = documents.commercial_invoice(it, language=language_of(order))
            return pdf(content, name=f"commercial-invoice-{it.number}")

        return self._paper(request, object_id, show)

    @action(
        description=_("CN22/CN23 (PDF)"), url_path="postal-customs-form", icon="local_post_office", permissions=["view"]
    )
    def postal_form(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The form that the post wants for this parcel."""

        def show(_order: Order, it: Declaration) -> HttpResponse:
            choice, content = documents.postal_form(it)
            return pdf(content, name=f"{choice.form.replace(' ', '')}-{it.number}")

        return self._paper(request, object_id, show)

    @action(description=_("Customs data (JSON)"), url_path="customs-data", icon="data_object", permissions=["view"])
    def customs_data(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The electronic advance data."""

        def show(_order: Order, it: Declaration) -> HttpResponse:
            answer = JsonResponse(
                data_files.item_attributes(it), json_dumps_params={"ensure_ascii": False, "indent": 2}
            )
            answer["Content-Disposition"] = f'inline; filename="customs-data-{it.number}.json"'
            answer["Cache-Control"] = "private, no-store"
            return answer

        return self._paper(request, object_id, show)

    def _paper(
        self, request: HttpRequest, object_id: str, show: Callable[[Order, Declaration], HttpResponse]
    ) -> HttpResponse:
        """Show a paper; else say why there is none: 409 for the order, 422 for what its declaration lacks."""
        order = self.row_or_404(request, object_id)
        number = request.GET.get("parcel", "")
        shipment = (
            get_object_or_404(order.shipments.select_related("warehouse"), number=number[:28]) if number else None
        )
        try:
            declared = declaration_of(order, warehouse=request.GET.get("warehouse", ""), shipment=shipment)
        except SeveralParcels as refused:
            return self._no_papers(request, order, 409, str(refused), warehouses=refused.codes)
        except NoPapers as refused:
            return self._no_papers(request, order, 409, str(refused))
        faults = faults_of(declared)
        if faults:
            sentence = _("Customs would refuse order %(number)s as it is declared now.") % {"number": order.number}
            return self._no_papers(request, order, 422, sentence, faults=faults)
        return show(order, declared)

    def _no_papers(self, request: HttpRequest, order: Order, status: int, sentence: str, **more: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("No customs papers"),
            "opts": self.opts,
            "order": order,
            "sentence": sentence,
            **more,
        }
        return render(request, "admin/orders/no_customs_papers.html", context, status=status)
