"""Reading what is to leave and what has left, in a fixed number of statements."""

from django.db.models import QuerySet

from shop.orders.models import Order
from shop.orders.shipment_models import LEFT, Shipment


def shipped_with_lines(order: Order) -> QuerySet[Shipment]:
    """Return the parcels of the order that have left, the first one first. One statement, two more for any."""
    return order.shipments.filter(state__in=LEFT).order_by("serial").prefetch_related("lines__order_line")
