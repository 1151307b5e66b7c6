"""How many statements of withdrawal one connection may confirm: each sends a letter to an address of its choice."""

from django.http import HttpRequest
from rest_framework.throttling import SimpleRateThrottle


class WithdrawalThrottle(SimpleRateThrottle):
    """Counted by client address, for the shop's pages and the store API together."""

    scope = "withdrawal"

    def get_cache_key(self, request: object, view: object) -> str:  # noqa: ARG002
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}  # type: ignore[arg-type]


def too_many(request: HttpRequest) -> bool:
    """Count one more statement of the request's connection; tell whether it is one too many."""
    return not WithdrawalThrottle().allow_request(request, None)  # type: ignore[arg-type]
