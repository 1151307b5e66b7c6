"""The pages of prices, and the products and variants that show them."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

from config.admin_doors import (
    ExportDoor,
    LongReadOnlyDoor,
    ReadOnlyDoor,
    ReadOnlyRows,
    Rows,
    actor,
    ask_again,
    days,
    done,
    question,
)
from shop.catalogue.admin import ProductPages, VariantPages
from shop.catalogue.models import Product, Variant
from shop.crossborder.admin.completeness import CompletenessPages
from shop.crossborder.admin.filters import InForceFilter, PriceListFilter
from shop.crossborder.admin.manufacturers import GpsrFilter
from shop.crossborder.admin.price_forms import EndForm, PriceForm, PriceRowsFormSet, SetPriceForm
from shop.crossborder.admin.publication import PublicationPages
from shop.crossborder.models import Price, PriceChange
from shop.crossborder.money import display as money
from shop.crossborder.pricing import actions
from shop.crossborder.pricing.errors import PriceRefused

HOME_MARKET = "gb"  # whose price the list of products shows
SET = question(
    _("Set price"), _("The price before ends that day and stays in the history."), submit=_("Set"), form=SetPriceForm
)
END = question(
    _("End price"), _("The variant is not sold at this price from that day on."), submit=_("End"), form=EndForm
)
CANCEL = question(
    _("Cancel planned price"), _("The price has not started; the one before it goes on."), submit=_("Cancel it")
)


class PriceShown:
    """How a row's amount and days read."""

    @display(description=_("price"), ordering="amount")
    def price(self, row: Any) -> str:
        return "–" if row.amount is None else money(row.amount, row.market.currency, "en")

    @display(description=_("valid"), ordering="valid")
    def valid_days(self, row: Any) -> str:
        return "–" if row.pk is None else days(row.valid)


class PriceRows(PriceShown, Rows):
    """A variant's regular prices in each market; another amount holds from its first day on."""

    model = Price
    form = PriceForm
    formset = PriceRowsFormSet
    fields = ["market", "min_quantity", "amount", "starts_on", "valid_days"]
    readonly_fields = ["valid_days"]
    can_delete = False
    verbose_name_plural = _("Prices")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("market", "variant")


class PriceChangeRows(PriceShown, ReadOnlyRows):
    """What a variant has cost, the last word first."""

    model = PriceChange
    tab = True
    fields = ["market", "min_quantity", "price", "valid_days", "price_list", "origin", "actor", "recorded_at"]
    readonly_fields = fields
    verbose_name_plural = _("Price history")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("market", "price_list")


@admin.register(Variant)
class VariantAdmin(VariantPages):
    """Variants with their prices."""

    inlines = [PriceRows, PriceChangeRows]

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: Any, change: Any) -> None:
        """Set prices through the action, which writes the history."""
        if formset.model is not Price:
            super().save_formset(request, form, formset, change)
            return
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        for one in formset.forms:
            if one.has_changed():
                one.instance.variant = form.instance
                added = one.instance.pk is None
                made = one.set(actor=actor(request))
                if added:
                    formset.new_objects.append(made)
                else:
                    formset.changed_objects.append((made, one.changed_data))


@admin.register(Product)
class ProductAdmin(CompletenessPages, PublicationPages, ProductPages):
    """Products, listed with what they cost at home; with where they are shown and what they lack."""

    actions_detail = ["translate", "publication_page"]

    list_display = ["product", "category", "product_type", "museum", "publication", "home_price", "stock"]
    list_filter = [*ProductPages.list_filter, GpsrFilter]

    def get_queryset(self, request: HttpRequest) -> Any:
        prices = Price.objects.filter(
            variant__product=OuterRef("pk"),
            market__code=HOME_MARKET,
            min_quantity=1,
            valid__contains=timezone.localdate(),
        ).order_by("amount")
        return (
            super()
            .get_queryset(request)
            .annotate(
                home_amount=Subquery(prices.values("amount")[:1]),
                home_currency=Subquery(prices.values("market__currency")[:1]),
            )
        )

    @display(description=_("price (GB)"), ordering="home_amount")
    def home_price(self, product: Any) -> str:
        return "–" if product.home_amount is None else money(product.home_amount, product.home_currency, "en")


