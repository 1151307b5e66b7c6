"""The page that packs a parcel of an order in one warehouse."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.admin_doors import actor
from inventory.stock.errors import StockError
from inventory.stock.models import Warehouse
from shop.catalogue.wording import option_text
from shop.crossborder.models import ShippingOption
from shop.orders import actions, wording
from shop.orders.admin import STATE_LABELS
from shop.orders.customs import crosses_border
from shop.orders.fulfilment.admin.forms import PackForm
from shop.orders.fulfilment.admin.pages import CAUSE, ToShipPages
from shop.orders.fulfilment.allotting import key_of, planned
from shop.orders.fulfilment.carriers import BadTrackingNumber, by_name
from shop.orders.fulfilment.errors import FulfilmentError
from shop.orders.models import Order, OrderState
from shop.orders.shipment_models import Allotment, Shipment, ShipmentState
from shop.orders.transitions import TO_SHIP, IllegalTransition


class PackPage(ToShipPages):
    """Adds the page that packs."""

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        """The page that packs what lies in a warehouse."""
        return (
            *super().get_custom_urls(),
            ("pack/<uuid:order_id>/<str:warehouse>/", "shop_shipment_pack", self._pack),
        )

    def _pack(self, request: HttpRequest, order_id: UUID, warehouse: str, **_kwargs: Any) -> HttpResponse:
        """Show the form of a parcel, or pack it: once for each form."""
        if not self.has_act_permission(request):
            raise PermissionDenied
        order = get_object_or_404(Order.objects.select_related("market"), id=order_id)
        place = get_object_or_404(Warehouse, code=warehouse)
        if order.state not in TO_SHIP:
            messages.error(
                request,
                _("Order %(number)s is %(state)s: nothing of it can be packed.")
                % {"number": order.number, "state": str(order.get_state_display()).lower()},
            )
            return redirect("admin:shop_order_change", order.pk)
        rows = [row for row in planned(order) if row.warehouse_id == place.id and row.left]
        if request.method != "POST":
            return self._form(request, order, place, PackForm(rows=rows, initial=_usual(order)))
        standing = order.shipments.filter(cause_key=f"pack:{request.POST.get('key', '')}").first()
        if standing:
            messages.warning(request, _("This form was sent before: parcel %(number)s.") % {"number": standing.number})
            return redirect("admin:shop_shipment_change", standing.pk)
        form = PackForm(request.POST, rows=rows)
        if form.is_valid():
            try:
                parcel = _packed(request, order, place, form)
            except (FulfilmentError, BadTrackingNumber, IllegalTransition, StockError) as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Parcel %(number)s is packed.") % {"number": parcel.number})
                return redirect("admin:shop_shipment_change", parcel.pk)
        return self._form(request, order, place, form)

    def _form(self, request: HttpRequest, order: Order, place: Warehouse, form: PackForm) -> HttpResponse:
        lines = {line.id: line for line in order.lines.select_related("variant__item")}
        pieces = [
            one
            | {
                "line": line,
                "part": one["row"].item.sku != line.sku,
                "option": option_text(line.variant.options, "en"),
            }
            for one in form.pieces()
            for line in [lines[one["row"].order_line_id]]
        ]
        others = sorted({row.warehouse.code for row in planned(order) if row.left and row.warehouse_id != place.id})
        weight = sum(
            one["row"].left * lines[one["row"].order_line_id].variant.weight_g for one in pieces if not one["part"]
        )
        context = self.page_context(
            request,
            title=_("Pack %(number)s in %(place)s") % {"number": order.number, "place": place.code},
            order=order,
            grade=STATE_LABELS[OrderState(order.state)],
            place=place,
            form=form,
            pieces=pieces,
            others=others,
            weight=weight,
            address=wording.address(order.ship_to),
            method=order.quote.get("shipping_name") or order.shipping_option,
            customs=crosses_border(order),
            parcels=order.shipments.exclude(state=ShipmentState.DROPPED),
            order_page=reverse("admin:shop_order_change", args=[order.pk]),
        )
        return TemplateResponse(request, "admin/shop/fulfilment/pack.html", context, status=200)


def _usual(order: Order) -> dict[str, str]:
    """Return the carrier and the service that the shopper chose, as far as they are known."""
    service = str(order.quote.get("shipping_name") or order.shipping_option)
    option = ShippingOption.objects.filter(market=order.market, code=order.shipping_option).first()
    name = option.carrier if option else ""
    known = by_name(name)
    return {
        "service": service,
        "carrier_code": known.code if known else "",
        "carrier": "" if known else name,
    }


def _packed(request: HttpRequest, order: Order, place: Warehouse, form: PackForm) -> Shipment:
    told = form.cleaned_data
    actions.start_picking(order_id=order.id, actor=actor(request), cause=CAUSE)
    known = {key_of(row): row.id for row in Allotment.objects.filter(order_line__order=order)}
    return actions.pack(
        order_id=order.id,
        warehouse_id=place.id,
        units={known[key]: units for key, units in form.units.items()},
        cause_key=f"pack:{told['key']}",
        weight_g=told["weight_g"],
        box_cm=form.box_cm,
        carrier_code=told["carrier_code"],
        carrier=told["carrier"],
        service=told["service"],
        tracking_number=told["tracking_number"],
        actor=actor(request),
        cause=CAUSE,
    )
