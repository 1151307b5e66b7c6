"""The database restarts, or a lock was not to be had in time: ask to come again, instead of an error page."""

from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _

log = structlog.get_logger("vitrine.busy")
RETRY_AFTER = 2  # seconds
# It stands alone: whatever a template would read may be what is away.
PAGE = """<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{}</title></head><body><h1>{}</h1><p>{}</p></body></html>"""


class BusyMiddleware:
    """Answer 503 with ``Retry-After`` when a view lost the database; nothing of its transaction was kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page for passing trouble; anything else goes its way."""
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        log.warning("database away", path=request.path, error=str(error))
        title, said = _("One moment, please"), _("The shop is busy. Nothing was lost; please try the same again.")
        page = format_html(PAGE, title, title, said)
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER)})
