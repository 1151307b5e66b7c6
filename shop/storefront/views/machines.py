"""Doors for programs: sitemaps, and the pictures of what is passed on."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from shop.crossborder.models import Market
from shop.storefront import sharing, sitemaps

XML = "application/xml; charset=utf-8"


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap_index(_request: HttpRequest) -> StreamingHttpResponse:
    """Name every market's maps."""
    return StreamingHttpResponse(sitemaps.index(), content_type=XML)


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(_request: HttpRequest, code: str, kind: str, part: int) -> StreamingHttpResponse:
    """One file of a market; 404 for a kind that is none."""
    if kind not in sitemaps.KINDS or not 0 < part < sitemaps.IN_ONE:
        raise Http404("There is no such map.")
    market = get_object_or_404(Market, code=code)
    return StreamingHttpResponse(sitemaps.part_of(market, kind, part), content_type=XML)


@require_safe
@cache_control(public=True, max_age=86_400)
def share(_request: HttpRequest, slug: str) -> HttpResponse:
    """A product's picture for those who pass its page on."""
    try:
        return HttpResponse(sharing.share_picture(slug), content_type="image/png")
    except sharing.NoPicture as error:
        raise Http404("There is no such picture.") from error
