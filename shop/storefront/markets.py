"""Markets and languages as addresses name them: looked up, remembered, and suggested to a newcomer."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language_from_request, get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header
from redis.exceptions import RedisError

from shop.crossborder.delivery.goods import Origin
from shop.crossborder.models import LegalKind, LegalPage, Market
from shop.storefront.suggesting import Guess, Sign, guesses

log = structlog.get_logger("vitrine.storefront")
LANGUAGES: dict[str, str] = dict(settings.LANGUAGES)
# Language tags as HTML wants them (BCP 47): the script decides which Han glyphs are drawn.
HTML_LANG = {"zh-hans": "zh-Hans"}
PLACE_COOKIE = "place"
DECLINED_COOKIE = "declined"
PLACE_AGE = 365 * 24 * 3600
CACHE_KEY = "storefront:markets:4"
CACHE_SECONDS = 10
FALLBACK = ("gb", "en")
# What this process asked the cache for last, and until when (monotonic seconds) it does not ask again.
_known: "dict[str, tuple[float, dict[str, ServedMarket]]]" = {}


@dataclass(frozen=True)
class ServedMarket:
    """A market with the warehouses that serve it, the preferred first, and its legal pages.

    ``legal``: kind → language → title of what is in force, in the order of the kinds.
    """

    market: Market
    warehouse_ids: tuple[int, ...]
    legal: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    warehouse_countries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """A market and one of its languages."""

    market: Market
    language: str


def _read() -> dict[str, ServedMarket]:
    in_force = (
        LegalPage.objects.filter(market=OuterRef("pk"), valid_from__lte=timezone.localdate())
        .order_by("kind", "language", "-valid_from")
        .distinct("kind", "language")
        .values(page=JSONObject(kind="kind", language="language", title="title"))
    )
    rows = Market.objects.select_related("seller").annotate(
        served_by=ArrayAgg("marketwarehouse__warehouse_id", order_by="marketwarehouse__rank", default=[]),
        served_from=ArrayAgg("marketwarehouse__warehouse__country", order_by="marketwarehouse__rank", default=[]),
        pages=ArraySubquery(in_force),
    )
    return {
        row.code: ServedMarket(
            market=row,
            warehouse_ids=tuple(one for one in row.served_by if one is not None),
            legal=_titles(row.pages),
            warehouse_countries=tuple(one for one in row.served_from if one is not None),
        )
        for row in rows
    }


def _titles(pages: Sequence[Mapping[str, str]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {kind: {} for kind in LegalKind.values}
    for page in pages:
        found[page["kind"]][page["language"]] = page["title"]
    return {kind: titles for kind, titles in found.items() if titles}


def served_markets() -> dict[str, ServedMarket]:
    """Return every market by code, in order of position; at most ten seconds old.

    One statement when they are not in the cache, which may also be away: then the database answers each time. A process
    asks the cache as seldom as for stamps of pages.
    """
    known, now = _known.get("markets"), time.monotonic()
    if known and known[0] > now:
        return known[1]
    found = _asked()
    _known["markets"] = (now + settings.OFFERS_FOLLOW_EVERY / 2, found)
    return found


def _asked() -> dict[str, ServedMarket]:
    try:
        found: dict[str, ServedMarket] | None = cache.get(CACHE_KEY)
        if not found:
            found = _read()
            cache.set(CACHE_KEY, found, CACHE_SECONDS)
    except RedisError as error:
        log.warning("market cache is away", error=type(error).__name__)
        found = _read()
    return found


def forget() -> None:
    """Let markets and their legal pages be read anew by whoever asks next."""
    _known.clear()
    try:
        cache.delete(CACHE_KEY)
    except RedisError as error:
        log.warning("market cache is away", error=type(error).__name__)


def warehouse_ids(market: Market) -> tuple[int, ...]:
    """Return the market's warehouses, the preferred first."""
    served = served_markets().get(market.code)
    return served.warehouse_ids if served else ()


