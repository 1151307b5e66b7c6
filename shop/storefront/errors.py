"""Error pages: in the shop's design and the reader's language; problem+json for the API."""

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from config import problems

log = structlog.get_logger("vitrine.storefront")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:  # noqa: ARG001 (Django's signature)
    """404."""
    if request.path.startswith("/api/"):
        return problems.not_found(request)
    request.page_is_missing = True  # type: ignore[attr-defined]
    return render(request, "storefront/errors/404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """403: a form without its token, such as one kept open over a log-out."""
    log.info("form refused", reason=reason)
    return render(request, "storefront/errors/403.html", status=403)


def server_error(request: HttpRequest) -> HttpResponseBase:
    """500: asks nothing of the database or the cache, for they may be what failed."""
    request_id = str(request.META.get("vitrine.request_id", ""))
    if request.path.startswith("/api/"):
        document = problems.body(
            status_code=500,
            code="server-error",
            title="Something went wrong.",
            detail="The request could not be served. Please try again.",
            request_id=request_id,
        )
        return JsonResponse(document, status=500, content_type=problems.CONTENT_TYPE)
    page = render_to_string("storefront/errors/500.html", {"request_id": request_id, "html_lang": "en"})
    return HttpResponse(page, status=500)
