"""How many wishes one connection may note: each may send a letter to an address of its choice."""

from django.http import HttpRequest
from rest_framework.throttling import SimpleRateThrottle


class AlertThrottle(SimpleRateThrottle):
    """Counted by client address, for the shop's pages and the store API together."""

    scope = "alerts"

    def get_cache_key(self, request: object, view: object) -> str:  # noqa: ARG002
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}  # type: ignore[arg-type]


def too_many(request: HttpRequest) -> bool:
    """Count one more wish of the request's connection; tell whether it is one too many."""
    return not AlertThrottle().allow_request(request, None)  # type: ignore[arg-type]
