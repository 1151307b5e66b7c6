"""Reading promotions: the rules of a basket's codes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Max, Prefetch, QuerySet
from django.utils import timezone

from shop.catalogue.models import Variant
from shop.checkout.models import Basket
from shop.checkout.promotions.models import Promotion, PromotionCode, PromotionCustomer, PromotionMoney
from shop.checkout.promotions.reckoning import Dropped, Goods, Reason, Reckoned, Rule, reckon
from shop.crossborder.landed_cost.money import minor_unit, rounded
from shop.crossborder.models import Market

Priced = Sequence[tuple[Variant, int, Decimal]]


def with_rules(found: QuerySet[PromotionCode]) -> QuerySet[PromotionCode]:
    """Fetch with codes all that :func:`rule_of` reads. Six statements for any number of codes, one for none."""
    return found.select_related("promotion").prefetch_related(
        Prefetch("promotion__money", PromotionMoney.objects.order_by("currency")),
        Prefetch("promotion__markets", Market.objects.only("id")),
        "promotion__products",
        "promotion__museums",
    )


def codes_of(basket: Basket) -> list[PromotionCode]:
    """Return the basket's codes in the order in which they were put in. One statement for none, five else."""
    rows = basket.codes.order_by("added_at", "id").values_list("code_id", "added_at")
    order = [code for code, _added in rows]
    if not order:
        return []
    known = with_rules(PromotionCode.objects.filter(id__in=order)).in_bulk()
    return [known[one] for one in order if one in known]


def _used_by(codes: Iterable[PromotionCode], customers: Sequence[str]) -> set[int]:
    limits = {one.promotion_id: one.promotion.limit_per_customer for one in codes}
    if not customers or not any(limits.values()):
        return set()
    rows = (
        PromotionCustomer.objects.filter(promotion_id__in=limits, customer__in=customers)
        .values_list("promotion_id")
        .annotate(most=Max("used"))
    )
    return {promotion for promotion, most in rows if limits[promotion] is not None and most >= (limits[promotion] or 0)}


def rule_of(code: PromotionCode, market: Market, *, used_by_customer: bool = False) -> Rule:
    """Return the code's promotion as it stands for a market."""
    promotion = code.promotion
    money = next((one for one in promotion.money.all() if one.currency == market.currency), None)
    return Rule(
        promotion=promotion.id,
        code=code.code,
        kind=promotion.kind,
        percent=promotion.percent,
        amount=money.amount if money else None,
        minimum=money.minimum if money else Decimal(0),
        active=promotion.active,
        starts_at=promotion.starts_at,
        ends_at=promotion.ends_at,
        in_market=market.id in {one.id for one in promotion.markets.all()},
        categories=frozenset(promotion.categories),
        products=frozenset(one.id for one in promotion.products.all()),
        museums=frozenset(one.id for one in promotion.museums.all()),
        used_up=(promotion.limit is not None and promotion.used >= promotion.limit)
        or (code.limit is not None and code.used >= code.limit),
        used_by_customer=used_by_customer,
        exclusive=promotion.stacking == Promotion.Stacking.EXCLUSIVE,
        position=promotion.position,
    )


def goods_of(priced: Priced, currency: str) -> list[Goods]:
    """Return lines (variant, units, unit price) as the reckoning takes them."""
    unit = minor_unit(currency)
    return [
        Goods(
            value=rounded(price * units, unit),
            product=variant.product_id,
            museum=variant.product.museum_id,
            category=variant.product.category,
        )
        for variant, units, price in priced
    ]


def reckoned(
    codes: Sequence[PromotionCode],
    priced: Priced,
    market: Market,
    *,
    customers: Sequence[str] = (),
    now: datetime | None = None,
) -> Reckoned:
    """Return what the codes take off these lines. No statement without codes or limits per customer, else one."""
    used = _used_by(codes, customers)
    return reckon(
        [rule_of(one, market, used_by_customer=one.promotion_id in used) for one in codes],
        goods_of(priced, market.currency),
        unit=minor_unit(market.currency),
        now=now or timezone.now(),
    )


def find(code: str) -> PromotionCode | None:
    """Return the code with its rules, or None."""
    return with_rules(PromotionCode.objects.filter(code=code)).first()


def unknown(code: str) -> Dropped:
    """Return the refusal of a code that there is not."""
    return Dropped(code, Reason.UNKNOWN)


def with_counts() -> QuerySet[Promotion]:
    """Return promotions with the number of their codes."""
    return Promotion.objects.annotate(codes_count=Count("codes"))
