"""Forms of cacheable pages cannot carry a token of the visitor's; the browser itself says where a post comes from."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

log = structlog.get_logger("vitrine.storefront")
View = Callable[..., HttpResponseBase]
SAFE = frozenset({"GET", "HEAD"})


def comes_from_here(request: HttpRequest) -> bool:
    """Whether the post was sent by a page of this site, by what its browser says.

    ``Sec-Fetch-Site`` is believed first (scripts cannot set it), then ``Origin``, then ``Referer``. A caller that sends
    none of them is no browser of our time and brings no visitor's cookies; the basket's cookie is SameSite=Lax besides.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    source = request.headers.get("Origin") or request.headers.get("Referer")
    if source is None:
        return True
    parts = urlsplit(source)
    origin = f"{parts.scheme}://{parts.netloc}"
    return origin == f"{request.scheme}://{request.get_host()}" or origin in settings.CSRF_TRUSTED_ORIGINS


def same_origin_post(*methods: str) -> Callable[[View], View]:
    """Allow these methods (POST when none is named), and refuse a post from another site with 403."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @require_http_methods(list(methods) or ["POST"])
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in SAFE and not comes_from_here(request):
                log.warning("cross-site post refused", path=request.path)
                return render(request, "storefront/errors/403.html", status=403)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
