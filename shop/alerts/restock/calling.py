"""Telling those who wait: by what can really be promised now, in the order of asking, a wave at a time.

Level, not edge: what is looked at is whether there is stock, not whether some arrived; a restock that was sold out
again before anybody was told tells nobody.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from inventory.stock import queries as stock
from shop.alerts.mail import write
from shop.alerts.restock.actions import link, name_of
from shop.alerts.restock.models import StockAlert
from shop.crossborder import queries as crossborder
from shop.crossborder.models import Market
from shop.crossborder.offers import Offer, offers, published

WAVE = timedelta(hours=4)  # how long those who were told have the units to themselves
BATCH = 200
State = StockAlert.State
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def call_waiters() -> int:
    """Tell those for whom there is something now; return how many letters were written."""
    return sum(_call_in(market) for market in Market.objects.filter(pk__in=_markets()).order_by("pk"))


def _markets() -> Iterable[int]:
    return StockAlert.objects.filter(state=State.WAITING).order_by().values_list("market_id", flat=True).distinct()


def _call_in(market: Market) -> int:
    """Tell a market's waiters: three statements to know for what there is stock, then some for each such variant."""
    waiting = StockAlert.objects.filter(state=State.WAITING, market=market)
    products = set(waiting.order_by().values_list("variant__product_id", flat=True).distinct())
    wanted = set(waiting.order_by().values_list("variant_id", flat=True).distinct())
    on_sale = [
        one for one in offers(market=market, condition=published(product_ids=products)) if one.variant_id in wanted
    ]
    units = stock.available_by_item(
        item_ids=[one.item_id for one in on_sale], warehouse_ids=crossborder.warehouse_ids(market)
    )
    return sum(_wave(market, one, units[one.item_id]) for one in on_sale if units.get(one.item_id, 0) > 0)


@transaction.atomic
def _wave(market: Market, offer: Offer, units: int) -> int:
    """Tell the next of those who wait for one variant: a few times the units, less whom the last wave has told."""
    with connection.cursor() as cursor:
        # One at a time for a variant and market: two would count the same wave and tell twice as many.
        cursor.execute(LOCK, [f"wave:{market.pk}:{offer.variant_id}"])
    now = timezone.now()
    alerts = StockAlert.objects.filter(market=market, variant_id=offer.variant_id)
    told = alerts.filter(state=State.TOLD, told_at__gt=now - WAVE).count()
    room = min(units * settings.RESTOCK_WAVE - told, BATCH)
    if room <= 0:
        return 0
    chosen = list(
        alerts.filter(state=State.WAITING)
        .select_for_update(of=("self",))
        .select_related("variant__product", "market")
        .order_by("id")[:room]
    )
    for alert in chosen:
        _tell(alert)
    return len(chosen)


def _tell(alert: StockAlert) -> None:
    alert.state, alert.told_at = State.TOLD, timezone.now()
    alert.save(update_fields=["state", "told_at"])
    page = reverse("shop:product", args=[alert.market.code, alert.language, alert.variant.product.slug])
    write(
        kind="restock_alert",
        key=f"restock_alert:{alert.pk}",
        to=alert.email,
        language=alert.language,
        facts={
            "name": name_of(alert.variant, alert.language),
            "page": f"{settings.SITE_URL}{page}",
            "stop": link(alert, "stop"),
        },
    )


def waiting_by_variant(variant_ids: Iterable[int]) -> dict[int, int]:
    """Return variant id → how many people wait for it, over all markets. One statement."""
    rows = StockAlert.objects.filter(state=State.WAITING, variant_id__in=list(variant_ids)).order_by()
    return dict(rows.values_list("variant_id").annotate(people=Count("id")))
