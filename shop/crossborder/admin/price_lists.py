"""The pages of price lists: named reductions with their prices."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from config.admin_doors import Door, ReadOnlyRows, actor, ask_again, days, done, question
from shop.crossborder.admin.filters import InForceFilter
from shop.crossborder.admin.price_forms import EndForm, ReduceForm
from shop.crossborder.admin.prices import PriceShown
from shop.crossborder.models import Price, PriceList
from shop.crossborder.pricing import actions
from shop.crossborder.pricing.errors import PriceRefused

REDUCE = question(
    _("Reduce prices"),
    _("From today or the list's first day to its end; at the market's price points. Each must fall below its price."),
    submit=_("Reduce"),
    form=ReduceForm,
)
END = question(_("End reduction"), _("The regular prices hold again from that day on."), submit=_("End"), form=EndForm)


class ListedRows(PriceShown, ReadOnlyRows):
    """The list's prices."""

    model = Price
    fields = ["variant", "min_quantity", "price", "valid_days", "origin", "set_by"]
    readonly_fields = fields
    verbose_name_plural = _("Prices")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("market", "variant")


@admin.register(PriceList)
class PriceListAdmin(Door):
    """Named reductions. Dates and rank are fixed once it is opened; prices come and go through its actions."""

    list_display = ["name", "market", "valid_days", "priority", "prices_on_it", "created_by"]
    list_filter = [("market", RelatedDropdownFilter), InForceFilter]
    list_select_related = ["market"]
    search_fields = ["name"]
    inlines = [ListedRows]
    fields = [("name", "market"), ("valid", "priority")]
    actions_detail = ["reduce", "end_reduction"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(listed=Count("prices"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        return [] if obj is None else ["market", "valid", "priority"]

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: Any) -> None:
        """Note who opened it."""
        if not change:
            obj.created_by = actor(request)
        super().save_model(request, obj, form, change)

    @display(description=_("valid"), ordering="valid")
    def valid_days(self, row: PriceList) -> str:
        return days(row.valid)

    @display(description=_("prices"), ordering="listed")
    def prices_on_it(self, row: Any) -> str:
        return f"{row.listed:,}"

    @action(
        description=_("Reduce prices"),
        url_path="reduce",
        icon="percent",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=REDUCE,
    )
    def reduce(self, request: HttpRequest, form: ReduceForm, object_id: str) -> HttpResponse:
        """Put variants on the list at so many per cent off."""
        price_list, asked = self.row_or_404(request, object_id), form.cleaned_data
        first = max(price_list.valid.lower, timezone.localdate())
        try:
            amounts = actions.percent_off(
                market=price_list.market, variant_ids=asked["skus"], percent=asked["percent"], on=first
            )
            if len(amounts) < len(asked["skus"]):
                form.add_error("skus", _("Some have no regular price in this market on that day."))
                return ask_again(request, form, REDUCE)
            changed = actions.start_reduction(price_list=price_list, amounts=amounts, actor=actor(request))
        except PriceRefused as error:
            form.add_error("skus", str(error))
            return ask_again(request, form, REDUCE)
        messages.success(request, _("%(count)d prices reduced.") % {"count": changed})
        return done(request, PriceList, object_id)

    @action(description=_("End reduction"), url_path="end", icon="event_busy", permissions=["act"], dialog=END)
    def end_reduction(self, request: HttpRequest, form: EndForm, object_id: str) -> HttpResponse:
        """Take everything off the list."""
        price_list = self.row_or_404(request, object_id)
        try:
            ended = actions.end_reduction(
                price_list=price_list, actor=actor(request), ends_on=form.cleaned_data["ends_on"]
            )
        except PriceRefused as error:
            form.add_error("ends_on", str(error))
            return ask_again(request, form, END)
        messages.success(request, _("%(count)d reduced prices end.") % {"count": ended})
        return done(request, PriceList, object_id)
