"""The pages of marketplaces: channels, their listings, and the orders pulled in."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    DropdownFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

from config.admin_doors import Door, ReadOnlyDoor, badge, done, question
from shop.channels import order_sync, stock_sync, tasks
from shop.channels.models import ChannelOrder, Listing, SalesChannel
from shop.orders.admin import order_link

SYNCHRONISE = question(
    _("Synchronise now"),
    _("Orders are read and the stock that has changed is sent, in the background."),
    submit=_("Start"),
)
SEND_AGAIN = question(
    _("Send again"), _("The listing's stock is sent at once, without waiting longer."), submit=_("Send")
)
SETTLE = question(
    _("Try again"), _("The order is looked at again, as it was last read from the channel."), submit=_("Try")
)
STATE_GRADES = {
    ChannelOrder.State.WAITING: "info",
    ChannelOrder.State.IMPORTED: "success",
    ChannelOrder.State.CASE: "danger",
    ChannelOrder.State.CLOSED: "",
}
BEHIND = Q(active=True, acknowledged_version__lt=F("desired_version"))


def _count(rows: QuerySet) -> Coalesce:
    """Return the number of a channel's rows as a subquery, so that one count never multiplies another."""
    counted = rows.filter(channel=OuterRef("pk")).order_by().values("channel").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number"), output_field=IntegerField()), 0)


