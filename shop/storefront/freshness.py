"""Offers as fresh as a page promises, also where no worker runs."""

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from shop.crossborder.models import Market
from shop.crossborder.offering import refreshing


def follow(market: Market) -> None:
    """Bring the market's offers up to date, at most once in ``settings.OFFERS_FOLLOW_EVERY`` seconds (0: always)."""
    seconds: float = settings.OFFERS_FOLLOW_EVERY
    if seconds:
        try:
            if not cache.add(f"storefront:followed:{market.code}", 1, seconds):
                return
        except RedisError:
            pass
    refreshing.follow(market=market)
