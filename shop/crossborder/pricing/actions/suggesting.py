"""Suggesting prices from rates of exchange, and deciding on them. A rate alone never moves a price."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils import timezone

from shop.catalogue.models import Variant
from shop.crossborder.landed_cost.schedule import schedule
from shop.crossborder.models import Market, PriceOrigin, PricePolicy, PriceSuggestion
from shop.crossborder.models.prices import ACTOR_LENGTH
from shop.crossborder.pricing.actions.setting import set_prices
from shop.crossborder.pricing.deriving import TaxShift, derive, tax_shift, worth_suggesting
from shop.crossborder.pricing.errors import AlreadyDecided, MissingTaxRate, NoPolicy, RateUnknown
from shop.crossborder.pricing.queries import regular_prices
from shop.crossborder.pricing.rates import Rates
from shop.crossborder.pricing.writing import NewPrice
from shop.crossborder.rulebook.book import UnknownJurisdiction
from shop.crossborder.rulebook.queries import NoRuleBook, published_book

State = PriceSuggestion.State
RATE_DECIMALS = Decimal("1e-10")  # what a suggestion keeps of a rate, and is computed with


@dataclass(frozen=True)
class Suggested:
    """How many suggestions were made, stand already, and were withdrawn because they no longer hold."""

    made: int
    standing: int
    withdrawn: int


def _rate(rates: Rates, base: str, quote: str) -> tuple[Decimal, date]:
    if base == quote:
        return Decimal(1), rates.on
    try:
        value = rates.rate(base, quote)
    except (LookupError, ValueError) as error:
        raise RateUnknown(f"There is no rate from {base} to {quote}: {error}") from error
    if not value.is_finite() or value <= 0:
        raise RateUnknown(f"The rate from {base} to {quote} is {value}.")
    return value.quantize(RATE_DECIMALS, ROUND_HALF_UP), rates.on


Goods = tuple[str, str]  # category and HS code: what a tax rate is found by


class _Taxes:
    """The tax rates of a market's first country, from the published rule book."""

    def __init__(self, market: Market, on: date) -> None:
        self.country = market.countries[0]
        try:
            self.rules = schedule(published_book(), self.country, on)
        except (NoRuleBook, UnknownJurisdiction) as error:
            raise MissingTaxRate(f"No tax rates are known for {self.country}: {error}") from error

    def of(self, goods: Goods) -> Decimal:
        """Return the rate on the goods. :raises MissingTaxRate: it is not in the rule book."""
        found = self.rules.taxes(*goods)
        if not found.rows:
            raise MissingTaxRate(f"The rule book has no tax rate for HS {goods[1]} in {self.country}.")
        return found.total


def _shifts(base: Market, market: Market, on: date, kinds: Iterable[Goods]) -> dict[Goods, TaxShift]:
    """Return goods → shift of tax. A statement where one market shows tax and the other does not, else none."""
    shown = base.prices_include_tax, market.prices_include_tax
    if shown[0] == shown[1]:
        return dict.fromkeys(kinds, TaxShift())
    taxes = _Taxes(base if shown[0] else market, on)
    return {
        goods: tax_shift(
            base_includes_tax=shown[0],
            target_includes_tax=shown[1],
            base_rate=taxes.of(goods),
            target_rate=taxes.of(goods),
        )
        for goods in kinds
    }


def computed(*, market: Market, rates: Rates, on: date) -> list[PriceSuggestion]:
    """Return what the market's policy makes of the base market's regular prices of the day, unsaved.

    ``old_amount`` is the market's own regular price of the day. A fixed number of statements.

    :raises NoPolicy: the market has none, or it names no base. :raises RateUnknown, MissingTaxRate: as named.
    """
    policy = PricePolicy.objects.select_related("base_market").filter(market=market).first()
    if policy is None or policy.base_market is None:
        raise NoPolicy(f"The policy of the market {market.code} names no base market.")
    base, points = policy.base_market, policy.points()
    rate, rate_on = _rate(rates, base.currency, market.currency)
    basis = regular_prices(variant_ids=None, market=base, on=on)
    current = regular_prices(variant_ids=None, market=market, on=on)
    rows = Variant.objects.filter(id__in=basis).order_by("id").values_list("id", "product__category", "hs_code")
    kinds: dict[int, Goods] = {variant_id: (category, hs) for variant_id, category, hs in rows}
    shifts = _shifts(base, market, on, set(kinds.values()))
    return [
        PriceSuggestion(
            variant_id=variant_id,
            market=market,
            amount=derive(base=basis[variant_id], rate=rate, margin=policy.margin, points=points, tax=shifts[goods]),
            old_amount=current.get(variant_id),
            base_currency=base.currency,
            base_amount=basis[variant_id],
            rate=rate,
            rate_on=rate_on,
            margin=policy.margin,
            tax_taken_off=shifts[goods].taken_off,
            tax_put_on=shifts[goods].put_on,
            step=policy.step,
            endings=policy.endings,
            rounding=policy.rounding,
        )
        for variant_id, goods in kinds.items()
    ]


