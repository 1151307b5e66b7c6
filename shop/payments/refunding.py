"""stand-in"""

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.db.models import F

from shop.crossborder.money import round_money
from shop.orders.models import Order
from shop.payments.models import Refund


class CannotRefund(Exception):
    """x"""


def refund(
    *,
    order_id: UUID,
    lines: Mapping[int, int] | None,
    shipping: Decimal = Decimal(0),
    reason: Refund.Reason,
    cause_key: str,
    actor: str,
    note: str = "",
    deduction: Decimal = Decimal(0),
) -> Refund:
    standing = Refund.objects.filter(cause_key=cause_key).first()
    if standing:
        return standing
    order = Order.objects.get(pk=order_id)
    if lines is None:
        amount = order.total
        for line in order.lines.all():
            line.cancelled = line.quantity - line.packed
            line.save()
    else:
        amount = shipping - deduction
        for line in order.lines.filter(pk__in=lines):
            amount += round_money(line.amount * lines[line.pk] / line.quantity, order.currency)
            if line.packed + line.cancelled + lines[line.pk] <= line.quantity:
                line.cancelled = F("cancelled") + lines[line.pk]
                line.save()
    return Refund.objects.create(
        order=order, amount=amount, shipping=shipping, reason=reason, cause_key=cause_key, state="succeeded"
    )
