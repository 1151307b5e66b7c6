"""An item's last days, read from the ledger."""

from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from inventory.stock.charts import Day
from inventory.stock.models import Balance, Item, Movement

DAYS = 90
KIND = Movement.Kind


def last_days(item: Item, *, today: date | None = None, number: int = DAYS) -> list[Day]:
    """Return what lay in all warehouses at the end of each of the last days, and what was sold. Two statements.

    Counted back from what is there now, by when things happened; days are those of the shop's time zone. Nothing is
    returned for an item that no warehouse counts.
    """
    today = today or timezone.localdate()
    first = today - timedelta(days=number - 1)
    now = Balance.objects.filter(item=item).aggregate(rows=Count("id"), units=Coalesce(Sum("on_hand"), 0))
    if not now["rows"]:
        return []
    returned = F("on_hand_delta") + F("quarantined_delta") + F("damaged_delta")
    moved = {
        row["day"]: row
        for row in Movement.objects.filter(
            balance__item=item, occurred_at__gte=timezone.make_aware(datetime.combine(first, time.min))
        )
        .annotate(day=TruncDate("occurred_at"))
        .order_by()
        .values("day")
        .annotate(
            change=Sum("on_hand_delta"),
            # A cancelled allocation has a negative delta: it takes itself off the sales.
            sold=Coalesce(Sum("allocated_delta", filter=Q(kind__in=[KIND.COMMIT, KIND.CANCEL])), 0)
            - Coalesce(Sum(returned, filter=Q(kind=KIND.RETURN)), 0),
        )
    }
    on_hand = now["units"] - sum(row["change"] for day, row in moved.items() if day > today)
    days = []
    for back in range(number):
        day = today - timedelta(days=back)
        row = moved.get(day, {"change": 0, "sold": 0})
        days.append(Day(day, on_hand, row["sold"]))
        on_hand -= row["change"]
    return days[::-1]