def origins(market: Market) -> list[Origin]:
    """Return where the market's parcels leave from, the preferred warehouse first."""
    served = served_markets().get(market.code)
    pairs = zip(served.warehouse_ids, served.warehouse_countries, strict=True) if served else ()
    return [Origin(warehouse_id, country) for warehouse_id, country in pairs]


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


def tags(request: HttpRequest) -> list[str]:
    """Return the languages of the browser as BCP 47 tags, the preferred first; nonsense is left out."""
    parsed = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    return [tag for tag, _quality in parsed if tag != "*"]


def connection_country(request: HttpRequest) -> str:
    """Return the country that the proxy in front names (``settings.COUNTRY_HEADER``), or nothing.

    Without the setting no header is believed: anybody can send one.
    """
    header: str = settings.COUNTRY_HEADER
    return request.headers.get(header, "").strip().upper()[:2] if header else ""


def varies_by() -> list[str]:
    """Return the request headers that a guess at the place depends on."""
    return ["Cookie", "Accept-Language", *([settings.COUNTRY_HEADER] if settings.COUNTRY_HEADER else [])]


def likely(request: HttpRequest, *, spoken: str = "") -> Iterator[Guess]:
    """Yield where the visitor may be; ``spoken`` is a language that she is known to read, before her browser's."""
    serving: dict[str, str] = {}
    for code, served in served_markets().items():
        for country in served.market.countries:
            serving.setdefault(country, code)
    return guesses(connection_country(request), [*([spoken] if spoken else []), *tags(request)], serving)


def language_in(market: Market, wishes: Sequence[str]) -> str:
    """Return the first of the wished languages (tags) that the market speaks, else the market's own first."""
    for wish in wishes:
        try:
            language = get_supported_language_variant(wish)
        except LookupError:
            continue
        if language in market.languages:
            return language
    return market.languages[0]


def suggested(request: HttpRequest, *, spoken: str = "") -> Place | None:
    """Return where to send a visitor who names no place; None while there are no markets.

    That is the place of the cookie, else the likeliest market, else Britain, else any.
    """
    code, _sep, remembered = request.COOKIES.get(PLACE_COOKIE, "").partition("/")
    if place := place_of(code, remembered):
        return place
    served = served_markets()
    codes = [*[guess.market for guess in likely(request, spoken=spoken)], FALLBACK[0], *served]
    market = next((served[one].market for one in codes if one in served), None)
    if market is None:
        return None
    return Place(market, language_in(market, [*([spoken] if spoken else []), *tags(request), FALLBACK[1]]))


def elsewhere(request: HttpRequest, place: Place) -> Guess | None:
    """Return the market that a visitor of ``place`` may have meant instead, unless she has declined it.

    A browser's bare language is no reason to leave a market that speaks it, and a connection from a country that nobody
    serves is none to go anywhere.
    """
    country = connection_country(request)
    guess = next(likely(request), None)
    if guess is None or guess.market == place.market.code or guess.market in declined(request):
        return None
    if country and guess.sign is not Sign.CONNECTION:
        return None
    if guess.sign is Sign.LANGUAGE:
        try:
            spoken = get_supported_language_variant(tags(request)[0])
        except LookupError:
            return guess
        return None if spoken in place.market.languages else guess
    return guess


def declined(request: HttpRequest) -> list[str]:
    """Return the markets that the visitor does not want suggested again."""
    return [code for code in request.COOKIES.get(DECLINED_COOKIE, "").split(".") if code in served_markets()]


def decline(request: HttpRequest, response: HttpResponseBase, code: str) -> None:
    """Remember that the market is not to be suggested; a code that is none is forgotten."""
    if code in served_markets():
        _keep(response, DECLINED_COOKIE, ".".join(dict.fromkeys([*declined(request), code])))


def remember(response: HttpResponseBase, place: Place) -> None:
    """Keep the place in a cookie. Only personal answers do this: catalogue pages are the same for everybody."""
    _keep(response, PLACE_COOKIE, f"{place.market.code}/{place.language}")


def _keep(response: HttpResponseBase, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=PLACE_AGE, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
