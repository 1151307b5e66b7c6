"""Which market and language a request is in: from its address, else from what the visitor chose before."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from shop.storefront import markets
from shop.storefront.markets import HTML_LANG

# The merchandiser's and the machines' doors keep the site's own language.
UNTRANSLATED = ("/admin/", "/api/", "/webhooks/", "/static/", "/media/")


class MarketMiddleware:
    """Set ``request.market`` (or None) and ``request.shop_language``, and speak that language.

    An address that names a market or language which does not exist, or a language its market does not speak, is a 404
    in the language it named, if that is one of ours.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(UNTRANSLATED):
            request.market, request.shop_language = None, "en"  # type: ignore[attr-defined]
            return self.get_response(request)
        named = markets.in_path(request.path)
        place = markets.place_of(*named) if named else None
        language = named[1] if named else markets.best_language(request)
        request.market = place.market if place else None  # type: ignore[attr-defined]
        request.shop_language = language  # type: ignore[attr-defined]
        with translation.override(language):
            response = self.get_response(request)
        # A view may have chosen another language: an order's page speaks the order's.
        spoken: str = request.shop_language  # type: ignore[attr-defined]
        response.headers.setdefault("Content-Language", HTML_LANG.get(spoken, spoken))
        if not named:
            patch_vary_headers(response, markets.varies_by())
        return response

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponse], _args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Refuse a place that does not exist before its view runs."""
        if "language" in kwargs and "market" in kwargs and request.market is None:  # type: ignore[attr-defined]
            raise Http404("There is no such market, or it does not speak this language.")
