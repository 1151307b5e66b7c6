"""What every page of the shop needs: its place, the other places, the parts of the navigation, and the legal pages."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from shop.catalogue.models import Category
from shop.crossborder.models import Market
from shop.crossborder.protections.obligations import Obligation, obligation
from shop.crossborder.protections.withdrawal import withdrawal_right
from shop.storefront import markets, places
from shop.storefront.markets import LANGUAGES, Place
from shop.storefront.passkey_address import passkey_address
from shop.storefront.places import html_lang


@dataclass(frozen=True)
class LegalLink:
    """A legal page of the place; ``lang`` only where it is in another language than the page."""

    kind: str
    title: str
    lang: str


def legal_links(place: Place) -> dict[str, LegalLink]:
    """Return kind → link of what is in force, in the place's language, else in the market's first one."""
    served = markets.served_markets().get(place.market.code)
    found = {}
    for kind, titles in served.legal.items() if served else ():
        language = next((one for one in legal_languages(place) if one in titles), None)
        if language:
            lang = "" if language == place.language else html_lang(language)
            found[kind] = LegalLink(kind, titles[language], lang)
    return found


def legal_languages(place: Place) -> list[str]:
    """Return the languages in which a legal page may be read there, the best first."""
    return list(dict.fromkeys([place.language, place.market.languages[0], "en"]))


def guarantee_notice(market: Market) -> str:
    """Return the act that asks the market for the notice on the legal guarantee; empty where none does."""
    rule = obligation(Obligation.GUARANTEE_NOTICE, market.countries, timezone.localdate())
    return rule.source.partition(";")[0] if rule else ""


def withdrawal_function(market: Market) -> bool:
    """Tell whether the law of one of the market's countries gives a right to withdraw, which every page then offers."""
    today = timezone.localdate()
    return any(withdrawal_right(country, today) for country in market.countries)


def place_for(request: HttpRequest) -> Place | None:
    """Return the page's place: the address's own, else the suggested market with the page's language."""
    language = getattr(request, "shop_language", "en")
    market = getattr(request, "market", None)
    if market is not None:
        return Place(market, language)
    found = markets.suggested(request, spoken=language)
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
        "passkey_address": passkey_address(request),
        "categories": [{"code": code, "label": label} for code, label in Category.choices],
    }
    if place is not None:
        common |= {
            "market_code": place.market.code,
            "language": place.language,
            "market_name": places.market_name(place.market, language),
            "market_in_sentence": places.in_sentence(places.territory_of(place.market), language),
            "language_name": LANGUAGES.get(place.language, place.language),
            "languages": SimpleLazyObject(lambda: places.language_switch(request, place)),
            "markets": SimpleLazyObject(lambda: places.market_switch(request, place)),
            "canonical": SimpleLazyObject(lambda: places.canonical(request)),
            "alternates": SimpleLazyObject(lambda: places.alternates(request)),
            "legal": SimpleLazyObject(lambda: legal_links(place)),
            "guarantee_notice": SimpleLazyObject(lambda: guarantee_notice(place.market)),
            "withdrawal_function": SimpleLazyObject(lambda: withdrawal_function(place.market)),
        }
    return common
