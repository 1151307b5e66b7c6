"""Celery: one cycle of a channel is orders first, then the numbers to show, then the push."""

import structlog
from celery import shared_task

from shop.channels import connections, order_sync, stock_sync
from shop.channels.adapters.errors import ChannelError
from shop.channels.models import Listing, SalesChannel

log = structlog.get_logger("vitrine.channels")


@shared_task(name="shop.channels.sync")
def sync(channel_id: int) -> None:
    """Pull a channel's orders, settle them, bring the desired stock up to date and push it.

    Orders come first: the number sent back to the channel that made a sale already counts that sale.
    """
    channel = SalesChannel.objects.filter(id=channel_id, active=True).first()
    if channel is None:
        return
    try:
        adapter = connections.adapter_for(channel)
    except connections.NotConnected as error:
        log.warning("channel not connected", channel=channel.code, error=str(error))
        return
    try:
        order_sync.pull(channel, adapter)
    except ChannelError as error:
        log.warning("orders not read", channel=channel.code, error=str(error))
    for row_id in order_sync.unsettled(channel):
        order_sync.settle(row_id)
    stock_sync.refresh(channel)
    stock_sync.push(channel, adapter)


@shared_task(name="shop.channels.pull_orders")
def pull_orders() -> None:
    """Start a cycle for every active channel."""
    for channel_id in SalesChannel.objects.filter(active=True).values_list("id", flat=True):
        sync.delay(channel_id)


@shared_task(name="shop.channels.refresh_listings")
def refresh_listings() -> None:
    """Compare every channel's desired stock with what there is; start a cycle where a listing is behind."""
    for channel in SalesChannel.objects.filter(active=True):
        stock_sync.refresh(channel)
        if Listing.objects.filter(stock_sync.behind(channel)).exists():
            sync.delay(channel.id)
