"""Reductions: named price lists that lie over the regular prices."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from shop.crossborder.models import Market, Price, PriceList, PriceOrigin, PricePolicy
from shop.crossborder.models.prices import ACTOR_LENGTH
from shop.crossborder.money import round_money
from shop.crossborder.pricing.errors import ListIsOver, NoRegularPrice, NotAReduction, PriceRefused, StartsInThePast
from shop.crossborder.pricing.in_force import Row, timeline
from shop.crossborder.pricing.points import to_point
from shop.crossborder.pricing.queries import regular_prices
from shop.crossborder.pricing.writing import Book, NewPrice, as_row, lock, write


def open_price_list(*, market: Market, name: str, valid: DateRange, actor: str, priority: int = 0) -> PriceList:
    """Open a named list that lowers nothing yet.

    :raises PriceRefused: it has no name, no first day, or ends before it starts.
    """
    if not name.strip():
        raise PriceRefused("A price list needs a name.")
    if valid.lower is None or (valid.upper is not None and valid.upper <= valid.lower):
        raise PriceRefused("A price list needs a first day, and ends after it.")
    return PriceList.objects.create(
        market=market, name=name.strip()[:80], valid=valid, priority=priority, created_by=actor[:ACTOR_LENGTH]
    )


def percent_off(*, market: Market, variant_ids: Collection[int], percent: Decimal, on: date) -> dict[int, Decimal]:
    """Return variant id → regular price of the day less ``percent``, at the market's price points if it has a policy.

    Variants without a regular price are absent. Two statements.

    :raises PriceRefused: the percentage is not between 0 and 100.
    """
    if not 0 < percent < 100:
        raise PriceRefused(f"A reduction is between 0 and 100 %, not {percent}.")
    policy = PricePolicy.objects.filter(market=market).first()
    found = {}
    for variant_id, amount in regular_prices(variant_ids=variant_ids, market=market, on=on).items():
        lowered = amount * (100 - percent) / 100
        found[variant_id] = to_point(lowered, policy.points()) if policy else round_money(lowered, market.currency)
    return found


@transaction.atomic
def start_reduction(
    *,
    price_list: PriceList,
    amounts: Mapping[int, Decimal],
    actor: str,
    starts_on: date | None = None,
    origin: str = PriceOrigin.MANUAL,
) -> int:
    """Put prices (variant id → amount in the market's currency) on a list; return how many became different.

    They hold from ``starts_on``, else from the list's first day or today, whichever is later, to the list's end, and
    refer to the regular price under them. Naming a variant again changes its reduced price.

    :raises ListIsOver: the list has ended. :raises StartsInThePast: the first day is past or before the list's.
    :raises NoRegularPrice, NotAReduction: naming the SKUs.
    :raises BadAmount, PriceOverlap: as :func:`~shop.crossborder.pricing.actions.set_price`.
    """
    listed = PriceList.objects.select_for_update().select_related("market").get(pk=price_list.pk)
    today, ends = timezone.localdate(), listed.valid.upper
    earliest = max(listed.valid.lower, today)
    first = starts_on or earliest
    if first < earliest:
        raise StartsInThePast(first, earliest)
    if ends is not None and first >= ends:
        raise ListIsOver(f"“{listed.name}” ends on {ends.isoformat()}.")
    skus = lock(amounts)
    regular: dict[int, list[Row]] = {variant_id: [] for variant_id in amounts}
    for row in Price.objects.filter(market=listed.market, variant_id__in=amounts, price_list=None):
        regular[row.variant_id].append(as_row(row))
    lowest = {variant_id: _lowest(rows, first, ends) for variant_id, rows in regular.items()}
    missing = [skus[one] for one, price in lowest.items() if price is None]
    if missing:
        raise NoRegularPrice(missing)
    dear = [skus[one] for one, price in lowest.items() if price is not None and amounts[one] >= price]
    if dear:
        raise NotAReduction(dear)
    return write(
        market=listed.market,
        wanted=[NewPrice(variant_id, amount) for variant_id, amount in amounts.items()],
        starts_on=first,
        ends_before=ends,
        price_list=listed,
        actor=actor,
        origin=origin,
    )


def _lowest(rows: list[Row], first: date, ends: date | None) -> Decimal | None:
    """Return the lowest regular price of one unit from ``first`` to the end; None when ``first`` has none."""
    run = [
        one
        for one in timeline(rows, quantity=1)
        if (one.after is None or one.after > first) and (ends is None or one.first is None or one.first < ends)
    ]
    if not run or run[0].amount is None:
        return None
    return min(one.amount for one in run if one.amount is not None)


@transaction.atomic
def end_reduction(
    *, price_list: PriceList, actor: str, ends_on: date | None = None, variant_ids: Collection[int] | None = None
) -> int:
    """Take prices off a list, for some variants or all: ``ends_on`` (today) is the first day without; return how many.

    The regular prices hold again. Without ``variant_ids`` the list itself ends.

    :raises StartsInThePast: the day is past.
    """
    today = timezone.localdate()
    after = ends_on or today
    if after < today:
        raise StartsInThePast(after, today)
    listed = PriceList.objects.select_for_update().select_related("market").get(pk=price_list.pk)
    rows = Price.objects.filter(price_list=listed)
    if variant_ids is not None:
        rows = rows.filter(variant_id__in=variant_ids)
    with Book(listed.market, set(rows.values_list("variant_id", flat=True)), actor=actor) as book:
        chosen = set(rows.values_list("id", flat=True))
        running = [row for row in book.rows if row.id in chosen and (not row.valid.upper or row.valid.upper > after)]
        planned = [row.id for row in running if row.valid.lower >= after]
        closing = [row for row in running if row.valid.lower < after]
        for row in closing:
            row.valid = DateRange(row.valid.lower, after)
        Price.objects.filter(id__in=planned).delete()
        Price.objects.bulk_update(closing, ["valid"])
    if variant_ids is None and (listed.valid.upper is None or listed.valid.upper > after):
        if listed.valid.lower < after:
            listed.valid = DateRange(listed.valid.lower, after)
        else:
            # It never ran; a list keeps at least its first day.
            listed.valid = DateRange(listed.valid.lower, listed.valid.lower + timedelta(days=1))
        listed.save(update_fields=["valid"])
    return len(running)
