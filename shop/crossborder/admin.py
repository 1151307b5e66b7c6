"""The pages of markets, prices, delivery options and tax rates."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm

from config.admin_doors import Door, ExportDoor, Rows, actor, badge, days, done, question
from shop.catalogue.admin import ProductPages, VariantPages
from shop.catalogue.models import Product, Variant
from shop.crossborder import actions
from shop.crossborder.models import Market, MarketWarehouse, Price, ShippingOption, TaxRate
from shop.crossborder.money import display as money

HOME_MARKET = "gb"  # whose price the list of products shows
CONFIRM = question(
    _("Confirm rate"),
    _("You have compared the rate and its dates with the source. Your name and today's date are noted."),
    submit=_("Confirm"),
)
# What a confirmation vouches for: when any of it changes, the rate must be confirmed anew.
VOUCHED = {"jurisdiction", "regime", "category", "rate", "valid", "source"}


class PriceRows(Rows):
    """A variant's prices in each market."""

    model = Price
    fields = ["market", "amount", "valid"]
    verbose_name_plural = _("Prices")


@admin.register(Variant)
class VariantAdmin(VariantPages):
    """Variants with their prices."""

    inlines = [PriceRows]


@admin.register(Product)
class ProductAdmin(ProductPages):
    """Products, listed with what they cost at home."""

    list_display = ["product", "category", "museum", "published", "home_price", "stock"]

    def get_queryset(self, request: HttpRequest) -> Any:
        prices = Price.objects.filter(
            variant__product=OuterRef("pk"), market__code=HOME_MARKET, valid__contains=timezone.localdate()
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


class InForceFilter(DropdownFilter):
    """Rows by their dates, seen from today."""

    title = _("dates")
    parameter_name = "dates"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("now", _("In force today")), ("later", _("In future")), ("over", _("Over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        today = timezone.localdate()
        conditions: dict[str, dict[str, Any]] = {
            "now": {"valid__contains": today},
            "later": {"valid__startswith__gt": today},
            "over": {"valid__endswith__lte": today},
        }
        return queryset.filter(**conditions.get(self.value() or "", {}))


@admin.register(Price)
class PriceAdmin(ExportDoor, Door):
    """What variants cost, by market and dates."""

    list_display = ["variant", "market", "price", "valid_days"]
    list_filter = [("market", RelatedDropdownFilter), InForceFilter]
    list_select_related = ["variant", "market"]
    search_fields = ["variant__sku"]
    search_help_text = "SKU"
    autocomplete_fields = ["variant"]
    fields = [("variant", "market"), "amount", "valid"]

    @display(description=_("price"), ordering="amount")
    def price(self, row: Price) -> str:
        return money(row.amount, row.market.currency, "en")

    @display(description=_("valid"), ordering="valid")
    def valid_days(self, row: Price) -> str:
        return days(row.valid)


class WarehouseRows(Rows):
    """The warehouses that serve a market, the lowest rank first."""

    model = MarketWarehouse
    fields = ["warehouse", "rank"]
    verbose_name = _("warehouse")
    verbose_name_plural = _("Warehouses")


class ShippingRows(Rows):
    """A market's delivery options."""

    model = ShippingOption
    fields = ["code", "names", "amount", "free_above", "days_from", "days_to", "position"]
    verbose_name_plural = _("Delivery options")


@admin.register(Market)
class MarketAdmin(Door):
    """Where we sell."""

    list_display = ["code", "currency", "where", "spoken", "prices_include_tax", "position"]
    search_fields = ["code", "currency"]
    inlines = [WarehouseRows, ShippingRows]
    fieldsets = [
        (None, {"fields": [("code", "currency", "position"), ("countries", "languages"), "prices_include_tax"]}),
    ]

    @display(description=_("countries"))
    def where(self, market: Market) -> str:
        return ", ".join(market.countries)

    @display(description=_("languages"))
    def spoken(self, market: Market) -> str:
        return ", ".join(market.languages)


@admin.register(ShippingOption)
class ShippingOptionAdmin(Door):
    """Delivery options of all markets."""

    list_display = ["code", "market", "name", "price", "free_from", "working_days"]
    list_filter = [("market", RelatedDropdownFilter)]
    list_select_related = ["market"]
    search_fields = ["code"]
    fields = [("market", "code"), "names", ("amount", "free_above"), ("days_from", "days_to"), "position"]

    @display(description=_("name"))
    def name(self, option: ShippingOption) -> str:
        return str(option.names.get("en", "")) if isinstance(option.names, dict) else ""

    @display(description=_("price"), ordering="amount")
    def price(self, option: ShippingOption) -> str:
        return money(option.amount, option.market.currency, "en")

    @display(description=_("free above"), ordering="free_above")
    def free_from(self, option: ShippingOption) -> str:
        return "–" if option.free_above is None else money(option.free_above, option.market.currency, "en")

    @display(description=_("working days"))
    def working_days(self, option: ShippingOption) -> str:
        return f"{option.days_from}–{option.days_to}"


class ConfirmedFilter(DropdownFilter):
    """Whether somebody has compared the rate with its source."""

    title = _("confirmation")
    parameter_name = "confirmation"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [("unconfirmed", _("Unconfirmed")), ("confirmed", _("Confirmed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        if self.value() in {"unconfirmed", "confirmed"}:
            return queryset.filter(confirmed_on__isnull=self.value() == "unconfirmed")
        return queryset


@admin.register(TaxRate)
class TaxRateAdmin(ExportDoor, Door):
    """Rates of VAT, GST and import tax, with source and confirmation."""

    list_display = ["jurisdiction", "regime", "category_or_all", "name", "percent", "valid_days", "confirmation"]
    list_display_links = ["jurisdiction", "regime"]
    list_filter = [
        ConfirmedFilter,
        ("regime", ChoicesDropdownFilter),
        ("category", ChoicesDropdownFilter),
        InForceFilter,
    ]
    search_fields = ["jurisdiction", "name", "source"]
    search_help_text = _("Country, name or source")
    fieldsets = [
        (None, {"fields": [("jurisdiction", "regime", "category"), ("name", "rate"), "valid", "source"]}),
        (_("Confirmation"), {"fields": [("confirmed_by", "confirmed_on")]}),
    ]
    readonly_fields = ["confirmed_by", "confirmed_on"]
    actions = ["confirm_chosen"]
    actions_detail = actions_row = ["confirm"]

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: Any) -> None:
        """Save; a rate that is no longer what was confirmed is unconfirmed again."""
        if change and obj.confirmed_on and VOUCHED & set(form.changed_data):
            obj.confirmed_by, obj.confirmed_on = "", None
            obj.save()
            messages.warning(request, _("The rate has changed and must be confirmed again."))
            return
        super().save_model(request, obj, form, change)

    @display(description=_("category"), ordering="category")
    def category_or_all(self, rate: TaxRate) -> Any:
        return rate.get_category_display() if rate.category else _("all others")

    @display(description=_("rate"), ordering="rate")
    def percent(self, rate: TaxRate) -> str:
        return f"{(rate.rate * 100).normalize():f} %"

    @display(description=_("valid"), ordering="valid")
    def valid_days(self, rate: TaxRate) -> str:
        return days(rate.valid)

    @display(description=_("confirmation"), ordering="confirmed_on")
    def confirmation(self, rate: TaxRate) -> SafeString:
        if rate.confirmed_on is None:
            return badge("warning", _("Unconfirmed"))
        return badge("success", f"{rate.confirmed_by} {rate.confirmed_on.isoformat()}".strip())

    def _confirm(self, request: HttpRequest, rate_ids: Any) -> None:
        count = actions.confirm_tax_rates(rate_ids=rate_ids, by=actor(request), on=timezone.localdate())
        messages.success(request, _("%(count)d rates confirmed.") % {"count": count})

    @admin.action(description=_("Confirm"), permissions=["change"])
    def confirm_chosen(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Confirm the chosen rates."""
        self._confirm(request, queryset.values_list("id", flat=True))

    @action(
        description=_("Confirm"),
        url_path="confirm",
        icon="verified",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=CONFIRM,
    )
    def confirm(self, request: HttpRequest, form: BaseDialogForm, object_id: str) -> HttpResponse:  # noqa: ARG002
        """Confirm one rate."""
        self._confirm(request, [self.row_or_404(request, object_id).pk])
        return done(request, TaxRate, object_id)
