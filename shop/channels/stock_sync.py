"""Stock towards the marketplaces: the desired number is kept in our database and sent until it is acknowledged."""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

import structlog
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from licensing.rights.may_sell import may_sell
from shop.channels.adapters.contract import ChannelAdapter
from shop.channels.adapters.errors import ChannelError
from shop.channels.adapters.types import ListingRef, PushOutcome, PushResult, StockTarget
from shop.channels.models import Listing, SalesChannel

log = structlog.get_logger("vitrine.channels")
BATCH = 200
IN_FLIGHT = timedelta(seconds=60)  # a send that has not answered by then is sent again
LONGEST_WAIT = timedelta(minutes=15)
REJECTED_WAIT = timedelta(hours=1)

# What each listing ought to show: what the channel's warehouses can promise together, its own ring-fence included and
# its buffer left out (a bundle: as many as its scarcest component allows); zero where rights forbid the sale. Only rows
# whose number differs are written, and only they get a new version.
REFRESH = """
WITH listed AS (
    SELECT l.id, v.sku, COALESCE(c.component_id, v.item_id) AS item_id, COALESCE(c.quantity, 1) AS each
      FROM shop_listing l
      JOIN shop_variant v ON v.id = l.variant_id
      LEFT JOIN inventory_bundlecomponent c ON c.bundle_id = v.item_id
     WHERE l.channel_id = %(channel)s AND l.active
), free AS (
    SELECT b.item_id,
           SUM(GREATEST(b.on_hand - b.safety - b.held - b.allocated - b.fenced, 0) + COALESCE(f.remaining, 0)) AS units
      FROM inventory_balance b
      LEFT JOIN inventory_ringfence f ON f.balance_id = b.id AND f.open AND f.purpose = %(purpose)s
     WHERE b.warehouse_id = ANY(%(warehouses)s) AND b.item_id IN (SELECT item_id FROM listed)
     GROUP BY b.item_id
), wanted AS (
    SELECT listed.id,
           CASE WHEN listed.sku = ANY(%(denied)s) THEN 0
                ELSE GREATEST(MIN(COALESCE(free.units, 0) / listed.each) - %(buffer)s, 0)
           END AS quantity
      FROM listed LEFT JOIN free ON free.item_id = listed.item_id
     GROUP BY listed.id, listed.sku
), locked AS (
    SELECT l.id FROM shop_listing l JOIN wanted w ON w.id = l.id
     WHERE l.desired_quantity <> w.quantity OR l.desired_version = 0
     ORDER BY l.id FOR UPDATE OF l
)
UPDATE shop_listing AS l
   SET desired_quantity = w.quantity, desired_version = l.desired_version + 1, due_at = NULL, failures = 0
  FROM wanted w JOIN locked ON locked.id = w.id
 WHERE l.id = w.id AND (l.desired_quantity <> w.quantity OR l.desired_version = 0)
RETURNING l.id
"""


def refresh(channel: SalesChannel) -> int:
    """Bring the desired quantities of a channel up to date; return how many listings changed. Three statements."""
    skus = list(Listing.objects.filter(channel=channel, active=True).values_list("variant__sku", flat=True))
    if not skus:
        return 0
    decisions = may_sell(skus=skus, ship_to=channel.country, channel=channel.code, on=timezone.localdate())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            REFRESH,
            {
                "channel": channel.id,
                "buffer": channel.buffer,
                "purpose": f"channel:{channel.code}",
                "warehouses": list(channel.warehouses.values_list("id", flat=True)),
                "denied": [sku for sku, decision in decisions.items() if not decision.allowed],
            },
        )
        changed = len(cursor.fetchall())
    if changed:
        log.info("listings changed", channel=channel.code, count=changed)
    return changed


def behind(channel: SalesChannel) -> Q:
    """Return the condition of listings that are to be sent now."""
    now = timezone.now()
    return (
        Q(channel=channel, active=True, acknowledged_version__lt=F("desired_version"))
        & (Q(due_at=None) | Q(due_at__lte=now))
        & (Q(sent_version=F("acknowledged_version")) | Q(sent_at=None) | Q(sent_at__lte=now - IN_FLIGHT))
    )


@transaction.atomic
def _claim(channel: SalesChannel) -> list[StockTarget]:
    """Note what is being sent, before it is sent: one sender a listing."""
    rows = list(
        Listing.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(behind(channel))
        .select_related("variant")
        .order_by("id")[:BATCH]
    )
    now = timezone.now()
    for row in rows:
        row.sent_version = row.desired_version
        row.sent_at = now
    Listing.objects.bulk_update(rows, ["sent_version", "sent_at"])
    return [
        StockTarget(
            ref=ListingRef(
                account=channel.code,
                item_id=row.external_item_id,
                sku_id=row.external_sku_id or None,
                seller_sku=row.variant.sku,
            ),
            quantity=row.desired_quantity,
            version=row.desired_version,
            idempotency_key=sha256(f"{row.id}|{row.desired_version}".encode()).hexdigest(),
            reason="stock",
        )
        for row in rows
    ]


def send_again(*, listing_id: int) -> bool:
    """Let a listing that is behind be sent at once, however long it was to wait. False: it is in sync or inactive."""
    waiting = Listing.objects.filter(id=listing_id, active=True, acknowledged_version__lt=F("desired_version"))
    return bool(waiting.update(due_at=None, sent_at=None))


def push(channel: SalesChannel, adapter: ChannelAdapter) -> int:
    """Send every listing that is behind; return how many the marketplace acknowledged. No lock is held on the wire."""
    targets = _claim(channel)
    if not targets:
        return 0
    try:
        results = adapter.push_stock(targets)
    except ChannelError as error:
        results = [
            PushResult(ref=target.ref, version=target.version, outcome=PushOutcome.RETRY, error=error)
            for target in targets
        ]
    return _settle(channel, targets, results)


@transaction.atomic
def _settle(channel: SalesChannel, targets: Sequence[StockTarget], results: Sequence[PushResult]) -> int:
    acknowledged = 0
    for target, result in zip(targets, results, strict=True):
        # An answer about an older version never overwrites a newer state.
        row = Listing.objects.filter(channel=channel, variant__sku=target.ref.seller_sku, sent_version=target.version)
        if result.outcome is PushOutcome.APPLIED:
            acknowledged += row.update(
                acknowledged_version=target.version,
                acknowledged_quantity=target.quantity,
                acknowledged_at=timezone.now(),
                failures=0,
                last_error="",
                due_at=None,
            )
            continue
        listing = row.first()
        if listing:
            _postpone(listing, result)
    log.info("stock pushed", channel=channel.code, sent=len(targets), acknowledged=acknowledged)
    return acknowledged


def _postpone(listing: Listing, result: PushResult) -> None:
    wait = min(timedelta(seconds=2) * 2 ** min(listing.failures, 10), LONGEST_WAIT)
    if result.error and result.error.retry_after:
        wait = max(wait, result.error.retry_after)
    if result.outcome is PushOutcome.REJECTED:
        wait = REJECTED_WAIT
    listing.failures += 1
    listing.last_error = str(result.error or result.outcome)[:2000]
    listing.due_at = timezone.now() + wait
    # Nothing is in flight any more: the desired number may be sent again when due.
    listing.sent_at = None
    listing.save(update_fields=["failures", "last_error", "due_at", "sent_at"])
    log.warning("listing waits", listing=listing.id, outcome=str(result.outcome), error=listing.last_error)
