"""The legal pages of a place."""

from babel.dates import format_date
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from shop.crossborder.legal.queries import page_in_force
from shop.crossborder.legal.text import blocks
from shop.crossborder.models import LegalKind
from shop.crossborder.money import LOCALES
from shop.storefront.context import legal_languages
from shop.storefront.markets import Place
from shop.storefront.places import html_lang
from shop.storefront.views.catalogue import cacheable


@cacheable
def page(request: HttpRequest, market: str, language: str, kind: str) -> HttpResponse:  # noqa: ARG001
    """One page, in the place's language, else in the market's first one."""
    place = Place(request.market, language)  # type: ignore[attr-defined]
    found = None
    if kind in LegalKind.values:
        found = page_in_force(market=place.market, kind=kind, languages=legal_languages(place), on=timezone.localdate())
    if found is None:
        raise Http404("There is no such page here.")
    context = {
        "page": found,
        "page_lang": "" if found.language == language else html_lang(found.language),
        "blocks": blocks(found.body),
        "since": format_date(found.valid_from, format="long", locale=LOCALES.get(language, "en_GB")),
    }
    return render(request, "storefront/legal.html", context)
