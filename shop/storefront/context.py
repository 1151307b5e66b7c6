"""What every page of the shop needs."""

from typing import Any

from django.http import HttpRequest


def storefront(request: HttpRequest) -> dict[str, Any]:
    """Return the common context."""
    return {}
