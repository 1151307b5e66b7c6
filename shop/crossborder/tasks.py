"""Celery: offers that follow what changed, and the daily care of buyers' identities."""

from celery import shared_task
from django.utils import timezone

from shop.crossborder.identities import actions
from shop.crossborder.models import Market
from shop.crossborder.offering.refreshing import follow

ROUNDS = 20  # batches in one run, well within a task's time limit


@shared_task(name="shop.crossborder.follow_offers")
def follow_offers() -> None:
    """Bring every market's offers up to date."""
    for market in Market.objects.order_by("pk"):
        follow(market=market)


@shared_task(name="shop.crossborder.erase_identities")
def erase_identities() -> None:
    """Empty the identities whose time is over; what is left after some batches is for the next run."""
    for _round in range(ROUNDS):
        if not actions.erase_due(now=timezone.now()):
            return


@shared_task(name="shop.crossborder.reseal_identities")
def reseal_identities() -> None:
    """Seal under the newest key what an older one sealed."""
    for _round in range(ROUNDS):
        if not actions.reseal():
            return