@admin.register(SalesChannel)
class SalesChannelAdmin(Door):
    """Shops on marketplaces. Credentials are in the environment, never here."""

    list_display = ["name", "kind", "market", "active", "listings_behind", "cases", "orders_until"]
    list_filter = [("active", BooleanRadioFilter)]
    list_select_related = ["market"]
    search_fields = ["code", "name"]
    filter_horizontal = ["warehouses"]
    fieldsets = [
        (None, {"fields": [("name", "code", "kind"), ("market", "country", "currency")]}),
        (_("Stock"), {"fields": ["warehouses", ("buffer", "active")]}),
        (_("Orders"), {"fields": ["orders_until"]}),
    ]
    readonly_fields = ["orders_until"]
    actions_row = actions_detail = ["synchronise"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return (
            super()
            .get_queryset(request)
            .annotate(
                behind=_count(Listing.objects.filter(BEHIND)),
                open_cases=_count(ChannelOrder.objects.filter(state=ChannelOrder.State.CASE)),
            )
        )

    @display(description=_("listings behind"), ordering="behind")
    def listings_behind(self, channel: Any) -> SafeString:
        return badge("warning" if channel.behind else "success", channel.behind)

    @display(description=_("cases"), ordering="open_cases")
    def cases(self, channel: Any) -> SafeString:
        return badge("danger" if channel.open_cases else "success", channel.open_cases)

    @action(
        description=_("Synchronise now"),
        url_path="synchronise",
        icon="sync",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=SYNCHRONISE,
    )
    def synchronise(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:  # noqa: ARG002
        """Start one cycle of the channel."""
        channel = self.row_or_404(request, object_id)
        if channel.active:
            tasks.sync.delay(channel.pk)
            messages.success(request, _("%(name)s is being synchronised.") % {"name": channel.name})
        else:
            messages.error(request, _("%(name)s is not active.") % {"name": channel.name})
        return done(request, SalesChannel, object_id)


class SyncFilter(DropdownFilter):
    """Whether the marketplace has confirmed what we want it to show."""

    title = _("stock on the channel")
    parameter_name = "sync"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("behind", _("Behind")), ("failing", _("Failing")), ("in_sync", _("In sync"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        if self.value() == "behind":
            return queryset.filter(BEHIND)
        if self.value() == "failing":
            return queryset.filter(BEHIND, failures__gt=0)
        return queryset.filter(acknowledged_version=F("desired_version")) if self.value() == "in_sync" else queryset


@admin.register(Listing)
class ListingAdmin(Door):
    """Variants on channels, with what each shows and ought to show."""

    list_display = ["variant", "channel", "external_item_id", "desired_quantity", "acknowledged_quantity", "progress"]
    list_filter = [("channel", RelatedDropdownFilter), SyncFilter, ("active", BooleanRadioFilter)]
    list_select_related = ["variant", "channel"]
    search_fields = ["variant__sku", "external_item_id", "external_sku_id"]
    search_help_text = _("SKU or the channel's number")
    autocomplete_fields = ["variant"]
    fieldsets = [
        (None, {"fields": [("channel", "variant", "active"), ("external_item_id", "external_sku_id")]}),
        (
            _("Stock on the channel"),
            {
                "fields": [
                    ("progress", "desired_quantity", "acknowledged_quantity"),
                    ("desired_version", "sent_version", "acknowledged_version"),
                    ("sent_at", "acknowledged_at", "due_at"),
                    ("failures", "last_error"),
                ]
            },
        ),
    ]
    readonly_fields = [
        "progress",
        "desired_quantity",
        "acknowledged_quantity",
        "desired_version",
        "sent_version",
        "acknowledged_version",
        "sent_at",
        "acknowledged_at",
        "due_at",
        "failures",
        "last_error",
    ]
    actions_row = actions_detail = ["send_again"]

    @display(description=_("progress"))
    def progress(self, listing: Listing) -> SafeString:
        versions = f"{listing.acknowledged_version}/{listing.desired_version}"
        if not listing.active:
            return badge("", _("Inactive"))
        if listing.acknowledged_version == listing.desired_version:
            return badge("success", _("In sync"))
        if listing.failures:
            return badge("danger", _("Failing %(versions)s") % {"versions": versions})
        if listing.sent_version == listing.desired_version and listing.sent_at:
            return badge("info", _("Sent %(versions)s") % {"versions": versions})
        return badge("warning", _("Behind %(versions)s") % {"versions": versions})

    @action(
        description=_("Send again"),
        url_path="send-again",
        icon="send",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=SEND_AGAIN,
    )
    def send_again(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:  # noqa: ARG002
        """Send the listing's stock without waiting until it is due."""
        listing = self.row_or_404(request, object_id)
        if stock_sync.send_again(listing_id=listing.pk):
            tasks.sync.delay(listing.channel_id)
            messages.success(request, _("%(listing)s is being sent.") % {"listing": listing})
        else:
            messages.info(request, _("There is nothing to send: the listing is in sync or inactive."))
        return done(request, Listing, object_id)


@admin.register(ChannelOrder)
class ChannelOrderAdmin(ReadOnlyDoor):
    """Marketplaces' orders as last read, and what became of them."""

    list_display = ["external_id", "channel", "state_label", "status", "reason_line", "order_number", "modified_at"]
    list_filter = [("state", ChoicesDropdownFilter), ("channel", RelatedDropdownFilter)]
    list_select_related = ["channel", "order"]
    search_fields = ["external_id", "order__number", "reason"]
    search_help_text = _("The channel's number, ours, or a reason")
    fieldsets = [
        (
            None,
            {"fields": [("channel", "external_id", "order_page"), ("state_label", "status", "raw_status"), "reason"]},
        ),
        (_("Dates"), {"fields": [("modified_at", "received_at", "updated_at")]}),
        (_("As read, personal data redacted"), {"fields": ["payload"]}),
    ]
    readonly_fields = ["state_label", "order_page"]
    actions_row = actions_detail = ["settle"]

    @display(description=_("state"), ordering="state")
    def state_label(self, row: ChannelOrder) -> SafeString:
        return badge(STATE_GRADES[ChannelOrder.State(row.state)], row.get_state_display())

    @display(description=_("reason"))
    def reason_line(self, row: ChannelOrder) -> str:
        return row.reason if len(row.reason) <= 60 else f"{row.reason[:59]}…"

    @display(description=_("order"), ordering="order__number")
    def order_number(self, row: ChannelOrder) -> str:
        return row.order.number if row.order else "–"

    @display(description=_("order"))
    def order_page(self, row: ChannelOrder) -> str:
        return order_link(row.order) if row.order else "–"

    @action(
        description=_("Try again"),
        url_path="try-again",
        icon="replay",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=SETTLE,
    )
    def settle(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:  # noqa: ARG002
        """Do again what the row asks for, for instance after stock has come in."""
        state = order_sync.settle(self.row_or_404(request, object_id).pk)
        row = self.row_or_404(request, object_id)
        if state == ChannelOrder.State.CASE:
            messages.error(request, row.reason)
        else:
            messages.success(request, _("Now: %(state)s.") % {"state": row.get_state_display()})
        return done(request, ChannelOrder, object_id)
