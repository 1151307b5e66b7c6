"""Request ids, security headers, and addresses that can be none of ours."""

import re
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import Http404, HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

# Pages of the shop run no inline script; pictures are ours. Unfold's bundled Alpine evaluates expressions, so the
# admin alone is allowed 'unsafe-eval' and inline style attributes.
SHOP_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "font-src 'self'; frame-src 'none'; worker-src 'none'; object-src 'none'; base-uri 'self'; "
    "frame-ancestors 'none'; form-action 'self'"
)
ADMIN_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; "
    "form-action 'self'"
)
RELAXED_PREFIXES = ("/admin/", "/api/docs")
# What a shop never asks a browser for. Passkeys (publickey-credentials-*) are for us alone as it is.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)
# Pictures may be shown on other sites, pages and everything else of ours may not be read into them.
FOR_OTHERS = ("/media/", "/share/")


class RequestIdMiddleware:
    """Bind a request id to the logs and send it back; a caller may bring its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        offered = request.headers.get("X-Request-ID", "")
        request_id = offered if REQUEST_ID.fullmatch(offered) else uuid4().hex
        request.META["vitrine.request_id"] = request_id
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id
        return response


class SecurityHeadersMiddleware:
    """What a browser may do with a page of ours, and other sites with what is ours, on every answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        relaxed = request.path.startswith(RELAXED_PREFIXES)
        response.headers.setdefault("Content-Security-Policy", ADMIN_POLICY if relaxed else SHOP_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        site = "cross-origin" if request.path.startswith(FOR_OTHERS) else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", site)
        return response


class NulMiddleware:
    """Nothing is at an address with a NUL character, which PostgreSQL text cannot hold: 404, not a server error."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return self.get_response(request)
