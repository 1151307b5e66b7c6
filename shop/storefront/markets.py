"""Markets and languages as addresses name them: looked up, remembered, and suggested to a newcomer."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import get_language_from_request
from redis.exceptions import RedisError

from shop.crossborder.models import Market

log = structlog.get_logger("vitrine.storefront")
LANGUAGES: dict[str, str] = dict(settings.LANGUAGES)
# Language tags as HTML wants them (BCP 47): the script decides which Han glyphs are drawn.
HTML_LANG = {"zh-hans": "zh-Hans"}
PLACE_COOKIE = "place"
PLACE_AGE = 365 * 24 * 3600
CACHE_KEY = "storefront:markets:1"
CACHE_SECONDS = 10
# Where a reader of a language most likely shops, when nothing else is known.
MARKET_OF_LANGUAGE = {"zh-hans": "cn", "fr": "fr", "ja": "jp"}
FALLBACK = ("gb", "en")


@dataclass(frozen=True)
class ServedMarket:
    """A market with the warehouses that serve it, the preferred first."""

    market: Market
    warehouse_ids: tuple[int, ...]


@dataclass(frozen=True)
class Place:
    """A market and one of its languages."""

    market: Market
    language: str


def _read() -> dict[str, ServedMarket]:
    rows = Market.objects.annotate(
        served_by=ArrayAgg("marketwarehouse__warehouse_id", order_by="marketwarehouse__rank", default=[])
    )
    return {
        row.code: ServedMarket(market=row, warehouse_ids=tuple(one for one in row.served_by if one is not None))
        for row in rows
    }


def served_markets() -> dict[str, ServedMarket]:
    """Return every market by code, in order of position; at most ten seconds old.

    One statement when they are not in the cache, which may also be away: then the database answers each time.
    """
    try:
        found: dict[str, ServedMarket] | None = cache.get(CACHE_KEY)
        if not found:
            found = _read()
            cache.set(CACHE_KEY, found, CACHE_SECONDS)
    except RedisError as error:
        log.warning("market cache is away", error=type(error).__name__)
        found = _read()
    return found


def warehouse_ids(market: Market) -> tuple[int, ...]:
    """Return the market's warehouses, the preferred first."""
    served = served_markets().get(market.code)
    return served.warehouse_ids if served else ()


def in_path(path: str) -> tuple[str, str] | None:
    """Return the market and language that the path names, if its second part is a language of ours."""
    parts = path.split("/", 3)
    return (parts[1], parts[2]) if len(parts) > 3 and parts[2] in LANGUAGES else None


def place_of(code: str, language: str) -> Place | None:
    """Return the place, or None if there is no such market or it does not speak the language."""
    served = served_markets().get(code)
    return Place(served.market, language) if served and language in served.market.languages else None


def best_language(request: HttpRequest) -> str:
    """Return the language of the last visited place, else the browser's first that we speak, else English."""
    _code, _sep, remembered = request.COOKIES.get(PLACE_COOKIE, "").partition("/")
    return remembered if remembered in LANGUAGES else get_language_from_request(request)


def suggested(request: HttpRequest) -> Place | None:
    """Return where to send a visitor who names no place; None while there are no markets."""
    return suggestion(request.COOKIES, get_language_from_request(request))


def suggestion(cookies: Mapping[str, str], language: str) -> Place | None:
    """Return the place of the cookie, else the market of the language, else Britain, else any."""
    code, _sep, remembered = cookies.get(PLACE_COOKIE, "").partition("/")
    wishes = [(code, remembered), (MARKET_OF_LANGUAGE.get(language, FALLBACK[0]), language), FALLBACK]
    for wish in wishes:
        if place := place_of(*wish):
            return place
    for served in served_markets().values():
        return Place(served.market, served.market.languages[0])
    return None


def remember(response: HttpResponseBase, place: Place) -> None:
    """Keep the place in a cookie. Only personal answers do this: catalogue pages are the same for everybody."""
    response.set_cookie(
        PLACE_COOKIE,
        f"{place.market.code}/{place.language}",
        max_age=PLACE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
