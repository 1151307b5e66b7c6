"""Reading prices in force: by quantity, with breaks, and with what a reduction must name."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from django.db.models import Q

from shop.crossborder.models import Market, Price
from shop.crossborder.pricing.history import priors
from shop.crossborder.pricing.in_force import Row, in_force

COLUMNS = ("amount", "min_quantity", "price_list_id", "price_list__priority")


def row_of(amount: Decimal, min_quantity: int, list_id: int | None, priority: int | None) -> Row:
    """Return the row of the day that :data:`COLUMNS` of a price name."""
    return Row(amount=amount, min_quantity=min_quantity, list_id=list_id, priority=priority or 0)


def prices(
    *, variant_ids: Iterable[int], market: Market, on: date, quantities: Mapping[int, int] | None = None
) -> dict[int, Decimal]:
    """Return variant id → price of one unit on that day, in the market's currency. One statement.

    ``quantities`` (variant id → units of the line, else one) chooses among quantity breaks. Variants without a price
    for their quantity are absent.
    """
    rows: dict[int, list[Row]] = {}
    found = Price.objects.filter(variant_id__in=list(variant_ids), market=market, valid__contains=on)
    for variant_id, *facts in found.order_by().values_list("variant_id", *COLUMNS):
        rows.setdefault(variant_id, []).append(row_of(*facts))
    asked = quantities or {}
    standing = {one: in_force(group, quantity=asked.get(one, 1)) for one, group in rows.items()}
    return {variant_id: price.amount for variant_id, price in standing.items() if price}


def regular_prices(*, variant_ids: Iterable[int] | None, market: Market, on: date) -> dict[int, Decimal]:
    """Return variant id → price of one unit without reductions, of some variants or all (None). One statement."""
    named = Q() if variant_ids is None else Q(variant_id__in=list(variant_ids))
    rows = Price.objects.filter(named, market=market, valid__contains=on, min_quantity=1, price_list=None)
    return dict(rows.order_by().values_list("variant_id", "amount"))


def percent_below(amount: Decimal, was: Decimal) -> int:
    """Return by how many whole per cent ``amount`` is below ``was``, rounded down: never more than is true."""
    return int(((was - amount) * 100 / was).to_integral_value(ROUND_FLOOR))


def announced(*, reduced: Mapping[int, Decimal], market: Market, on: date, days: int) -> dict[int, Decimal]:
    """Return variant id → prior price that a reduction names, of those in ``reduced`` (variant id → price now).

    A price that is not below the lowest of those days is no reduction and is absent. At most one statement: none when
    nothing is reduced.
    """
    ids: Collection[int] = reduced.keys()
    found = priors(variant_ids=ids, market=market, on=on, days=days) if ids else {}
    return {one: prior.amount for one, prior in found.items() if reduced[one] < prior.amount}
