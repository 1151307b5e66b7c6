"""Reorder advice: from the ledger's demand through the forecast to rows that a merchandiser acts on."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, Q, Sum
from django.utils import timezone

from inventory.replenishment import actions
from inventory.replenishment.demand import daily_demand, weekly
from inventory.replenishment.forecasting import Forecast, choose, learn
from inventory.replenishment.models import PurchaseOrder, PurchaseOrderLine, ReorderAdvice, SupplierItem
from inventory.replenishment.policy import Plan, Terms, Wish, plan, within_budget
from inventory.stock.models import Balance, Movement, TransferLine, Warehouse

WEEKS = 52  # of history
DEFAULT_LEAD_TIME = 30  # days, for an item that no supplier sells us
NEW_DAYS = 56  # an item is new so long after its first unit came
SLOW_DAYS = 56  # slow: not sold for so long, or
SLOW_COVER = 365  # this many days of cover
DEAD_DAYS = 180  # dead: units there, not sold for so long
OVERSTOCK_DAYS = 180  # of demand beyond what the next order would fill up to
Pace = ReorderAdvice.Pace


def compute_advice(*, now: datetime | None = None, warehouse_ids: Sequence[int] | None = None) -> int:
    """Renew the advice for every counted item in the warehouses (all unless told); return the number of rows.

    Forecasts come from the ledger's last 52 whole weeks before ``now``, taught by all items together. The levels from
    which a balance counts as low or overstocked follow. A fixed number of statements (plus bulk pages of 1,000 rows).
    """
    now = now or timezone.now()
    places = list(Warehouse.objects.values_list("id", flat=True)) if warehouse_ids is None else list(warehouse_ids)
    today = timezone.localdate(now)
    since = now - timedelta(days=7 * WEEKS)
    demand = daily_demand(since=since, until=now, warehouse_ids=places)
    series = weekly(demand, until=today, weeks=WEEKS)
    last_sold: dict[tuple[int, int], date] = {}
    for one in demand:
        last_sold[one.item_id, one.warehouse_id] = one.day
    balances = list(Balance.objects.filter(warehouse_id__in=places))
    first_seen = _first_seen([balance.id for balance in balances])
    sources = {
        one.item_id: one
        for one in SupplierItem.objects.select_related("supplier").filter(preferred=True, supplier__active=True)
    }
    coming = on_order(places)
    pool = learn(series.values())
    rows, changed = [], []
    for balance in balances:
        key = (balance.item_id, balance.warehouse_id)
        source = sources.get(balance.item_id)
        claims = balance.safety + balance.held + balance.allocated + balance.fenced
        free = balance.on_hand - claims
        terms = Terms(
            lead_time=source.lead_time if source else DEFAULT_LEAD_TIME,
            service_level=settings.REORDER_SERVICE_LEVEL,
            minimum=source.minimum if source else 1,
            multiple=source.multiple if source else 1,
        )
        weeks = series.get(key)
        forecast = choose(weeks, pool) if weeks else Forecast(mean=0.0, deviation=0.0, smoothing=0.0)
        advised = plan(weekly=forecast, position=free + coming.get(key, 0), available=free, terms=terms)
        rows.append(
            ReorderAdvice(
                item_id=balance.item_id,
                warehouse_id=balance.warehouse_id,
                source=source,
                daily_demand=advised.daily_demand,
                daily_deviation=advised.daily_deviation,
                available=balance.available,
                on_order=coming.get(key, 0),
                days_of_cover=advised.days_of_cover,
                lead_time_days=terms.lead_time,
                reorder_point=advised.reorder_point,
                order_up_to=advised.order_up_to,
                suggested=advised.suggested,
                pace=_pace(
                    today, advised, sold=last_sold.get(key), seen=first_seen.get(balance.id), on_hand=balance.on_hand
                ),
                last_sold_on=last_sold.get(key),
                computed_at=now,
            )
        )
        if advised.daily_demand > 0:
            low, high = advised.reorder_point, advised.order_up_to + round(advised.daily_demand * OVERSTOCK_DAYS)
            if (balance.low_at, balance.high_at) != (low, high):
                balance.low_at, balance.high_at = low, high
                changed.append(balance)
    _write(rows, changed, places)
    return len(rows)


@transaction.atomic
def _write(rows: list[ReorderAdvice], changed: list[Balance], places: Sequence[int]) -> None:
    kept = [name for name in (field.name for field in ReorderAdvice._meta.concrete_fields) if name != "id"]  # noqa: SLF001
    ReorderAdvice.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["item", "warehouse"],
        update_fields=[name for name in kept if name not in {"item", "warehouse"}],
    )
    if rows:
        ReorderAdvice.objects.filter(warehouse_id__in=places).exclude(computed_at=rows[0].computed_at).delete()
    # In key order, as every writer of balances locks them.
    ordered = sorted(changed, key=lambda balance: balance.id)
    list(
        Balance.objects.filter(id__in=[balance.id for balance in ordered])
        .order_by("id")
        .select_for_update(no_key=True)
        .values_list("id", flat=True)
    )
    Balance.objects.bulk_update(ordered, ["low_at", "high_at"], batch_size=1000)


def _first_seen(balance_ids: Sequence[int]) -> dict[int, date]:
    """Return balance id → day of its first movement; one statement."""
    rows = (
        Movement.objects.filter(balance_id__in=balance_ids)
        .order_by()
        .values_list("balance_id")
        .annotate(first=Min("occurred_at"))
    )
    return {balance_id: timezone.localdate(first) for balance_id, first in rows}


def _pace(today: date, advised: Plan, *, sold: date | None, seen: date | None, on_hand: int) -> str:
    if seen is None or (today - seen).days < NEW_DAYS:
        return Pace.NEW
    quiet = (today - (sold or seen)).days
    if quiet >= DEAD_DAYS and on_hand > 0:
        return Pace.DEAD
    if quiet >= SLOW_DAYS or (advised.days_of_cover or 0) > SLOW_COVER:
        return Pace.SLOW
    return Pace.MOVING


def on_order(warehouse_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """Return (item id, warehouse id) → units on sent purchase orders and on transfers. Two statements."""
    places = list(warehouse_ids)
    coming: dict[tuple[int, int], int] = defaultdict(int)
    sent = Q(order__state__in=[PurchaseOrder.State.SENT, PurchaseOrder.State.PARTLY_RECEIVED])
    bought = (
        PurchaseOrderLine.objects.filter(sent, order__warehouse_id__in=places, quantity__gt=F("received"))
        .order_by()
        .values_list("item_id", "order__warehouse_id")
        .annotate(units=Sum(F("quantity") - F("received")))
    )
    moved = (
        TransferLine.objects.filter(transfer__state="in_transit", transfer__destination_id__in=places)
        .order_by()
        .values_list("item_id", "transfer__destination_id")
        .annotate(units=Sum(F("quantity") - F("received") - F("lost")))
    )
    for item_id, warehouse_id, quantity in [*bought, *moved]:
        coming[item_id, warehouse_id] += quantity
    return dict(coming)


@transaction.atomic
def draft_within_budget(
    *, advice_ids: Iterable[int], budget: Decimal | None, actor: str, rates: dict[str, Decimal] | None = None
) -> list[PurchaseOrder]:
    """Draft one purchase order per supplier and warehouse for advised rows, what runs out first comes first.

    ``budget`` is in our own currency. ``rates`` (currency → our own units for one) price suppliers in other currencies;
    where none is given, the rate of the latest order in that currency is taken; rows that have none either cannot be
    weighed against a budget and are left out. Rows without supplier or suggestion are left out.
    """
    advice = list(
        ReorderAdvice.objects.select_related("source__supplier", "warehouse")
        .filter(id__in=list(advice_ids), source__isnull=False, suggested__gt=0)
        .order_by("id")
    )
    known = {settings.BASE_CURRENCY: Decimal(1)} | _latest_rates() | (rates or {})
    wishes = []
    for row in advice:
        source = row.source
        rate = known.get(source.supplier.currency) if source else None
        if source is None or (rate is None and budget is not None):
            continue
        wishes.append(
            Wish(
                key=row.id,
                quantity=row.suggested,
                minimum=source.minimum,
                multiple=source.multiple,
                unit_cost=source.unit_cost * (rate or Decimal(0)),
                days_of_cover=row.days_of_cover or 0.0,
            )
        )
    granted = within_budget(wishes, budget)
    groups: dict[tuple[int, int], list[ReorderAdvice]] = defaultdict(list)
    for row in advice:
        if row.id in granted and row.source:
            groups[row.source.supplier_id, row.warehouse_id].append(row)
    orders = []
    for rows in groups.values():
        source = rows[0].source
        if source:
            orders.append(
                actions.draft(
                    supplier=source.supplier,
                    warehouse=rows[0].warehouse,
                    lines={row.item_id: granted[row.id] for row in rows},
                    rate=known.get(source.supplier.currency),
                    note="from reorder advice",
                    actor=actor,
                )
            )
    return orders


def _latest_rates() -> dict[str, Decimal]:
    rows = (
        PurchaseOrder.objects.filter(rate__isnull=False)
        .order_by("currency", "-created_at")
        .distinct("currency")
        .values_list("currency", "rate")
    )
    return {currency: rate for currency, rate in rows if rate is not None}
