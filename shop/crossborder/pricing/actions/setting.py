"""Setting, planning, cancelling and ending regular prices."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from shop.catalogue.models import Variant
from shop.crossborder.models import Market, Price, PriceOrigin
from shop.crossborder.pricing.errors import NotInForce, NotPlanned, PriceOverlap, StartsInThePast
from shop.crossborder.pricing.writing import Book, NewPrice, holds_on, lock, write


def _not_past(day: date) -> date:
    today = timezone.localdate()
    if day < today:
        raise StartsInThePast(day, today)
    return day


@transaction.atomic
def set_price(
    *,
    variant: Variant,
    market: Market,
    amount: Decimal,
    actor: str,
    starts_on: date | None = None,
    min_quantity: int = 1,
    origin: str = PriceOrigin.MANUAL,
) -> Price:
    """Let a regular price hold from ``starts_on`` (today) on, and return its row.

    ``amount`` in the market's currency, for one unit of a basket line of at least ``min_quantity``. The price before
    ends that day; one that began the same day is replaced. Open suggestions for it are dismissed.

    :raises BadAmount, BadQuantity, StartsInThePast: as named.
    :raises PriceOverlap: another price is planned for later.
    """
    first = starts_on or timezone.localdate()
    new = NewPrice(variant.id, amount, min_quantity)
    set_prices(market=market, prices=[new], actor=actor, starts_on=first, origin=origin)
    return Price.objects.get(
        variant=variant, market=market, min_quantity=min_quantity, price_list=None, valid__contains=first
    )


def set_prices(
    *,
    market: Market,
    prices: Sequence[NewPrice],
    actor: str,
    starts_on: date | None = None,
    origin: str = PriceOrigin.MANUAL,
) -> int:
    """Set many regular prices of a market at once, all or none; return how many became different.

    :raises PriceRefused: as :func:`set_price`.
    """
    first = _not_past(starts_on or timezone.localdate())
    return write(market=market, wanted=prices, starts_on=first, actor=actor, origin=origin)


@transaction.atomic
def introduce_prices(
    *,
    market: Market,
    amounts: Mapping[int, Decimal],
    since: date,
    actor: str,
    origin: str = PriceOrigin.IMPORT,
) -> int:
    """Take over prices (variant id → amount) that have held since a day, also a past one; return how many.

    Only for variants that never had a price in the market: a history is taken over, never rewritten.

    :raises PriceOverlap: a variant has one. :raises BadAmount: as named.
    """
    wanted = [NewPrice(variant_id, amount) for variant_id, amount in amounts.items()]
    skus = lock(amounts)
    standing = Price.objects.filter(market=market, variant_id__in=amounts).order_by("variant_id")
    had = {skus[variant_id]: valid.lower or since for variant_id, valid in standing.values_list("variant_id", "valid")}
    if had:
        raise PriceOverlap(had)
    return write(market=market, wanted=wanted, starts_on=since, actor=actor, origin=origin)


@transaction.atomic
def cancel_planned(*, price_id: int, actor: str) -> None:
    """Withdraw a price that has not started; the one before it goes on in its place.

    :raises NotPlanned: it has started. :raises Price.DoesNotExist: it is gone.
    """
    price = Price.objects.select_related("market").get(pk=price_id)
    with Book(price.market, [price.variant_id], actor=actor) as book:
        row = next((one for one in book.rows if one.id == price_id), None)
        if row is None:
            raise Price.DoesNotExist
        start = row.valid.lower
        if start is None or start <= timezone.localdate():
            raise NotPlanned(f"The price of {book.skus[row.variant_id]} has started; set another or end it.")
        row.delete()
        before = next(
            (
                one
                for one in book.of(row.variant_id, row.min_quantity, row.price_list)
                if one.id != price_id and one.valid.upper == start
            ),
            None,
        )
        if before:
            before.valid = DateRange(before.valid.lower, row.valid.upper)
            before.save(update_fields=["valid"])


@transaction.atomic
def end_price(*, price_id: int, actor: str, ends_on: date | None = None) -> None:
    """Let a price in force end: ``ends_on`` (today) is the first day without it.

    :raises StartsInThePast: that day is past. :raises NotInForce: the price does not hold on the day before it.
    :raises Price.DoesNotExist: it is gone.
    """
    after = _not_past(ends_on or timezone.localdate())
    price = Price.objects.select_related("market").get(pk=price_id)
    with Book(price.market, [price.variant_id], actor=actor) as book:
        row = next((one for one in book.rows if one.id == price_id), None)
        if row is None:
            raise Price.DoesNotExist
        if row.valid.lower == after == timezone.localdate():
            row.delete()
            return
        if not holds_on(row, after - timedelta(days=1)):
            raise NotInForce(f"The price of {book.skus[row.variant_id]} does not hold before {after.isoformat()}.")
        row.valid = DateRange(row.valid.lower, after)
        row.save(update_fields=["valid"])
