"""What every page of the shop needs: its place, the other places, and the parts of the navigation."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from babel import Locale
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from inventory.stock.sourcing import EU
from shop.catalogue.models import Category
from shop.crossborder.models import Market
from shop.crossborder.money import LOCALES
from shop.storefront import markets
from shop.storefront.markets import HTML_LANG, LANGUAGES, Place

# Query parameters that mean the same in every place.
MANY = 2  # countries that share a name with their first: France and Monaco, Switzerland and Liechtenstein
KEPT = ("category", "museum", "q", "page")


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


def market_name(market: Market, language: str) -> str:
    """Return what the market is called: its country, or the European Union where it serves several member states."""
    union = len(market.countries) > MANY and EU.issuperset(market.countries)
    return country_name("EU" if union else market.countries[0], language)


def html_lang(language: str) -> str:
    """Return the language as an HTML ``lang`` attribute."""
    return HTML_LANG.get(language, language)


def same_page(request: HttpRequest, code: str, language: str) -> str:
    """Return the address of the present page in another place, or that place's home for pages outside any."""
    if markets.in_path(request.path) is None or getattr(request, "page_is_missing", False):
        return reverse("shop:home", args=[code, language])
    rest = request.path.split("/", 3)[3]
    # What a form was posted to is shown at the page it belongs to.
    if rest.startswith("basket/"):
        rest = "basket/"
    query = urlencode([(key, value) for key in KEPT for value in request.GET.getlist(key) if value])
    return f"/{code}/{language}/{rest}" + (f"?{query}" if query else "")


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


def alternates(request: HttpRequest) -> list[tuple[str, str]]:
    """Return (hreflang, absolute address) of this page in every place, for search engines."""
    return [
        (_hreflang(served.market, language), settings.SITE_URL + same_page(request, code, language))
        for code, served in markets.served_markets().items()
        for language in served.market.languages
    ]


def _hreflang(market: Market, language: str) -> str:
    """Return language and country; the language alone for a market of many countries, which serves the others."""
    spoken = html_lang(language)
    return spoken if len(market.countries) > MANY else f"{spoken}-{market.countries[0]}"


def place_for(request: HttpRequest) -> Place | None:
    """Return the page's place: the address's own, else the suggested market with the page's language."""
    language = getattr(request, "shop_language", "en")
    market = getattr(request, "market", None)
    if market is not None:
        return Place(market, language)
    found = markets.suggestion(request.COOKIES, language)
    if found is None or language in found.market.languages:
        return Place(found.market, language) if found else None
    return found


def storefront(request: HttpRequest) -> dict[str, Any]:
    """Return the common context; nothing of it reads the session, so pages stay cacheable."""
    if request.path.startswith("/admin/"):
        return {}
    language = getattr(request, "shop_language", "en")
    place = place_for(request)
    common: dict[str, Any] = {
        "html_lang": html_lang(language),
        "place": place,
        "demo": settings.DEMO,
        "categories": [{"code": code, "label": label} for code, label in Category.choices],
    }
    if place is not None:
        common |= {
            "market_code": place.market.code,
            "language": place.language,
            "market_name": market_name(place.market, language),
            "language_name": LANGUAGES.get(place.language, place.language),
            "languages": SimpleLazyObject(lambda: language_switch(request, place)),
            "markets": SimpleLazyObject(lambda: market_switch(request, place)),
            "alternates": SimpleLazyObject(lambda: alternates(request)),
        }
    return common
