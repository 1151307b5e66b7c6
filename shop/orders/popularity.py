"""How much each product has sold of late, kept on the product for lists to sort by."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

SPAN = timedelta(days=90)
# One statement, and it writes only what differs: every written row is a new revision of its product.
STATEMENT = """
WITH sold AS (
    SELECT v.product_id, sum(l.quantity - l.cancelled) AS units
      FROM shop_orderline l
      JOIN shop_order o ON o.id = l.order_id
      JOIN shop_variant v ON v.id = l.variant_id
     WHERE o.paid_at > %(since)s AND o.paid_at <= %(now)s
     GROUP BY v.product_id
), wanted AS (
    SELECT p.id, coalesce(s.units, 0)::integer AS units
      FROM shop_product p LEFT JOIN sold s ON s.product_id = p.id
     WHERE p.popularity <> coalesce(s.units, 0)
     ORDER BY p.id
       FOR NO KEY UPDATE OF p
)
UPDATE shop_product p SET popularity = wanted.units FROM wanted WHERE p.id = wanted.id
"""


def count_sales(*, now: datetime | None = None) -> int:
    """Set each product's popularity to the units paid for in the last 90 days, without those cancelled since.

    Returns how many products changed.
    """
    now = now or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, {"since": now - SPAN, "now": now})
        return int(cursor.rowcount)
