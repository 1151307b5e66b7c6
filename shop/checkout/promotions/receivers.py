"""Codes follow the order's life: inside the transaction of each move, by the event row that it writes."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from shop.checkout.promotions import actions
from shop.orders.models import OrderEvent, OrderState

ENDED = {OrderState.EXPIRED, OrderState.CANCELLED}


@receiver(post_save, sender=OrderEvent, dispatch_uid="shop.checkout.promotions.follow_order")
def follow_order(instance: OrderEvent, created: bool, raw: bool = False, **_kwargs: Any) -> None:  # noqa: FBT001, FBT002
    """Give back what an order used that ended unpaid; count it again when its money came late."""
    if raw or not created or not instance.from_state:
        return
    if instance.to_state in ENDED:
        actions.give_back(order=instance.order)
    elif instance.to_state == OrderState.PAID and instance.from_state in ENDED:
        actions.count_again(order=instance.order)
