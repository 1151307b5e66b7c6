"""The stock list: what is there of each item in each warehouse."""

from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from config.admin_doors import ExportDoor, ReadOnlyRows
from inventory.stock.admin import looks
from inventory.stock.admin.balance_actions import GoodsActions
from inventory.stock.admin.filters import BalanceStockFilter, ClaimsFilter, SupplierFilter
from inventory.stock.availability import FREE
from inventory.stock.forms import BalanceForm
from inventory.stock.models import Balance, Movement

# One click opens the dialogue of a count, the next one applies it.
ADJUST = (
    '<a href="{0}" hx-get="{0}" hx-target="#modal-content" hx-select="#dialog" '
    'x-on:htmx:after-on-load="openModal = true" class="group/adjust inline-flex gap-1 items-center" title="{1}">'
    '<span class="font-medium text-important">{2}</span><span aria-hidden="true" '
    'class="material-symbols-outlined md-18 text-base-400 group-hover/adjust:text-primary-600">edit</span></a>'
)


class MovementRows(ReadOnlyRows):
    """The latest movements of one balance, the newest first, each with what was there after it."""

    model = Movement
    formset = looks.LatestFormSet
    fields = readonly_fields = ["occurred_at", "kind", "change", "others", "after", "cause", "actor"]
    verbose_name_plural = _("Latest movements")

    @display(description=_("On hand"))
    def change(self, movement: Movement) -> SafeString:
        return looks.signed(movement.on_hand_delta)

    @display(description=_("Also"))
    def others(self, movement: Movement) -> str | SafeString:
        return looks.other_changes(movement)

    @display(description=_("On hand after"))
    def after(self, movement: Movement) -> SafeString:
        return format_html('<span class="font-medium text-important">{}</span>', movement.on_hand_after)


@admin.register(Balance)
class BalanceAdmin(ExportDoor, GoodsActions):
    """What is there of each item in each warehouse."""

    # Filters that upper floors add, which inventory does not know of.
    extra_filters: list[Any] = []

    form = BalanceForm
    list_display = [
        "sku",
        "what",
        "at",
        "counted",
        "held_units",
        "allocated_units",
        "fenced_units",
        "aside",
        "availability",
    ]
    list_display_links = ["sku"]
    list_filter = [BalanceStockFilter, ("warehouse", RelatedDropdownFilter), SupplierFilter, ClaimsFilter]
    list_select_related = ["item", "warehouse"]
    # Counting what every choice would show reads the whole table for each.
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["item__sku", "item__description"]
    search_help_text = _("SKU or description")
    autocomplete_fields = ["item"]
    inlines = [MovementRows]
    actions_row = ["receive_units", "correct_count", "send_elsewhere", "open_ledger"]
    # The daily three in sight; the rest behind one button.
    actions_detail = [
        "receive_units",
        "correct_count",
        "send_elsewhere",
        {
            "title": _("More"),
            "items": [
                "quarantine_units",
                "clear_units",
                "mark_damaged",
                "set_units_aside",
                "write_off_units",
                "open_ledger",
            ],
        },
    ]
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        # The row's own link needs to know who looks.
        may_adjust = Value(self.has_act_permission(request), output_field=BooleanField())
        return super().get_queryset(request).annotate(free=FREE, may_adjust=may_adjust)

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [*super().get_list_filter(request), *self.extra_filters]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        rules = (_("Rules"), {"fields": [("safety", "backorder_limit"), ("low_at", "high_at")]})
        if obj is None:
            return [(None, {"fields": [("item", "warehouse")]}), rules]
        quantities = [("on_hand", "held", "allocated", "fenced"), ("availability", "quarantined", "damaged")]
        return [(None, {"fields": [("item", "what", "warehouse")]}), (_("Quantities"), {"fields": quantities}), rules]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:  # noqa: ARG002
        counters = ["on_hand", "held", "allocated", "fenced", "quarantined", "damaged", "availability"]
        return ["item", "what", "warehouse", *counters] if obj else []

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:  # noqa: ARG002
        return [MovementRows] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    @display(description="SKU", ordering="item__sku")
    def sku(self, balance: Balance) -> SafeString:
        return looks.unbroken(balance.item.sku)

    @display(description=_("description"), ordering="item__description")
    def what(self, balance: Balance) -> str:
        return balance.item.description

    @display(description=_("warehouse"), ordering="warehouse__code")
    def at(self, balance: Balance) -> str:
        return balance.warehouse.code

    @display(description=_("on hand"), ordering="on_hand")
    def counted(self, balance: Balance) -> int | SafeString:
        if not balance.may_adjust:  # type: ignore[attr-defined]
            return balance.on_hand
        url = reverse("admin:inventory_balance_correct_count", args=[balance.pk])
        return format_html(ADJUST, url, _("Correct count"), balance.on_hand)

    @display(description=_("held"), ordering="held")
    def held_units(self, balance: Balance) -> int | SafeString:
        return looks.quiet(balance.held)

    @display(description=_("allocated"), ordering="allocated")
    def allocated_units(self, balance: Balance) -> int | SafeString:
        return looks.quiet(balance.allocated)

    @display(description=_("fenced"), ordering="fenced")
    def fenced_units(self, balance: Balance) -> int | SafeString:
        return looks.quiet(balance.fenced)

    @display(description=_("aside"))
    def aside(self, balance: Balance) -> SafeString:
        return looks.aside(balance)

    @display(description=_("available"), ordering="free")
    def availability(self, balance: Balance) -> SafeString:
        return looks.of_balance(balance)
