"""problem+json (RFC 9457) for every API error, in one shape.

``{type, title, status, detail, code, request_id, errors: [{pointer, code, message, ...}]}``; ``pointer`` is a JSON
Pointer (RFC 6901) into the request body.
"""

from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions, status
from rest_framework.response import Response

log = structlog.get_logger("vitrine.problems")
CONTENT_TYPE = "application/problem+json"


class Problem(exceptions.APIException):
    """A named problem a door answers with.

    ``code`` is a stable slug, ``errors`` a list of ``{pointer, code, message, ...}``, ``extra`` further members,
    ``wait`` the seconds after which to try again (``Retry-After``).
    """

    def __init__(
        self,
        *,
        status_code: int,
        code: str,
        title: str,
        detail: str = "",
        errors: list[dict[str, Any]] | None = None,
        extra: dict[str, Any] | None = None,
        wait: int | None = None,
    ) -> None:
        self.status_code = status_code
        self.code = code
        self.title = title
        self.errors = errors or []
        self.extra = extra or {}
        self.wait = wait
        super().__init__(detail=detail or title, code=code)


def escape(part: str) -> str:
    """Return one step of a JSON Pointer, written as RFC 6901 section 3 asks."""
    return part.replace("~", "~0").replace("/", "~1")


def pointers(detail: Any, prefix: str = "") -> list[dict[str, str]]:
    """Flatten DRF's nested error detail into a list of ``{pointer, code, message}``."""
    if isinstance(detail, dict):
        found = []
        for key, value in detail.items():
            part = "" if key == "non_field_errors" else f"/{escape(str(key))}"
            found += pointers(value, prefix + part)
        return found
    if isinstance(detail, list):
        if all(isinstance(item, dict) for item in detail) and detail:
            return [entry for index, item in enumerate(detail) for entry in pointers(item, f"{prefix}/{index}")]
        return [entry for item in detail for entry in pointers(item, prefix)]
    return [{"pointer": prefix, "code": getattr(detail, "code", "invalid"), "message": str(detail)}]


def body(
    *,
    status_code: int,
    code: str,
    title: str,
    detail: str,
    request_id: str,
    errors: list[dict[str, Any]] | None = None,
    extra: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the members of one problem document."""
    document: dict[str, Any] = {
        "type": f"urn:vitrine:problem:{code}",
        "title": title,
        "status": status_code,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }
    if errors:
        document["errors"] = errors
    return document | (extra or {})


def _request_id(context: dict[str, Any]) -> str:
    request = context.get("request")
    return str(request.META.get("vitrine.request_id", "")) if request is not None else ""


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer every API exception as problem+json; anything unforeseen stays a 500 for the logs."""
    # Late: the views load the parser that the settings name, and that one raises our problems.
    from rest_framework.views import set_rollback

    request_id = _request_id(context)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, OperationalError | InterfaceError):
        # The database restarts, or somebody else was in the way; nothing of this request was kept.
        log.warning("database away", error=str(error))
        error = Problem(
            status_code=503, code="busy", title="The shop is busy.", detail="Please try the same again.", wait=1
        )
    if not isinstance(error, exceptions.APIException):
        return None
    headers: dict[str, str] = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    set_rollback()
    if isinstance(error, Problem):
        document = body(
            status_code=error.status_code,
            code=error.code,
            title=error.title,
            detail=str(error.detail),
            request_id=request_id,
            errors=error.errors,
            extra=error.extra,
        )
    elif isinstance(error, exceptions.ValidationError):
        document = body(
            status_code=error.status_code,
            code="validation-error",
            title="The request is not valid.",
            detail="See errors for the fields and what is wrong with each.",
            request_id=request_id,
            errors=list(pointers(error.detail)),
        )
    else:
        code = str(getattr(error, "default_code", "error")).replace("_", "-")
        document = body(
            status_code=error.status_code,
            code=code,
            title=str(error.default_detail),
            detail=str(error.detail),
            request_id=request_id,
        )
    return Response(document, status=document["status"], headers=headers, content_type=CONTENT_TYPE)


def not_found(request: HttpRequest) -> JsonResponse:
    """The 404 of an unknown API address."""
    document = body(
        status_code=status.HTTP_404_NOT_FOUND,
        code="not-found",
        title="Not found.",
        detail=f"There is nothing at {request.path}.",
        request_id=str(request.META.get("vitrine.request_id", "")),
    )
    return JsonResponse(document, status=404, content_type=CONTENT_TYPE)
