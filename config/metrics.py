"""Prometheus metrics, for who holds the token; open only on the embedded servers of one's own machine."""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer the metrics of this process and the task counts of all; 404 without the token (``METRICS_TOKEN``)."""
    if settings.METRICS_TOKEN:
        offered = request.headers.get("Authorization", "").removeprefix("Bearer ")
        allowed = hmac.compare_digest(offered.encode(), settings.METRICS_TOKEN.encode())
    else:
        allowed = settings.EMBEDDED
    if not allowed:
        raise Http404
    response: HttpResponse = ExportToDjangoView(request)
    return response
