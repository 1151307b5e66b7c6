"""Markets and languages as addresses name them: looked up, remembered, and suggested to a newcomer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog
from babel.core import get_global
from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import get_language_from_request
from django.utils.translation.trans_real import parse_accept_lang_header
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
COUNTRY = re.compile(r"[A-Z]{2}")


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
    return suggestion(request.COOKIES, get_language_from_request(request), countries_of(request))


def countries_of(request: HttpRequest) -> list[str]:
    """Return the countries a visitor may be in, the likeliest first.

    The one that the header ``COUNTRY_HEADER`` names (a trusted proxy's), then the regions of the browser's languages;
    a language that the shop does not speak stands for its likeliest country (CLDR): ``ko`` for Korea.
    """
    told = request.headers.get(settings.COUNTRY_HEADER, "") if settings.COUNTRY_HEADER else ""
    found = [told.upper()] if COUNTRY.fullmatch(told.upper()) else []
    for tag, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        language, *subtags = tag.split("-")
        regions = [one.upper() for one in subtags if COUNTRY.fullmatch(one.upper())]
        if not regions and not any(ours.split("-")[0] == language for ours in LANGUAGES):
            regions = get_global("likely_subtags").get(language, "").split("_")[-1:]
        found += regions
    return [one for one in found if COUNTRY.fullmatch(one)]


def suggestion(cookies: Mapping[str, str], language: str, countries: Sequence[str] = ()) -> Place | None:
    """Return the place of the cookie, else that of a country, else the language's usual one, else Britain, else any."""
    code, _sep, remembered = cookies.get(PLACE_COOKIE, "").partition("/")
    if place := place_of(code, remembered):
        return place
    for country in countries:
        for served in served_markets().values():
            if country in served.market.countries:
                spoken = served.market.languages
                return Place(served.market, language if language in spoken else spoken[0])
    for wish in [(MARKET_OF_LANGUAGE.get(language, FALLBACK[0]), language), FALLBACK]:
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
