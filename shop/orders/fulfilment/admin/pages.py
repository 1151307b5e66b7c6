"""The pages To ship and Pick list."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from config.admin_doors import Door, actor
from shop.orders import actions
from shop.orders.admin import STATE_LABELS
from shop.orders.customs_pages import pdf
from shop.orders.fulfilment import papers, queries
from shop.orders.models import Order, OrderState
from shop.orders.transitions import TO_SHIP, IllegalTransition

PER_PAGE = 50
MOST = 200  # orders on one pick list
TO_SHIP_PAGE, PICKING, PICK_LIST, PICK_LIST_PDF = (
    f"admin:shop_shipment_{name}" for name in ("to_ship", "start_picking", "pick_list", "pick_list_pdf")
)
CAUSE = "by hand in the admin"


class FilterForm(forms.Form):
    """Which of the orders that are to ship."""

    warehouse = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput)
    q = forms.CharField(
        max_length=60,
        required=False,
        label=_("Order, SKU or parcel"),
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": _("Order, SKU or parcel"), "type": "search"}),
    )

    def __init__(self, *args: Any, channels: list[str], methods: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(str(state), OrderState(state).label) for state in TO_SHIP]
        for name, label, choices in (
            ("state", _("Any state"), states),
            ("method", _("Any delivery"), [(one, one) for one in methods]),
            ("channel", _("Any channel"), [(one, one) for one in channels]),
        ):
            self.fields[name] = forms.ChoiceField(
                choices=[("", label), *choices], required=False, label=label, widget=UnfoldAdminSelectWidget
            )

    def chosen(self) -> dict[str, str]:
        """Return what was asked; a choice that is none is left out."""
        self.is_valid()
        told = self.cleaned_data
        names = {"warehouse": "warehouse", "state": "state", "method": "method", "channel": "channel", "words": "q"}
        return {name: told.get(field, "") for name, field in names.items()}


class ToShipPages(Door):
    """What is to leave, by warehouse; picking is started and its list printed from here."""

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """The pages beside the list of parcels."""
        return (
            *super().get_custom_urls(),
            ("to-ship/", "shop_shipment_to_ship", self._to_ship),
            ("start-picking/", "shop_shipment_start_picking", require_POST(self._start_picking)),
            ("pick-list/", "shop_shipment_pick_list", self._pick_list),
            ("pick-list.pdf", "shop_shipment_pick_list_pdf", self._pick_list_pdf),
        )

    def page_context(self, request: HttpRequest, **more: Any) -> dict[str, Any]:
        """Return what every page of fulfilment needs.

        :raises PermissionDenied: she may not even look.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        return {
            **self.admin_site.each_context(request),
            "content_title": more.get("title"),  # in the head, instead of the table's name
            "may_act": self.has_act_permission(request),
            "to_ship_page": reverse(TO_SHIP_PAGE),
            **more,
        }

    def _to_ship(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Show what is to ship, the longest paid first."""
        context = self.page_context(request, title=_("To ship"))
        channels, methods = queries.choices_to_ship()
        form = FilterForm(request.GET, channels=channels, methods=methods)
        asked = form.chosen()
        found = queries.to_ship(**asked).select_related("market")
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("p"))
        orders = list(page.object_list)
        left = queries.pieces(orders, warehouse=asked["warehouse"])
        parcels = queries.open_parcels(orders)
        kept = {name: str(value) for name, value in request.GET.items() if name not in {"p", "warehouse"} and value}
        context |= {
            "form": form,
            "page": page,
            "rows": [
                {
                    "order": order,
                    "grade": STATE_LABELS[OrderState(order.state)],
                    "method": order.quote.get("shipping_name") or order.shipping_option,
                    "places": queries.by_place(left.get(order.id, [])),
                    "parcels": parcels.get(order.id, []),
                }
                for order in orders
            ],
            "warehouse": asked["warehouse"],
            "desks": queries.desks(),
            "kept": urlencode(kept),
            "query": urlencode({**kept, **({"warehouse": asked["warehouse"]} if asked["warehouse"] else {})}),
            "filtered": bool(kept),
            "picking": reverse(PICKING),
            "pick_list": reverse(PICK_LIST),
        }
        return TemplateResponse(request, "admin/shop/fulfilment/to_ship.html", context)

    def _start_picking(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Start picking the chosen orders, each by itself, and lead to their list."""
        if not self.has_act_permission(request):
            raise PermissionDenied
        orders = chosen(request.POST.getlist("order"))
        started = 0
        for order in orders:
            try:
                actions.start_picking(order_id=order.id, actor=actor(request), cause=CAUSE)
            except IllegalTransition as error:
                messages.error(request, str(error))
            else:
                started += 1
        warehouse = request.POST.get("warehouse", "")
        if not started:
            messages.warning(request, _("Choose the orders to pick first."))
            return redirect(f"{reverse(TO_SHIP_PAGE)}?{urlencode({'warehouse': warehouse})}")
        messages.success(request, _("%(count)d orders are being picked.") % {"count": started})
        query = urlencode({"order": [order.number for order in orders], "warehouse": warehouse}, doseq=True)
        return redirect(f"{reverse(PICK_LIST)}?{query}")

    def _pick_list(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Show what to fetch for the chosen orders."""
        context = self.page_context(request, title=_("Pick list"))
        orders = chosen(request.GET.getlist("order"))
        if not orders:
            messages.warning(request, _("Choose the orders to pick first."))
            return redirect(TO_SHIP_PAGE)
        warehouse = request.GET.get("warehouse", "")
        lists = queries.pick_lists(orders, warehouse=warehouse)
        context |= {
            "lists": lists,
            "at": timezone.localtime(),
            "orders": [
                {"order": order, "places": queries.by_place(found)} for order, found in _with_pieces(orders, warehouse)
            ],
            "pdf": f"{reverse(PICK_LIST_PDF)}?{request.GET.urlencode()}",
            "back": f"{reverse(TO_SHIP_PAGE)}?{urlencode({'warehouse': warehouse})}" if warehouse else "",
        }
        return TemplateResponse(request, "admin/shop/fulfilment/pick_list.html", context)

    def _pick_list_pdf(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        """Return the pick list on paper."""
        self.page_context(request)
        orders = chosen(request.GET.getlist("order"))
        lists = queries.pick_lists(orders, warehouse=request.GET.get("warehouse", ""))
        if not lists:
            messages.warning(request, _("Nothing of these orders is left to pick."))
            return redirect(TO_SHIP_PAGE)
        content = papers.pick_list(lists, at=timezone.localtime(), by=actor(request))
        return pdf(content, name=f"pick-list-{timezone.localdate().isoformat()}")


def chosen(numbers: list[str]) -> list[Order]:
    """Return the orders with these numbers of which something is to leave, the longest paid first. One statement."""
    wanted = [number[:20] for number in numbers[:MOST]]
    return list(Order.objects.filter(number__in=wanted, state__in=TO_SHIP).order_by("paid_at", "number"))


def _with_pieces(orders: list[Order], warehouse: str) -> list[tuple[Order, list[queries.Piece]]]:
    left: dict[UUID, list[queries.Piece]] = queries.pieces(orders, warehouse=warehouse)
    return [(order, left.get(order.id, [])) for order in orders]
