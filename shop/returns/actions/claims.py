"""A unit is returned once: the check is inside the write."""

from django.db import connection, transaction
from django.db.models import F

from shop.orders.models import OrderLine
from shop.returns.errors import NotReturnable
from shop.returns.facts import shipped_units
from shop.returns.models import ReturnClaim

# Units only ever leave, so a count of them that is a moment old is never too high.
CLAIM = """
UPDATE shop_returnclaim SET claimed = claimed + %(units)s
 WHERE order_line_id = %(line)s
   AND claimed + %(units)s <= (
           SELECT COALESCE(SUM(l.quantity), 0)
             FROM shop_shipmentline l JOIN shop_shipment s ON s.id = l.shipment_id
            WHERE l.order_line_id = %(line)s AND s.state IN ('shipped', 'delivered')
       )
"""


def claim(line: OrderLine, units: int) -> None:
    """Put units of an order line into a return, inside the caller's transaction.

    Claim the lines of an order in the order of their ids.

    :raises NotReturnable: fewer have left, or are not in a return already.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Units are claimed inside a transaction.")
    ReturnClaim.objects.get_or_create(order_line=line, defaults={"ordered": line.quantity})
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"line": line.pk, "units": units})
        taken = cursor.rowcount
    if not taken:
        claimed = ReturnClaim.objects.get(order_line=line).claimed
        left = shipped_units(line.order).get(line.pk, 0) - claimed
        raise NotReturnable(line.pk, line.sku, units, max(left, 0))


def release(line_id: int, units: int) -> None:
    """Give units back that never came: they may be returned another time."""
    if units:
        ReturnClaim.objects.filter(order_line_id=line_id).update(claimed=F("claimed") - units)
