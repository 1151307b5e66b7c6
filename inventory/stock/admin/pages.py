"""The stock pages of the admin. Quantities are whole units and move by actions only."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    DropdownFilter,
    RangeDateTimeFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from config.admin_doors import Door, ExportDoor, LongReadOnlyDoor, ReadOnlyRows, actor, ask_again, badge, done, question
from inventory.stock import actions
from inventory.stock.availability import FREE
from inventory.stock.errors import StockError
from inventory.stock.forms import BalanceForm, CorrectForm, ReceiveForm
from inventory.stock.models import Balance, Hold, HoldLine, Item, Movement, Warehouse

LOW = 5  # units over all warehouses: from here down an item is shown as running low

RECEIVE = question(
    _("Receive units"), _("Units that have arrived at this warehouse."), submit=_("Receive"), form=ReceiveForm
)
CORRECT = question(
    _("Correct count"), _("Put right what a count of the shelf has shown."), submit=_("Correct"), form=CorrectForm
)


HOLD_GRADES = {
    Hold.State.ACTIVE: "info",
    Hold.State.COMMITTED: "success",
    Hold.State.SHIPPED: "primary",
    Hold.State.RELEASED: "",
    Hold.State.EXPIRED: "warning",
}


def _availability(units: int, low_at: int = LOW) -> SafeString:
    return badge("danger" if units == 0 else "warning" if units <= low_at else "success", units)


def _signed(units: int) -> str:
    return f"{units:+d}" if units else "·"


class StockFilter(DropdownFilter):
    """Sold out, running low, or in stock; the queryset carries ``free``."""

    title = _("stock")
    parameter_name = "stock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [
            ("sold_out", _("Sold out")),
            ("low", _("Running low (1 to %(low)d)") % {"low": LOW}),
            ("in_stock", _("In stock")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        conditions: dict[str, dict[str, Any]] = {
            "sold_out": {"free": 0},
            "low": {"free__range": (1, LOW)},
            "in_stock": {"free__gt": LOW},
        }
        return queryset.filter(**conditions.get(self.value() or "", {}))


class MovementRows(ReadOnlyRows):
    """The ledger of one balance, the newest first."""

    model = Movement
    per_page = 20
    fields = readonly_fields = ["created_at", "kind", "change", "after", "cause", "actor"]
    verbose_name_plural = _("Movements")

    @display(description=_("On hand / held / allocated"))
    def change(self, movement: Movement) -> str:
        deltas = (movement.on_hand_delta, movement.held_delta, movement.allocated_delta)
        return " / ".join(_signed(delta) for delta in deltas)

    @display(description=_("Afterwards"))
    def after(self, movement: Movement) -> str:
        return f"{movement.on_hand_after} / {movement.held_after} / {movement.allocated_after}"


@admin.register(Balance)
class BalanceAdmin(ExportDoor, Door):
    """What is there of each item in each warehouse."""

    form = BalanceForm
    list_display = ["sku", "at", "on_hand", "held", "allocated", "safety", "availability"]
    list_filter = [("warehouse", RelatedDropdownFilter), StockFilter]
    list_select_related = ["item", "warehouse"]
    search_fields = ["item__sku", "item__description"]
    search_help_text = _("SKU or description")
    autocomplete_fields = ["item"]
    inlines = [MovementRows]
    actions_row = actions_detail = ["receive_units", "correct_count"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(free=FREE)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        rules = (_("Rules"), {"fields": [("safety", "backorder_limit")]})
        if obj is None:
            return [(None, {"fields": [("item", "warehouse")]}), rules]
        quantities = ["on_hand", "held", "allocated", "availability"]
        return [(None, {"fields": [("item", "warehouse")]}), (_("Quantities"), {"fields": [tuple(quantities)]}), rules]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:  # noqa: ARG002
        return ["item", "warehouse", "on_hand", "held", "allocated", "availability"] if obj else []

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:  # noqa: ARG002
        return [MovementRows] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    @display(description="SKU", ordering="item__sku")
    def sku(self, balance: Balance) -> str:
        return balance.item.sku

    @display(description=_("warehouse"), ordering="warehouse__code")
    def at(self, balance: Balance) -> str:
        return balance.warehouse.code

    @display(description=_("available"), ordering="free")
    def availability(self, balance: Balance) -> SafeString:
        return _availability(balance.available)

    @action(
        description=_("Receive units"),
        url_path="receive-units",
        icon="add_box",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=RECEIVE,
    )
    def receive_units(self, request: HttpRequest, form: ReceiveForm, object_id: str) -> HttpResponse:
        """Add units that have arrived, once for each form."""
        balance = self.row_or_404(request, object_id)
        now = actions.receive(
            item=balance.item,
            warehouse=balance.warehouse,
            quantity=form.cleaned_data["quantity"],
            cause=form.cleaned_data["cause"],
            cause_key=form.key,
            actor=actor(request),
        )
        messages.success(request, _("Received; %(units)d units on hand.") % {"units": now.on_hand})
        return done(request, Balance, object_id)

    @action(description=_("Correct count"), url_path="correct-count", icon="rule", permissions=["act"], dialog=CORRECT)
    def correct_count(self, request: HttpRequest, form: CorrectForm, object_id: str) -> HttpResponse:
        """Correct what is on hand after a count, once for each form."""
        balance = self.row_or_404(request, object_id)
        try:
            now = actions.correct(
                item=balance.item,
                warehouse=balance.warehouse,
                delta=form.cleaned_data["delta"],
                cause=form.cleaned_data["cause"],
                cause_key=form.key,
                actor=actor(request),
            )
        except StockError as error:
            form.add_error("delta", str(error))
            return ask_again(request, form, CORRECT)
        messages.success(request, _("Corrected; %(units)d units on hand.") % {"units": now.on_hand})
        return done(request, Balance, object_id)


class BalanceRows(ReadOnlyRows):
    """Where an item lies."""

    model = Balance
    fields = readonly_fields = ["warehouse", "on_hand", "held", "allocated", "safety", "available"]
    show_change_link = True
    hide_title = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("item", "warehouse")


@admin.register(Item)
class ItemAdmin(Door):
    """What is counted, over all warehouses."""

    list_display = ["sku", "description", "on_hand", "availability"]
    list_filter = [StockFilter]
    search_fields = ["sku", "description"]
    fields = ["sku", "description"]
    inlines = [BalanceRows]

    def get_queryset(self, request: HttpRequest) -> Any:
        of_item = Balance.objects.filter(item=OuterRef("pk")).order_by().values("item")
        return (
            super()
            .get_queryset(request)
            .annotate(
                there=Coalesce(Subquery(of_item.annotate(units=Sum("on_hand")).values("units")), 0),
                free=Coalesce(Subquery(of_item.annotate(units=Sum(FREE)).values("units")), 0),
            )
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:  # noqa: ARG002
        # Variants and rights speak of an item by its SKU.
        return ["sku"] if obj else []

    @display(description=_("on hand"), ordering="there")
    def on_hand(self, item: Item) -> int:
        return item.there  # type: ignore[attr-defined, no-any-return]

    @display(description=_("available"), ordering="free")
    def availability(self, item: Item) -> SafeString:
        return _availability(item.free)  # type: ignore[attr-defined]


@admin.register(Warehouse)
class WarehouseAdmin(Door):
    """Places that hold stock."""

    list_display = ["code", "name", "country", "kind"]
    list_filter = [("kind", ChoicesDropdownFilter)]
    search_fields = ["code", "name"]


@admin.register(Movement)
class MovementAdmin(LongReadOnlyDoor):
    """The ledger of all stock."""

    list_display = [
        "created_at",
        "sku",
        "at",
        "kind",
        "on_hand_delta",
        "held_delta",
        "allocated_delta",
        "cause",
        "actor",
    ]
    list_display_links = ["created_at", "sku"]
    list_filter = [
        ("kind", ChoicesDropdownFilter),
        ("balance__warehouse", RelatedDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    ]
    list_select_related = ["balance__item", "balance__warehouse"]
    search_fields = ["balance__item__sku", "cause", "actor"]
    search_help_text = _("SKU, cause or actor")
    fieldsets = [
        (None, {"fields": [("created_at", "balance"), ("kind", "cause", "actor"), "cause_key"]}),
        (_("Change"), {"fields": [("on_hand_delta", "held_delta", "allocated_delta")]}),
        (_("Afterwards"), {"fields": [("on_hand_after", "held_after", "allocated_after")]}),
    ]

    @display(description="SKU", ordering="balance__item__sku")
    def sku(self, movement: Movement) -> str:
        return movement.balance.item.sku

    @display(description=_("warehouse"), ordering="balance__warehouse__code")
    def at(self, movement: Movement) -> str:
        return movement.balance.warehouse.code


class HoldLineRows(ReadOnlyRows):
    """What a hold claims."""

    model = HoldLine
    fields = readonly_fields = ["balance", "quantity"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("balance__item", "balance__warehouse")


@admin.register(Hold)
class HoldAdmin(LongReadOnlyDoor):
    """Claims on stock."""

    list_display = ["holder", "state_label", "expires_at", "created_at"]
    list_filter = [("state", ChoicesDropdownFilter), ("created_at", RangeDateTimeFilter)]
    search_fields = ["holder", "lines__balance__item__sku"]
    search_help_text = _("Holder or SKU")
    fields = ["holder", "state", "cause_key", "expires_at", "created_at"]
    inlines = [HoldLineRows]

    @display(description=_("state"), ordering="state")
    def state_label(self, hold: Hold) -> SafeString:
        return badge(HOLD_GRADES[Hold.State(hold.state)], hold.get_state_display())
