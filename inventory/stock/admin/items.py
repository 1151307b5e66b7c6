"""The pages of items: what is counted, over all warehouses, and the bundles made of it."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from config.admin_doors import Door, ReadOnlyRows, Rows
from inventory.stock import queries
from inventory.stock.admin import looks
from inventory.stock.admin.filters import ItemKindFilter, ItemStockFilter, ItemSupplierFilter
from inventory.stock.admin.history import last_days
from inventory.stock.admin.rights import StockRights
from inventory.stock.charts import draw
from inventory.stock.forms import ComponentForm, ComponentFormSet
from inventory.stock.models import Balance, BundleComponent, Item, Warehouse


class BalanceRows(ReadOnlyRows):
    """Where an item lies."""

    model = Balance
    fields = readonly_fields = [
        "warehouse",
        "on_hand",
        "held",
        "allocated",
        "fenced",
        "aside",
        "availability",
    ]
    show_change_link = True
    hide_title = True
    verbose_name_plural = _("Where it lies")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("item", "warehouse")

    @display(description=_("aside"))
    def aside(self, balance: Balance) -> SafeString:
        return looks.aside(balance)

    @display(description=_("available"))
    def availability(self, balance: Balance) -> SafeString:
        return looks.of_balance(balance)


class ComponentRows(Rows):
    """What a bundle is made of."""

    model = BundleComponent
    fk_name = "bundle"
    form = ComponentForm
    formset = ComponentFormSet
    fields = ["component", "quantity"]
    autocomplete_fields = ["component"]
    verbose_name = _("component")
    verbose_name_plural = _("Components of this bundle")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("component")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may put a bundle together may take it apart: nothing of the past hangs on its recipe."""
        return bool(self.has_change_permission(request, obj))


class SupplierRows(ReadOnlyRows):
    """Who makes it, and for how much."""

    # By name: replenishment stands on stock, not the other way round.
    model = apps.get_model("inventory", "SupplierItem")
    fk_name = "item"
    fields = readonly_fields = ["supplier", "supplier_sku", "cost", "minimum", "multiple", "preferred"]
    verbose_name_plural = _("Suppliers")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("supplier", "item")

    @display(description=_("Unit cost"))
    def cost(self, source: Any) -> str:
        return f"{source.unit_cost:,.2f} {source.supplier.currency}"


@admin.register(Item)
class ItemAdmin(StockRights, Door):
    """What is counted, over all warehouses."""

    list_display = ["sku", "description", "on_hand", "availability"]
    list_filter = [ItemStockFilter, ItemSupplierFilter, ItemKindFilter]
    # Counting what every choice would show reads the whole table for each.
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["sku", "description"]
    search_help_text = _("SKU or description")
    actions_detail = actions_row = ["open_ledger"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:  # noqa: ARG002
        return looks.FiguresList

    def add_figures(self, items: list[Any]) -> None:
        """Read what is there of the items of one page. Three statements."""
        ids = [item.pk for item in items]
        sums = Balance.objects.filter(item__in=ids).order_by().values_list("item").annotate(units=Sum("on_hand"))
        there = dict(sums)
        places = Warehouse.objects.order_by().values_list("id", flat=True)
        free = queries.available_by_item(item_ids=ids, warehouse_ids=places)
        for item in items:
            item.there, item.free = there.get(item.pk), free.get(item.pk, 0)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        rules = ["limit_per_holder", "average_cost"] if getattr(obj, "cost", None) else ["limit_per_holder"]
        return [(None, {"fields": [("sku", "description"), tuple(rules)]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:  # noqa: ARG002
        # Variants and rights speak of an item by its SKU.
        return ["sku", "average_cost"] if obj else ["average_cost"]

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:  # noqa: ARG002
        if obj is None:
            return [ComponentRows]
        # A thing that is counted is no bundle, and a bundle is not counted: the database keeps them apart.
        if not hasattr(obj, "is_counted"):
            obj.is_counted = Balance.objects.filter(item=obj).exists()
        return [BalanceRows, SupplierRows] if obj.is_counted else [ComponentRows]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        item = kwargs.get("obj")
        days = last_days(item) if item else []
        context["chart"] = draw(days) if days else None
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    @display(description=_("average cost"))
    def average_cost(self, item: Any) -> str:
        cost = getattr(item, "cost", None)
        return f"{cost.average:,.2f} {cost.currency}" if cost else "–"

    @display(description=_("on hand"))
    def on_hand(self, item: Any) -> int | SafeString:
        return looks.muted("–") if item.there is None else item.there

    @display(description=_("available"))
    def availability(self, item: Any) -> SafeString:
        return looks.availability(item.free)

    @action(description=_("Ledger"), url_path="ledger", icon="swap_vert", permissions=["ledger"])
    def open_ledger(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Lead to the movements of this item in all warehouses."""
        return redirect(looks.ledger(item=self.row_or_404(request, object_id).pk))
