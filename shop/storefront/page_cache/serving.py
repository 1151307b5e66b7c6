"""Answers from kept pages, and what may be kept of a view's answer."""

from collections.abc import Callable, Sequence
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from shop.crossborder.models import Market
from shop.storefront import markets
from shop.storefront.page_cache import keys, stamps, store, turns
from shop.storefront.page_cache.store import Kept

View = Callable[..., HttpResponseBase]
# Anybody may keep the page and must ask before showing it again; asking costs us no rendering. See docs/caching.md.
POLICY = "public, max-age=0, must-revalidate"
# Headers of a page that are the page's own; every other one is of the answer and is made anew by the middleware.
ITS_OWN = ("Content-Type", "Content-Language", "X-Robots-Tag", "Link")
Stamp = Callable[..., str]


def by_market(market: Market, **_named: str) -> str:
    """Stamp of pages that show any offers of the market."""
    return stamps.of_market(market)


def by_product(market: Market, *, slug: str) -> str:
    """Stamp of a product's page."""
    return stamps.of_product(market, slug)


def by_object(market: Market, *, slug: str) -> str:
    """Stamp of an object's page."""
    return stamps.of_object(market, slug)


def kept(stamp: Stamp = by_market, *, accepts: Sequence[str] = ()) -> Callable[[View], View]:
    """Keep the pages of a view of a market and language; ``accepts`` are the query parameters it reads."""

    def decorate(view: View) -> View:
        @require_safe
        @wraps(view)
        def answer(request: HttpRequest, market: str, language: str, **named: str) -> HttpResponseBase:
            made_of = stamp(request.market, **named)  # type: ignore[attr-defined]
            key = keys.key_of(request, accepts) if made_of else None

            def fresh() -> HttpResponseBase:
                request.GET = keys.read_by_page(request.GET, accepts)  # type: ignore[assignment]
                # The stamp has just been read: what is remembered of the market must not be older.
                if place := markets.place_of(market, language):
                    request.market = place.market  # type: ignore[attr-defined]
                return view(request, market=market, language=language, **named)

            if key is None:
                return _unkept(request, fresh())
            found: Kept | HttpResponseBase = store.get(key.text, made_of, shared=key.shared) or _made_once(
                request, key, made_of, fresh
            )
            return found if isinstance(found, HttpResponseBase) else sent(request, found)

        return answer

    return decorate


def _made_once(request: HttpRequest, key: keys.Key, stamp: str, fresh: View) -> Kept | HttpResponseBase:
    def render() -> Kept | HttpResponseBase:
        response = fresh()
        if not may_be_kept(request, response):
            return _unkept(request, response)
        page = store.pack(
            stamp=stamp,
            body=response.content,  # type: ignore[attr-defined]
            headers={name: response.headers[name] for name in ITS_OWN if name in response.headers},
        )
        store.put(key.text, page, shared=key.shared)
        return page

    def look() -> Kept | HttpResponseBase | None:
        return store.get(key.text, stamp, shared=key.shared)

    return turns.render_once(f"{key.text}:{stamp}", look=look, render=render, shared=key.shared)


def may_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Tell whether an answer is a whole page that is the same for everybody: nothing of a session, token or error."""
    if response.status_code != 200 or response.streaming or response.cookies or response.has_header("Content-Encoding"):
        return False
    session = getattr(request, "session", None)
    if session is not None and (session.accessed or session.modified):
        return False
    if request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
        return False
    if "cookie" in response.get("Vary", "").lower():
        return False
    control = response.get("Cache-Control", "")
    return not any(word in control for word in ("private", "no-store", "no-cache"))


def _unkept(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Send a page that nobody keeps here, with the same rules for caches on the way if it is everybody's."""
    if not may_be_kept(request, response):
        return response
    page = store.pack(
        stamp="",
        body=response.content,  # type: ignore[attr-defined]
        headers={name: response.headers[name] for name in ITS_OWN if name in response.headers},
    )
    return sent(request, page)


def sent(request: HttpRequest, page: Kept) -> HttpResponseBase:
    """Return the answer: 304 to who has the page, else the page, packed for programs that take gzip."""
    packed = _takes_gzip(request)
    response = HttpResponse(page.packed if packed else page.body(), headers=dict(page.headers))
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.content))
    response.headers["ETag"] = page.etag
    response.headers["Cache-Control"] = POLICY
    patch_vary_headers(response, ["Accept-Encoding"])
    return get_conditional_response(request, etag=quote_etag(page.etag), response=response) or response


def _takes_gzip(request: HttpRequest) -> bool:
    """Read ``Accept-Encoding`` (RFC 9110, 12.5.3): named, or by the asterisk, and not with the weight 0."""
    weights: dict[str, float] = {}
    for part in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _semicolon, parameter = part.strip().partition(";")
        try:
            weights[name.strip()] = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            weights[name.strip()] = 0.0
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0


__all__ = ["by_market", "by_object", "by_product", "kept", "may_be_kept", "sent"]
