"""The pages of delivery methods: what they carry, and their tariffs as a table of weights and zones."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, RelatedDropdownFilter
from unfold.decorators import action, display

from config.admin_doors import Door, ReadOnlyRows, Rows, done, question
from shop.crossborder import queries
from shop.crossborder.admin.shipping_forms import NAMES, MethodForm, TariffFormSet, TryForm, row_of
from shop.crossborder.delivery.goods import NOWHERE, Goods
from shop.crossborder.delivery.methods import RefusedOption
from shop.crossborder.delivery.queries import options, origins
from shop.crossborder.delivery.tables import Row, gaps, table
from shop.crossborder.models import FuelSurcharge, Market, ShippingOption, Tariff, Zone
from shop.crossborder.money import display as money

TRY = question(
    _("Try it"), _("What this method would ask for one parcel ordered now."), submit=_("Work it out"), form=TryForm
)


def english(method: ShippingOption) -> str:
    """Return the method's English name, else its code."""
    names = method.names if isinstance(method.names, dict) else {}
    return str(names.get("en") or method.code)


def _named(field: str, label: Any) -> Any:
    """Return what shows a name to those who may not change it."""

    @display(description=label)
    def name(_page: Any, method: ShippingOption) -> str:
        return str((method.names or {}).get(NAMES[field], "–"))

    return name


class ShippingRows(ReadOnlyRows):
    """A market's delivery methods; each is edited on its own page."""

    model = ShippingOption
    fields = readonly_fields = ["code", "name", "active", "carrier", "days_from", "days_to", "position"]
    show_change_link = True
    verbose_name_plural = _("Delivery methods")

    @display(description=_("name"))
    def name(self, method: ShippingOption) -> str:
        return english(method)


class TariffRows(Rows):
    """What the method costs, by zone, weight and dates."""

    model = Tariff
    formset = TariffFormSet
    tab = True
    fields = ["zone", "origin", "up_to_grams", "amount", "step_grams", "step_amount", "free_above", "valid"]
    verbose_name_plural = _("Tariffs")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("zone__market")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the zones of the method's market."""
        if db_field.name == "zone":
            match = request.resolver_match
            method_id = match.kwargs.get("object_id") if match else None
            zones = Zone.objects.select_related("market")
            kwargs["queryset"] = (
                zones.filter(market__shipping_options=method_id) if str(method_id or "").isdigit() else zones
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class FuelRows(Rows):
    """What the carrier adds for fuel."""

    model = FuelSurcharge
    tab = True
    fields = ["rate", "valid", "source"]
    verbose_name_plural = _("Fuel surcharges")


@admin.register(ShippingOption)
class ShippingOptionAdmin(Door):
    """Delivery methods of all markets."""

    form = MethodForm
    list_display = ["name", "market", "code", "active", "carrier", "price", "working_days", "limits"]
    list_filter = [("market", RelatedDropdownFilter), ("active", BooleanRadioFilter)]
    list_select_related = ["market"]
    search_fields = ["code", "carrier", "market__code"]
    search_help_text = _("Code, carrier or market")
    readonly_fields = ["today"]
    inlines = [TariffRows, FuelRows]
    actions_detail = ["try_it"]
    fieldsets = [
        (None, {"fields": [("market", "code", "active"), tuple(NAMES), ("carrier", "tracked", "position")]}),
        (_("Tariffs in force today"), {"fields": ["today"]}),
        (_("Time"), {"fields": [("days_from", "days_to", "cut_off")]}),
        (
            _("What it carries"),
            {"fields": [("max_weight_g", "max_side_cm", "max_girth_cm", "volumetric_divisor"), "refuses"]},
        ),
        (_("Flat price"), {"fields": [("amount", "free_above")], "classes": ["collapse"]}),
    ]
    name_en = _named("name_en", _("name in English"))
    name_fr = _named("name_fr", _("in French"))
    name_zh_hans = _named("name_zh_hans", _("in Chinese"))
    name_ja = _named("name_ja", _("in Japanese"))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows: QuerySet = super().get_queryset(request).annotate(**queries.least_prices(timezone.localdate()))
        return rows

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: Any) -> None:
        """Write the names too when one of their fields has changed."""
        super().save_model(request, obj, form, change)
        if change and set(NAMES) & set(form.changed_data):
            obj.save(update_fields=["names"])

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: Any) -> None:
        """Write the rows, then warn of what has no price."""
        super().save_related(request, form, formsets, change)
        method = form.instance
        rows = self._rows(method)
        for sentence in gaps(rows, max_weight_g=method.max_weight_g, today=timezone.localdate()):
            messages.warning(request, sentence)
        if not rows and method.amount is None:
            messages.warning(request, _("The method has neither tariffs nor a flat price: nobody can choose it."))
        if rows and method.amount is not None:
            messages.warning(request, _("The flat price is not used while tariffs are in force."))

    @staticmethod
    def _rows(method: ShippingOption) -> list[Row]:
        return [row_of(one) for one in method.tariffs.select_related("zone")]

    @display(description=_("name"))
    def name(self, method: ShippingOption) -> str:
        return english(method)

    @display(description=_("price from"), ordering="least")
    def price(self, method: Any) -> str:
        return "–" if method.least is None else money(method.least, method.market.currency, "en")

    @display(description=_("working days"))
    def working_days(self, method: ShippingOption) -> str:
        return f"{method.days_from}–{method.days_to}"

    @display(description=_("up to"))
    def limits(self, method: ShippingOption) -> str:
        return "–" if method.max_weight_g is None else f"{method.max_weight_g / 1000:g} kg"

    @display(description=_("bands by zones"))
    def today(self, method: ShippingOption) -> str | SafeString:
        if not method.pk:
            return "–"
        found = table(self._rows(method), on=timezone.localdate())
        if not found.bands:
            return "–"

        def cell(row: Row | None) -> str:
            amount = "–" if row is None else money(row.amount, method.market.currency, "en")
            return f"{amount} +" if row and row.stepped else amount

        lines = [
            {"band": band, "cells": [cell(one) for one in cells]}
            for band, cells in zip(found.bands, found.cells, strict=True)
        ]
        context = {"places": found.places, "lines": lines}
        return render_to_string("admin/shop/shippingoption/tariffs.html", context)

    @action(description=_("Try it"), url_path="try", icon="calculate", permissions=["view"], dialog=TRY)
    def try_it(self, request: HttpRequest, form: TryForm, object_id: str) -> HttpResponse:
        """Say what the method asks for a parcel; nothing is changed."""
        method: ShippingOption = self.row_or_404(request, object_id)
        messages.info(request, _answer(method, method.market, form))
        return done(request, ShippingOption, object_id)


def _answer(method: ShippingOption, market: Market, form: TryForm) -> str:
    entered = form.cleaned_data
    first = origins(queries.warehouse_ids(market)[:1])
    found = options(
        market=market,
        country=entered["country"],
        postcode=entered["postcode"],
        region=entered["region"],
        lines=[Goods("parcel", 1, entered["weight_g"], form.sides_mm())],
        warehouses_by_line={"parcel": next(iter(first.values()), NOWHERE)},
        goods_amount=entered["goods"],
        now=timezone.now(),
        language="en",
    )
    judged = next((one for one in found if one.code == method.code), None)
    if judged is None:
        return str(_("The method is not active."))
    if isinstance(judged, RefusedOption):
        return f"{english(method)}: {' '.join(judged.texts)}"
    return (
        f"{english(method)}: {money(judged.amount, judged.currency, 'en')} for {judged.chargeable_g:,} g charged, "
        f"{judged.earliest.isoformat()} to {judged.latest.isoformat()}."
    )
