"""Celery: fetch the reference rates."""

import structlog
from celery import shared_task
from django.conf import settings

from shop.crossborder.exchange import actions, fetching
from shop.crossborder.exchange.ecb import UnreadableRates

log = structlog.get_logger("vitrine.exchange")


@shared_task(name="shop.crossborder.fetch_rates", soft_time_limit=45, time_limit=55)
def fetch_rates() -> None:
    """Import the file at ``settings.ECB_RATES_URL``, if there is one. The next run tries again what failed."""
    if not settings.ECB_RATES_URL:
        return
    try:
        actions.import_ecb(content=fetching.fetch(settings.ECB_RATES_URL), actor="fetch_rates")
    except (fetching.RatesUnavailable, UnreadableRates, actions.RateRefused) as error:
        log.warning("rates not imported", why=str(error))