@transaction.atomic
def suggest(*, market: Market, rates: Rates, on: date, actor: str) -> Suggested:
    """Write a suggestion for each variant whose derived price differs enough from its regular one, or that has none.

    An open suggestion of the same amount stays; another is dismissed and replaced. No price changes.

    :raises NoPolicy, RateUnknown, MissingTaxRate: nothing was written.
    """
    Market.objects.select_for_update(no_key=True).get(pk=market.pk)  # one run at a time
    found = computed(market=market, rates=rates, on=on)
    minimum = PricePolicy.objects.values_list("minimum_change", flat=True).get(market=market)
    worth = [one for one in found if worth_suggesting(old=one.old_amount, new=one.amount, minimum=minimum)]
    still_open = {one.variant_id: one for one in PriceSuggestion.objects.filter(market=market, state=State.OPEN)}
    wanted = {one.variant_id: one for one in worth}
    same = {
        variant_id
        for variant_id, one in still_open.items()
        if variant_id in wanted
        and (wanted[variant_id].amount, wanted[variant_id].old_amount) == (one.amount, one.old_amount)
    }
    gone = [one.id for variant_id, one in still_open.items() if variant_id not in same]
    who, now = actor[:ACTOR_LENGTH], timezone.now()
    PriceSuggestion.objects.filter(id__in=gone).update(state=State.DISMISSED, decided_by=who, decided_at=now)
    made = [one for variant_id, one in wanted.items() if variant_id not in same]
    for one in made:
        one.created_by, one.created_at = who, now
    PriceSuggestion.objects.bulk_create(made)
    return Suggested(made=len(made), standing=len(same), withdrawn=len(gone))


def _open(suggestion_ids: Collection[int]) -> list[PriceSuggestion]:
    rows = list(
        PriceSuggestion.objects.select_for_update(of=("self",))
        .select_related("market", "variant")
        .filter(id__in=suggestion_ids)
        .order_by("id")
    )
    decided = [one.variant.sku for one in rows if one.state != State.OPEN]
    if decided:
        raise AlreadyDecided(f"Decided before: {', '.join(decided[:5])}.")
    return rows


@transaction.atomic
def accept(*, suggestion_ids: Collection[int], actor: str, starts_on: date | None = None) -> int:
    """Let suggested prices hold from ``starts_on`` (today) on, all or none; return how many.

    :raises AlreadyDecided: one is not open. :raises PriceRefused: as
        :func:`~shop.crossborder.pricing.actions.set_price`.
    """
    rows = _open(suggestion_ids)
    # Decided first: setting the price dismisses what is still open for it.
    PriceSuggestion.objects.filter(id__in=[one.id for one in rows]).update(
        state=State.ACCEPTED, decided_by=actor[:ACTOR_LENGTH], decided_at=timezone.now()
    )
    for market in {one.market_id: one.market for one in rows}.values():
        prices = [NewPrice(one.variant_id, one.amount) for one in rows if one.market_id == market.id]
        set_prices(market=market, prices=prices, actor=actor, starts_on=starts_on, origin=PriceOrigin.DERIVED)
    return len(rows)


@transaction.atomic
def dismiss(*, suggestion_ids: Collection[int], actor: str) -> int:
    """Close suggestions without changing a price; return how many.

    :raises AlreadyDecided: one is not open.
    """
    rows = _open(suggestion_ids)
    PriceSuggestion.objects.filter(id__in=[one.id for one in rows]).update(
        state=State.DISMISSED, decided_by=actor[:ACTOR_LENGTH], decided_at=timezone.now()
    )
    return len(rows)