@admin.register(Price)
class PriceAdmin(PriceShown, ExportDoor, ReadOnlyDoor):
    """What variants cost, by market and dates. A row is never typed over: another price is set from a day on."""

    form = PriceForm
    list_display = ["variant", "market", "price", "min_quantity", "valid_days", "price_list", "origin", "set_by"]
    list_filter = [
        ("market", RelatedDropdownFilter),
        InForceFilter,
        ("price_list", PriceListFilter),
        ("origin", ChoicesDropdownFilter),
    ]
    list_select_related = ["variant", "market", "price_list"]
    search_fields = ["variant__sku"]
    search_help_text = "SKU"
    autocomplete_fields = ["variant"]
    actions_detail = actions_row = ["set_price", "end_price", "cancel_planned"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        """Ask for a new price; of one that stands show all."""
        if obj is None:
            return [(None, {"fields": [("variant", "market"), ("amount", "min_quantity"), "starts_on"]})]
        shown = [("variant", "market"), ("price", "min_quantity"), ("valid_days", "price_list")]
        return [(None, {"fields": shown}), (_("Source"), {"fields": [("origin", "set_by", "set_at")]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        return [] if obj is None else ["price", "valid_days"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("shop.add_price"))

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: Any) -> None:  # noqa: ARG002
        """Set the price through the action."""
        made = form.set(actor=actor(request))  # type: ignore[attr-defined] # PriceForm
        obj.pk, obj._state.adding = made.pk, False  # noqa: SLF001 (the action has written the row)
        obj.refresh_from_db()

    @action(
        description=_("Set price"),
        url_path="set-price",
        icon="sell",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=SET,
    )
    def set_price(self, request: HttpRequest, form: SetPriceForm, object_id: str) -> HttpResponse:
        """Set another amount for the row's variant, market and quantity."""
        row = self.row_or_404(request, object_id)
        try:
            made = actions.set_price(
                variant=row.variant, market=row.market, min_quantity=row.min_quantity, actor=actor(request), **_of(form)
            )
        except PriceRefused as error:
            form.add_error("amount", str(error))
            return ask_again(request, form, SET)
        messages.success(request, _("%(price)s, %(days)s.") % {"price": self.price(made), "days": days(made.valid)})
        return done(request, Price, str(made.pk))

    @action(description=_("End"), url_path="end-price", icon="event_busy", permissions=["act"], dialog=END)
    def end_price(self, request: HttpRequest, form: EndForm, object_id: str) -> HttpResponse:
        """Let the price end."""
        row = self.row_or_404(request, object_id)
        try:
            actions.end_price(price_id=row.pk, actor=actor(request), ends_on=form.cleaned_data["ends_on"])
        except PriceRefused as error:
            form.add_error("ends_on", str(error))
            return ask_again(request, form, END)
        messages.success(request, _("The price ends."))
        return done(request, Price, object_id)

    @action(description=_("Cancel planned price"), url_path="cancel", icon="cancel", permissions=["act"], dialog=CANCEL)
    def cancel_planned(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:  # noqa: ARG002
        """Withdraw a price that has not started."""
        row = self.row_or_404(request, object_id)
        try:
            actions.cancel_planned(price_id=row.pk, actor=actor(request))
        except PriceRefused as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The planned price is cancelled."))
        return done(request, Price, object_id)


def _of(form: SetPriceForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("amount", "starts_on")}


@admin.register(PriceChange)
class PriceChangeAdmin(PriceShown, ExportDoor, LongReadOnlyDoor):
    """The history of what was offered: nothing here is ever changed."""

    list_display = [
        "recorded_at",
        "variant",
        "market",
        "min_quantity",
        "price",
        "valid_days",
        "price_list",
        "origin",
        "actor",
    ]
    list_filter = [
        ("variant", AutocompleteSelectFilter),
        ("market", RelatedDropdownFilter),
        ("origin", ChoicesDropdownFilter),
    ]
    list_select_related = ["variant", "market", "price_list"]
    search_fields = ["variant__sku"]
    search_help_text = "SKU"
    ordering = ["-id"]
    fields = [
        ("variant", "market", "min_quantity"),
        ("price", "valid_days", "price_list"),
        ("origin", "actor", "recorded_at"),
    ]
    readonly_fields = ["price", "valid_days"]
