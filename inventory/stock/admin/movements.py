"""The ledger: every change of stock with who made it and why. Read only, and never counted."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter, RelatedDropdownFilter
from unfold.decorators import display

from config.admin_doors import LongReadOnlyDoor
from inventory.stock.admin import looks
from inventory.stock.admin.filters import ChannelFilter, OfBalanceFilter, OfItemFilter
from inventory.stock.models import Balance, Movement

NAMED = 1000  # balances that a search by SKU looks into


@admin.register(Movement)
class MovementAdmin(LongReadOnlyDoor):
    """The ledger of all stock."""

    list_display = ["when", "thing", "what", "change", "others", "after", "why"]
    list_display_links = ["when"]
    # Sorting by anything else would sort the whole table.
    sortable_by = ()
    list_filter = [
        ("kind", ChoicesDropdownFilter),
        ("balance__warehouse", RelatedDropdownFilter),
        ChannelFilter,
        ("occurred_at", RangeDateTimeFilter),
        OfItemFilter,
        OfBalanceFilter,
    ]
    list_select_related = ["balance__item", "balance__warehouse"]
    # Counting what every choice would show reads the whole table for each.
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["balance__item__sku", "cause", "actor"]
    search_help_text = _("SKU, cause or name")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("occurred_at", "created_at"),
                    ("balance", "kind"),
                    ("cause", "actor", "channel"),
                    "cause_key",
                ]
            },
        ),
        (
            _("Change"),
            {
                "fields": [
                    ("on_hand_delta", "held_delta", "allocated_delta"),
                    ("fenced_delta", "quarantined_delta", "damaged_delta"),
                ]
            },
        ),
        (
            _("Afterwards"),
            {
                "fields": [
                    ("on_hand_after", "held_after", "allocated_after"),
                    ("fenced_after", "quarantined_after", "damaged_after"),
                ]
            },
        ),
    ]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:  # noqa: ARG002
        """Search by part of the SKU, part of the cause as it is written, or the whole name of who did it.

        Each word must be found. The SKUs are looked up first: joined to the ledger, they would be read for every row.
        """
        for word in search_term.split():
            named = Balance.objects.filter(item__sku__icontains=word).order_by().values_list("id", flat=True)
            found = Q(balance__in=list(named[:NAMED])) | Q(cause__contains=word) | Q(actor=word)
            queryset = queryset.filter(found)
        return queryset, False

    def get_ordering(self, request: HttpRequest) -> Any:
        """Order by what an index gives: the whole ledger as it was written, one balance's as it happened."""
        return ["-occurred_at", "-id"] if {"item", "balance"} & request.GET.keys() else ["-id"]

    @display(description=_("when"))
    def when(self, movement: Movement) -> SafeString:
        then = timezone.localtime(movement.occurred_at)
        return looks.two_lines(date_format(then, "j M Y"), date_format(then, "H:i:s"))

    @display(description=_("SKU and warehouse"))
    def thing(self, movement: Movement) -> SafeString:
        return looks.two_lines(movement.balance.item.sku, movement.balance.warehouse.code)

    @display(description=_("what"))
    def what(self, movement: Movement) -> SafeString:
        return looks.two_lines(movement.get_kind_display(), movement.channel)

    @display(description=_("why and who"))
    def why(self, movement: Movement) -> SafeString:
        return looks.two_lines(movement.cause, movement.actor or _("nobody named"))

    @display(description=_("on hand"))
    def change(self, movement: Movement) -> SafeString:
        return looks.signed(movement.on_hand_delta)

    @display(description=_("also"))
    def others(self, movement: Movement) -> str | SafeString:
        return looks.other_changes(movement)

    @display(description=_("on hand after"))
    def after(self, movement: Movement) -> SafeString:
        return format_html('<span class="font-medium text-important">{}</span>', movement.on_hand_after)
