"""Themes and exhibitions, and the list of live events."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from shop.storefront.queries import themes
from shop.storefront.views.catalogue import cacheable


@cacheable
def index(request: HttpRequest, market: str, language: str) -> HttpResponse:  # noqa: ARG001 (named by the address)
    """All themes and exhibitions."""
    tiles = themes.theme_tiles(language=language, today=timezone.localdate())
    return render(request, "storefront/themes.html", {"tiles": tiles, "themes_all": True})


@cacheable
def theme(request: HttpRequest, market: str, language: str, slug: str) -> HttpResponse:  # noqa: ARG001
    """One theme or exhibition."""
    page = themes.theme_page(
        slug=slug,
        market=request.market,  # type: ignore[attr-defined]
        language=language,
        today=timezone.localdate(),
    )
    if page is None:
        raise Http404("There is no such theme.")
    return render(request, "storefront/theme.html", {"page": page})


@cacheable
def events(request: HttpRequest, market: str, language: str) -> HttpResponse:  # noqa: ARG001
    """Live events, and meanwhile the exhibitions that can be visited."""
    tiles = themes.theme_tiles(language=language, today=timezone.localdate(), exhibitions=True)
    return render(request, "storefront/events.html", {"tiles": tiles})
