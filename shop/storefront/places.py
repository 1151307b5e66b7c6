"""Places in words and links: what countries and markets are called, and the same page elsewhere."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from babel import Locale
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from inventory.stock.sourcing import EU
from shop.crossborder.models import Market
from shop.crossborder.money import LOCALES
from shop.storefront import markets
from shop.storefront.markets import FALLBACK, HTML_LANG, LANGUAGES, Place

# Query parameters that mean the same in every place.
KEPT = ("category", "museum", "theme", "culture", "period", "material", "availability", "sort", "q", "page")
# Countries that share a market with its first and have no name in it: Monaco beside France.
MANY = 2
# Names that English sentences give an article.
ARTICLED = frozenset({"AE", "BS", "CF", "DO", "EU", "GB", "IM", "MV", "NL", "PH", "US", "VA"})


@dataclass(frozen=True)
class Switch:
    """A link to this page in another place."""

    label: str
    lang: str
    url: str
    current: bool
    detail: str = ""


def country_name(code: str, language: str) -> str:
    """Return the country's name in the language (CLDR), or its code when there is none."""
    return str(Locale.parse(LOCALES.get(language, "en_GB")).territories.get(code, code))


def by_name(codes: Iterable[str], language: str) -> list[tuple[str, str]]:
    """Return (code, name) of the countries in the order of their names; accents do not count."""
    return sorted(((code, country_name(code, language)) for code in codes), key=lambda one: _plain(one[1]))


def _plain(name: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one)).casefold()


def in_sentence(code: str, language: str) -> str:
    """Return a territory's name as a sentence has it: “the United States” in English."""
    name = country_name(code, language)
    return f"the {name}" if language == "en" and code in ARTICLED else name


def territory_of(market: Market) -> str:
    """Return the CLDR territory that names the market: its country, or the Union where it serves several members."""
    union = len(market.countries) > MANY and EU.issuperset(market.countries)
    return "EU" if union else market.countries[0]


def market_name(market: Market, language: str) -> str:
    """Return the market's name in the language."""
    return country_name(territory_of(market), language)


def html_lang(language: str) -> str:
    """Return the language as an HTML ``lang`` attribute."""
    return HTML_LANG.get(language, language)


def page_in(path: str, query: QueryDict, code: str, language: str) -> str:
    """Return the address of a page in another place, or that place's home for pages outside any."""
    if markets.in_path(path) is None:
        return reverse("shop:home", args=[code, language])
    rest = path.split("/", 3)[3]
    # What a form was posted to is shown at the page it belongs to.
    if rest.startswith("basket/"):
        rest = "basket/"
    kept = urlencode([(key, value) for key in KEPT for value in query.getlist(key) if value])
    return f"/{code}/{language}/{rest}" + (f"?{kept}" if kept else "")


def same_page(request: HttpRequest, code: str, language: str) -> str:
    """Return the address of the present page in another place; a page that is missing leads home."""
    if getattr(request, "page_is_missing", False):
        return reverse("shop:home", args=[code, language])
    return page_in(request.path, request.GET, code, language)


def language_switch(request: HttpRequest, place: Place) -> list[Switch]:
    """Return the market's languages, each named in itself."""
    return [
        Switch(
            label=LANGUAGES.get(language, language),
            lang=html_lang(language),
            url=same_page(request, place.market.code, language),
            current=language == place.language,
        )
        for language in place.market.languages
    ]


def market_switch(request: HttpRequest, place: Place) -> list[Switch]:
    """Return every market, in the present language where it speaks it and in its own first language otherwise."""
    found = []
    for served in markets.served_markets().values():
        market = served.market
        language = place.language if place.language in market.languages else market.languages[0]
        found.append(
            Switch(
                label=market_name(market, place.language),
                lang=html_lang(place.language),
                url=same_page(request, market.code, language),
                current=market.code == place.market.code,
                detail=market.currency,
            )
        )
    return found


def canonical(request: HttpRequest) -> str:
    """Return the address under which search engines should know the page: of a list, its kind and its number alone."""
    named = [(key, request.GET.get(key, "")) for key in ("category", "page")]
    query = urlencode([(key, value) for key, value in named if value and (key, value) != ("page", "1")])
    return f"{settings.SITE_URL}{request.path}" + (f"?{query}" if query else "")


def alternates(request: HttpRequest) -> list[tuple[str, str]]:
    """Return (hreflang, absolute address) of this page in every place, for search engines; each tag once.

    A view that knows the page to be shown in some places only names them as ``request.shown_in``, a set of (market
    code, language).

    A market of a country is named by language and country. The Union is no region of BCP 47, so a market of many
    countries has the bare languages: they catch readers in every country without a market of its own. The page in the
    fallback place is ``x-default``.
    """
    found: dict[str, str] = {}
    shown: set[tuple[str, str]] | None = getattr(request, "shown_in", None)
    for language, region, code in regions():
        if shown is not None and (code, language) not in shown:
            continue
        found.setdefault(tag_of(language, region), settings.SITE_URL + same_page(request, code, language))
    if markets.place_of(*FALLBACK) and (shown is None or FALLBACK in shown):
        found["x-default"] = settings.SITE_URL + same_page(request, *FALLBACK)
    return list(found.items())


def tag_of(language: str, region: str) -> str:
    """Return the hreflang of a language in a country, or of the bare language."""
    return f"{html_lang(language)}-{region}" if region else html_lang(language)


def regions() -> Iterator[tuple[str, str, str]]:
    """Yield (language, country or nothing, market code) of every place, as search engines are told of them."""
    for code, served in markets.served_markets().items():
        for language in served.market.languages:
            for country in served.market.countries if len(served.market.countries) <= MANY else [""]:
                yield language, country, code
