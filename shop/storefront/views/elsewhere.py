"""The quiet suggestion that a visitor may have meant another market: a fragment, so pages stay the same for all."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from shop.storefront import markets, places
from shop.storefront.markets import Place
from shop.storefront.same_origin import same_origin_post


@dataclass(frozen=True)
class Elsewhere:
    """The suggested market as the fragment words it."""

    code: str
    country: str
    market: str
    url: str
    lang: str


@never_cache
@same_origin_post("GET", "HEAD", "POST")
def suggestion(request: HttpRequest, market: str, language: str) -> HttpResponse:
    """Suggest the market where the visitor seems to be, or nothing; a post declines it for good."""
    if request.method == "POST":
        htmx = request.htmx  # type: ignore[attr-defined]
        response: HttpResponse = HttpResponse() if htmx else redirect("shop:home", market, language)
        markets.decline(request, response, request.POST.get("market", ""))
        return response
    place = Place(request.market, language)  # type: ignore[attr-defined]
    return render(request, "storefront/fragments/elsewhere.html", {"found": _found(request, place)})


def _found(request: HttpRequest, place: Place) -> Elsewhere | None:
    guess = markets.elsewhere(request, place)
    if guess is None:
        return None
    market = markets.served_markets()[guess.market].market
    language = markets.language_in(market, [place.language, *markets.tags(request)])
    shown = urlsplit(request.htmx.current_url_abs_path or "/")  # type: ignore[attr-defined]
    territory = places.territory_of(market)
    return Elsewhere(
        code=guess.market,
        country=places.in_sentence(guess.country or territory, place.language),
        market=places.in_sentence(territory, place.language),
        url=places.page_in(shown.path, QueryDict(shown.query), market.code, language),
        lang=places.html_lang(language),
    )
