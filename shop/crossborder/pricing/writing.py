"""The one place that changes price rows: under a lock, with the history beside, in one transaction."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from shop.catalogue.models import Variant
from shop.crossborder.models import Market, Price, PriceChange, PriceList, PriceSuggestion
from shop.crossborder.models.prices import ACTOR_LENGTH
from shop.crossborder.money import round_money
from shop.crossborder.pricing.errors import BadAmount, BadQuantity, PriceOverlap
from shop.crossborder.pricing.in_force import Row, news, timeline

LARGEST = Decimal(10) ** 14  # what the column holds


@dataclass(frozen=True)
class NewPrice:
    """One unit's price from ``min_quantity`` on, in the market's currency."""

    variant_id: int
    amount: Decimal
    min_quantity: int = 1


def check(wanted: Iterable[NewPrice], currency: str) -> None:
    """Check amounts and quantities.

    :raises BadAmount: not above zero, or finer than the currency's minor unit. :raises BadQuantity: below one.
    """
    for one in wanted:
        finite = one.amount.is_finite() and 0 < one.amount < LARGEST
        if not finite or round_money(one.amount, currency) != one.amount:
            raise BadAmount(one.amount, currency)
        if one.min_quantity < 1:
            raise BadQuantity("A price begins at a quantity of at least 1.")


def as_row(price: Price) -> Row:
    """Return the row as the pure functions take it; its list must be loaded."""
    return Row(
        amount=price.amount,
        min_quantity=price.min_quantity,
        first=price.valid.lower,
        after=price.valid.upper,
        list_id=price.price_list_id,
        priority=price.price_list.priority if price.price_list else 0,
        origin=price.origin,
    )


def lock(variant_ids: Collection[int]) -> dict[int, str]:
    """Lock the variants' prices until the transaction ends; return variant id → SKU.

    One writer at a time for a variant; orders that refer to it do not wait.
    """
    locked = Variant.objects.select_for_update(no_key=True).filter(id__in=variant_ids).order_by("id")
    return dict(locked.values_list("id", "sku"))


class Book:
    """The price rows of some variants in a market, locked; leaving it well writes the history of what became different.

    Use inside a transaction, one at a time. A fixed number of statements for any number of variants.
    """

    def __init__(self, market: Market, variant_ids: Collection[int], *, actor: str) -> None:
        self.market, self.actor = market, actor[:ACTOR_LENGTH]
        self.variant_ids = sorted(set(variant_ids))

    def __enter__(self) -> Self:
        self.skus = lock(self.variant_ids)
        self.rows = self._read()
        self.before = self._by_variant(self.rows)
        self._index: dict[tuple[int, int, int | None], list[Price]] = {}
        for row in self.rows:
            self._index.setdefault((row.variant_id, row.min_quantity, row.price_list_id), []).append(row)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None:
            self._record()

    def _read(self) -> list[Price]:
        found = Price.objects.filter(market=self.market, variant_id__in=self.variant_ids)
        return list(found.select_related("price_list").order_by("id"))

    def of(self, variant_id: int, min_quantity: int, price_list: PriceList | None) -> list[Price]:
        """Return the rows of one list and quantity of a variant."""
        key = (variant_id, min_quantity, price_list.id if price_list else None)
        return self._index.get(key, [])

    def _by_variant(self, rows: Sequence[Price]) -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = {variant_id: [] for variant_id in self.variant_ids}
        for row in rows:
            found[row.variant_id].append(as_row(row))
        return found

    def _record(self) -> None:
        now = self._by_variant(self._read())
        changes = []
        for variant_id, rows in now.items():
            former = self.before[variant_id]
            for quantity in sorted({1, *(row.min_quantity for row in (*former, *rows))}):
                different = news(timeline(former, quantity=quantity), timeline(rows, quantity=quantity))
                changes += [
                    PriceChange(
                        variant_id=variant_id,
                        market=self.market,
                        min_quantity=quantity,
                        amount=one.amount,
                        valid=DateRange(one.first, one.after),
                        price_list_id=one.list_id,
                        origin=one.origin or Price.origin.field.default,
                        actor=self.actor,
                        recorded_at=timezone.now(),
                    )
                    for one in different
                ]
        PriceChange.objects.bulk_create(changes)


def holds_on(price: Price, day: date) -> bool:
    """Whether the row's dates hold the day."""
    return as_row(price).holds_on(day)


@transaction.atomic
def write(
    *,
    market: Market,
    wanted: Sequence[NewPrice],
    starts_on: date,
    actor: str,
    origin: str,
    ends_before: date | None = None,
    price_list: PriceList | None = None,
) -> int:
    """Let each price hold from ``starts_on`` on: close what holds that day, open the new; return how many are new.

    A price that stands already is left alone; one that began the same day is replaced.

    :raises BadAmount, BadQuantity: as :func:`check`. :raises PriceOverlap: something is planned after ``starts_on``.
    """
    check(wanted, market.currency)
    with Book(market, {one.variant_id for one in wanted}, actor=actor) as book:
        planned: dict[str, date] = {}
        changed: list[Price] = []
        opened: list[Price] = []
        for one in wanted:
            rows = book.of(one.variant_id, one.min_quantity, price_list)
            later = [row.valid.lower for row in rows if row.valid.lower and row.valid.lower > starts_on]
            if later:
                planned[book.skus[one.variant_id]] = min(later)
                continue
            standing = next((row for row in rows if holds_on(row, starts_on)), None)
            if standing and standing.amount == one.amount and standing.valid.upper == ends_before:
                continue
            new = Price(
                variant_id=one.variant_id,
                market=market,
                amount=one.amount,
                min_quantity=one.min_quantity,
                valid=DateRange(starts_on, ends_before),
                price_list=price_list,
                origin=origin,
                set_by=book.actor,
                set_at=timezone.now(),
            )
            if standing and standing.valid.lower == starts_on:
                new.id = standing.id
                changed.append(new)
            else:
                opened.append(new)
                if standing:
                    standing.valid = DateRange(standing.valid.lower, starts_on)
                    changed.append(standing)
        if planned:
            raise PriceOverlap(planned)
        if changed:
            # Closed before the new ones open: no two prices on one day.
            Price.objects.bulk_update(changed, ["amount", "valid", "origin", "set_by", "set_at"])
        Price.objects.bulk_create(opened)
        if price_list is None:
            _overtaken(market, [one.variant_id for one in wanted if one.min_quantity == 1], book.actor)
    return len(opened) + sum(1 for row in changed if row.valid.lower == starts_on)


def _overtaken(market: Market, variant_ids: list[int], actor: str) -> None:
    """Dismiss open suggestions of variants whose price was just set: they compare with a price that is gone."""
    PriceSuggestion.objects.filter(market=market, variant_id__in=variant_ids, state=PriceSuggestion.State.OPEN).update(
        state=PriceSuggestion.State.DISMISSED, decided_by=actor, decided_at=timezone.now()
    )
