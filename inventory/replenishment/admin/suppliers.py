"""Who makes what for us."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AllValuesCheckboxFilter, BooleanRadioFilter
from unfold.decorators import display

from config.admin_doors import Door, ExportDoor, Rows
from inventory.replenishment.forms import SupplierForm, SupplierItemForm
from inventory.replenishment.models import PurchaseOrder, Supplier, SupplierItem

OPEN = [PurchaseOrder.State.DRAFT, PurchaseOrder.State.SENT, PurchaseOrder.State.PARTLY_RECEIVED]


def _counted(rows: QuerySet) -> Coalesce:
    per_supplier = rows.filter(supplier=OuterRef("pk")).order_by().values("supplier").annotate(rows=Count("pk"))
    return Coalesce(Subquery(per_supplier.values("rows")), 0, output_field=IntegerField())


class SupplierItemRows(Rows):
    """What a supplier sells us."""

    model = SupplierItem
    form = SupplierItemForm
    fields = ["item", "supplier_sku", "unit_cost", "minimum", "multiple", "lead_time_days", "preferred"]
    autocomplete_fields = ["item"]
    per_page = 100
    hide_title = True
    verbose_name = _("item")
    verbose_name_plural = _("Items")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("item", "supplier").order_by("item__sku")


@admin.register(Supplier)
class SupplierAdmin(ExportDoor, Door):
    """Makers and wholesalers with their prices and terms."""

    form = SupplierForm
    list_display = ["name", "code", "country", "currency", "lead_time", "sold", "orders_open", "active"]
    list_filter = [("active", BooleanRadioFilter), ("currency", AllValuesCheckboxFilter)]
    search_fields = ["name", "code", "items__item__sku", "items__supplier_sku"]
    search_help_text = _("Name, code, our SKU or theirs")
    fieldsets = [
        (None, {"fields": [("name", "code"), ("country", "currency"), ("lead_time_days", "email"), "active"]}),
    ]
    inlines = [SupplierItemRows]
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        orders = PurchaseOrder.objects.filter(state__in=OPEN)
        return (
            super()
            .get_queryset(request)
            .annotate(items_sold=_counted(SupplierItem.objects.all()), orders_running=_counted(orders))
        )

    @display(description=_("lead time"), ordering="lead_time_days")
    def lead_time(self, supplier: Supplier) -> str:
        return str(_("%(days)d days") % {"days": supplier.lead_time_days})

    @display(description=_("items"), ordering="items_sold")
    def sold(self, supplier: Supplier) -> int:
        return supplier.items_sold  # type: ignore[attr-defined, no-any-return]

    @display(description=_("open orders"), ordering="orders_running")
    def orders_open(self, supplier: Supplier) -> SafeString | str:
        running = supplier.orders_running  # type: ignore[attr-defined]
        if not running:
            return "–"
        return format_html(
            '<a class="text-link underline" href="{}?supplier__id__exact={}&amp;stage=open">{}</a>',
            reverse("admin:inventory_purchaseorder_changelist"),
            supplier.pk,
            running,
        )
