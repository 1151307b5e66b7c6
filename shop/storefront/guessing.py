"""How often an address may try promotion codes; pages and API count together."""

from typing import Any

from django.http import HttpRequest
from rest_framework.throttling import SimpleRateThrottle


class CodeThrottle(SimpleRateThrottle):
    """The rate of the scope, by client address."""

    scope = "promotion_codes"

    def get_cache_key(self, request: Any, view: Any) -> str:  # noqa: ARG002
        """Return the same key as the API's door, so that both count together."""
        key: str = self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}
        return key


def may_try(request: HttpRequest) -> bool:
    """Count an attempt; False when there were too many in the last minute."""
    return CodeThrottle().allow_request(request, None)  # type: ignore[arg-type]
