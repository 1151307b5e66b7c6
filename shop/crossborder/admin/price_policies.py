"""The pages of price policies and of the prices they suggest."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from config.admin_doors import Door, ExportDoor, ReadOnlyDoor, actor, ask_again, attempt, badge, done, question
from shop.crossborder.admin.price_forms import SuggestForm
from shop.crossborder.models import PricePolicy, PriceSuggestion
from shop.crossborder.money import display as money
from shop.crossborder.pricing import actions
from shop.crossborder.pricing.errors import PriceRefused
from shop.crossborder.pricing.rates import OneRate, latest

SUGGEST = question(
    _("Suggest prices"),
    _("Prices of all variants are derived from the base market. None changes before somebody accepts it."),
    submit=_("Suggest"),
    form=SuggestForm,
)
GRADES = {
    PriceSuggestion.State.OPEN: "warning",
    PriceSuggestion.State.ACCEPTED: "success",
    PriceSuggestion.State.DISMISSED: "",
}


def number(value: Any) -> str:
    """Return a number without idle zeros."""
    return f"{value.normalize():f}"


@admin.register(PricePolicy)
class PricePolicyAdmin(Door):
    """How each market derives, rounds and announces its prices."""

    list_display = ["market", "currency", "base_market", "margin", "points", "least_change", "prior_price_days"]
    list_select_related = ["market", "base_market"]
    search_fields = ["market__code", "market__currency"]
    fieldsets = [
        (None, {"fields": [("market", "base_market"), ("margin", "minimum_change")]}),
        (_("Price points"), {"fields": [("step", "endings", "rounding")]}),
        (
            _("Announcing reductions"),
            {"fields": [("prior_price_days", "prior_price_since"), "prior_price_source"]},
        ),
    ]
    actions_detail = actions_row = ["suggest"]

    @display(description=_("currency"), ordering="market__currency")
    def currency(self, policy: PricePolicy) -> str:
        return policy.market.currency

    @display(description=_("price points"))
    def points(self, policy: PricePolicy) -> str:
        endings = ", ".join(number(one) for one in policy.endings)
        return f"{number(policy.step)}: {endings} ({policy.get_rounding_display()})"

    @display(description=_("least change"), ordering="minimum_change")
    def least_change(self, policy: PricePolicy) -> str:
        return f"{number(policy.minimum_change * 100)} %"

    @action(
        description=_("Suggest prices"),
        url_path="suggest",
        icon="currency_exchange",
        permissions=["act"],
        variant=ActionVariant.PRIMARY,
        dialog=SUGGEST,
    )
    def suggest(self, request: HttpRequest, form: SuggestForm, object_id: str) -> HttpResponse:
        """Write suggestions for the market."""
        policy, asked = self.row_or_404(request, object_id), form.cleaned_data
        try:
            if asked["rate"] and policy.base_market:
                base = policy.base_market.currency
                rates: Any = OneRate(base, policy.market.currency, asked["rate"], asked["rate_on"])
            else:
                rates = latest(asked["rate_on"])
            made = actions.suggest(market=policy.market, rates=rates, on=timezone.localdate(), actor=actor(request))
        except PriceRefused as error:
            form.add_error("rate", str(error))
            return ask_again(request, form, SUGGEST)
        said = _("%(made)d prices suggested, %(standing)d stand already, %(withdrawn)d withdrawn.")
        messages.success(request, said % vars(made))
        return done(request, PricePolicy, object_id)


@admin.register(PriceSuggestion)
class PriceSuggestionAdmin(ExportDoor, ReadOnlyDoor):
    """Suggested prices beside those in force, to be accepted or dismissed."""

    list_display = ["variant", "market", "old", "new", "by", "used_rate", "rate_on", "standing", "decided_by"]
    list_filter = [("state", ChoicesDropdownFilter), ("market", RelatedDropdownFilter)]
    list_select_related = ["variant", "market"]
    search_fields = ["variant__sku"]
    search_help_text = "SKU"
    actions = ["accept_chosen", "dismiss_chosen"]
    fieldsets = [
        (None, {"fields": [("variant", "market"), ("old", "new", "by")]}),
        (_("Derived from"), {"fields": [("base", "used_rate", "rate_on"), ("margin", "tax_taken_off", "tax_put_on")]}),
        (_("Price points"), {"fields": [("step", "endings", "rounding")]}),
        (_("Decision"), {"fields": [("standing", "decided_by", "decided_at"), ("created_by", "created_at")]}),
    ]
    readonly_fields = ["old", "new", "by", "base", "used_rate", "standing"]

    @display(description=_("price now"), ordering="old_amount")
    def old(self, row: PriceSuggestion) -> str:
        return "–" if row.old_amount is None else money(row.old_amount, row.market.currency, "en")

    @display(description=_("suggested"), ordering="amount")
    def new(self, row: PriceSuggestion) -> str:
        return money(row.amount, row.market.currency, "en")

    @display(description=_("change"))
    def by(self, row: PriceSuggestion) -> str:
        return "–" if row.change is None else f"{row.change * 100:+.1f} %"

    @display(description=_("base price"))
    def base(self, row: PriceSuggestion) -> str:
        return money(row.base_amount, row.base_currency, "en")

    @display(description=_("rate"), ordering="rate")
    def used_rate(self, row: PriceSuggestion) -> str:
        return f"{number(row.rate)} {row.market.currency}/{row.base_currency}"

    @display(description=_("state"), ordering="state")
    def standing(self, row: PriceSuggestion) -> SafeString:
        return badge(GRADES[PriceSuggestion.State(row.state)], row.get_state_display())

    @admin.action(description=_("Accept: these prices hold from today"), permissions=["act"])
    def accept_chosen(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Accept the chosen suggestions, all or none."""

        def verb() -> str:
            count = actions.accept(suggestion_ids=list(queryset.values_list("id", flat=True)), actor=actor(request))
            return _("%(count)d prices set.") % {"count": count}

        attempt(request, verb, refusals=(PriceRefused,))

    @admin.action(description=_("Dismiss"), permissions=["act"])
    def dismiss_chosen(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Dismiss the chosen suggestions."""

        def verb() -> str:
            count = actions.dismiss(suggestion_ids=list(queryset.values_list("id", flat=True)), actor=actor(request))
            return _("%(count)d suggestions dismissed.") % {"count": count}

        attempt(request, verb, refusals=(PriceRefused,))
