"""The front door, and the files that visitors' programs ask for."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from shop.storefront import markets

ROBOTS = """User-agent: *
Disallow: /account/
Disallow: /accounts/
Disallow: /admin/
Disallow: /orders/
Disallow: /*/*/basket/
Disallow: /*/*/checkout/
Disallow: /*/*/fragments/
"""


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """Send the visitor to the last visited place, else to the likeliest by connection and browser."""
    place = markets.suggested(request)
    if place is None:
        raise Http404("There are no markets yet.")
    response = redirect("shop:home", place.market.code, place.language)
    patch_vary_headers(response, markets.varies_by())
    patch_cache_control(response, private=True, no_cache=True)
    return response


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Say which pages are nobody's business but the shopper's."""
    maps = f"\nSitemap: {settings.SITE_URL}{reverse('shop:sitemaps')}\n"
    return HttpResponse(ROBOTS + maps, content_type="text/plain; charset=utf-8")


@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    """Send old programs to the drawn icon."""
    return redirect(static("shop/favicon.svg"), permanent=False)
