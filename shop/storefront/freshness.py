"""Offers as fresh as a page promises, also where no worker runs."""

import time

import structlog
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from shop.crossborder.models import Market
from shop.crossborder.offering import refreshing

log = structlog.get_logger("vitrine.storefront")
KEY = "storefront:followed"
# Market code → until when (monotonic seconds) this process follows no more while Valkey is away.
_alone: dict[str, float] = {}


def follow(market: Market) -> None:
    """Bring the market's offers up to date, at most once in ``settings.OFFERS_FOLLOW_EVERY`` seconds (0: always).

    Once over all processes; where Valkey is away, once in each of them.
    """
    if due(market.code):
        refreshing.follow(market=market)


def due(code: str) -> bool:
    """Tell whether it is this caller's turn to follow the market, and take the turn."""
    seconds: float = settings.OFFERS_FOLLOW_EVERY
    if not seconds:
        return True
    try:
        return bool(cache.add(f"{KEY}:{code}", 1, max(int(seconds), 1)))
    except RedisError as error:
        log.warning("turns to follow offers are not shared", error=type(error).__name__)
    now = time.monotonic()
    if _alone.get(code, 0.0) > now:
        return False
    _alone[code] = now + seconds
    return True
