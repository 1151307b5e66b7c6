"""Keeping pages of other sites from pressing the simulator's buttons through a person's browser."""

from urllib.parse import urlsplit

from werkzeug.wrappers import Request


def foreign(request: Request) -> bool:
    """Whether another site's page sent this request."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return urlsplit(origin).netloc != request.host
    return request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}
