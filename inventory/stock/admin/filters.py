"""Filters of the stock lists. Each costs one statement at most, whatever the number of rows."""

from typing import Any

from django.apps import apps
from django.db.models import F, IntegerField, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from inventory.stock.admin.looks import LOW, id_or_none
from inventory.stock.models import Balance, BundleComponent, Item, Movement

CLAIMED = F("held") + F("allocated") + F("fenced")
UNCLAIMED = F("on_hand") + F("backorder_limit") - F("safety") - CLAIMED
RECENT = 5000  # movements among which the channels' names are looked for

# Items by what they can promise over all warehouses together; a bundle as many as its scarcest component allows. One
# pass over the balances, not one look-up for each item.
ITEMS_BY_FREE = """
SELECT sums.id FROM (
    SELECT i.id, MIN(COALESCE(free.units, 0) / COALESCE(c.quantity, 1)) AS units
      FROM inventory_item i
      LEFT JOIN inventory_bundlecomponent c ON c.bundle_id = i.id
      LEFT JOIN (
          SELECT item_id,
                 SUM(GREATEST(on_hand + backorder_limit - safety - held - allocated - fenced, 0)) AS units
            FROM inventory_balance GROUP BY item_id
      ) free ON free.item_id = COALESCE(c.component_id, i.id)
     GROUP BY i.id
) sums WHERE sums.units BETWEEN %s AND %s
"""
MOST = 2**31


class BalanceStockFilter(DropdownFilter):
    """Out, low or overstocked by the thresholds of each row."""

    title = _("stock")
    parameter_name = "stock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [
            ("out", _("Out")),
            ("low", _("Low or out")),
            ("enough", _("Above the low mark")),
            ("overstock", _("Overstock")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        conditions: dict[str, dict[str, Any]] = {
            "out": {"unclaimed__lte": 0},
            # An unsigned threshold is never below zero, so what is out is low as well.
            "low": {"unclaimed__lte": F("low_at")},
            "enough": {"unclaimed__gt": F("low_at")},
            "overstock": {"unclaimed__gte": F("high_at"), "unclaimed__gt": 0},
        }
        chosen = conditions.get(self.value() or "")
        return queryset.alias(unclaimed=UNCLAIMED).filter(**chosen) if chosen else queryset


class ItemStockFilter(DropdownFilter):
    """Sold out, running low, or in stock, over all warehouses together."""

    title = _("stock")
    parameter_name = "stock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [
            ("sold_out", _("Sold out")),
            ("low", _("Running low (1 to %(low)d)") % {"low": LOW}),
            ("in_stock", _("In stock")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        bounds = {"sold_out": (0, 0), "low": (1, LOW), "in_stock": (LOW + 1, MOST)}.get(self.value() or "")
        if bounds is None:
            return queryset
        # Constant text with parameters.
        return queryset.filter(pk__in=RawSQL(ITEMS_BY_FREE, bounds, output_field=IntegerField()))  # noqa: S611


class ItemKindFilter(DropdownFilter):
    """Counted things, or bundles of them."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("bundle", _("Bundles")), ("counted", _("Counted items"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        bundles = BundleComponent.objects.order_by().values("bundle")
        if self.value() == "bundle":
            return queryset.filter(pk__in=bundles)
        return queryset.exclude(pk__in=bundles) if self.value() == "counted" else queryset


class ClaimsFilter(DropdownFilter):
    """Rows of which somebody holds, has bought, or has set aside units."""

    title = _("claims")
    parameter_name = "claims"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("yes", _("Has claims")), ("no", _("Nothing claimed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        chosen: dict[str, dict[str, int]] = {"yes": {"claimed__gt": 0}, "no": {"claimed": 0}}
        condition = chosen.get(self.value() or "")
        return queryset.alias(claimed=CLAIMED).filter(**condition) if condition else queryset


class SupplierFilter(DropdownFilter):
    """What one supplier makes. An item is on a supplier's list once, so the join doubles no row."""

    title = _("supplier")
    parameter_name = "supplier"
    path = "item__suppliers__supplier"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        # By name: replenishment stands on stock, not the other way round.
        suppliers = apps.get_model("inventory", "Supplier").objects.order_by("name")
        return [(str(pk), name) for pk, name in suppliers.values_list("pk", "name")]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        if not self.value():
            return queryset
        supplier = id_or_none(self.value())
        return queryset.none() if supplier is None else queryset.filter(**{self.path: supplier})


class ItemSupplierFilter(SupplierFilter):
    """The same, on a list of items."""

    path = "suppliers__supplier"


class _LedgerFilter(DropdownFilter):
    """The ledger of one thing, as its page links to it; not offered otherwise: there are too many to choose from."""

    path = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        chosen = id_or_none(self.value())
        thing = self.chosen(chosen) if chosen is not None else None
        return [(str(chosen), str(thing))] if thing else []

    def chosen(self, pk: int) -> Any:
        raise NotImplementedError

    def has_output(self) -> bool:
        return bool(self.value())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        if not self.value():
            return queryset
        chosen = id_or_none(self.value())
        return queryset.none() if chosen is None else queryset.filter(**{self.path: chosen})


class OfItemFilter(_LedgerFilter):
    """Movements of one item in all warehouses."""

    title = _("item")
    parameter_name = "item"
    path = "balance__item"

    def chosen(self, pk: int) -> Item | None:
        return Item.objects.filter(pk=pk).first()


class OfBalanceFilter(_LedgerFilter):
    """Movements of one item in one warehouse."""

    title = _("balance")
    parameter_name = "balance"
    path = "balance"

    def chosen(self, pk: int) -> Balance | None:
        return Balance.objects.select_related("item", "warehouse").filter(pk=pk).first()


class ChannelFilter(DropdownFilter):
    """The channel that units were sold through; those of the latest movements are offered, never the whole table's."""

    title = _("channel")
    parameter_name = "channel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        latest = Movement.objects.order_by("-id").values_list("channel", flat=True)[:RECENT]
        names = {*latest, self.value() or ""}
        return [(name, name) for name in sorted(names - {""})]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        return queryset.filter(channel=self.value()) if self.value() else queryset
