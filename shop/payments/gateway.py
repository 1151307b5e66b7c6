"""The Stripe SDK, set up once: pinned API version, time-outs, bounded retries."""

from functools import cache

import stripe
from django.conf import settings

API_VERSION = "2026-10-28.endive"


class NotConfigured(Exception):
    """No Stripe key is set: nothing can be charged."""


@cache
def client() -> stripe.StripeClient:
    """Return the client.

    :raises NotConfigured: ``STRIPE_SECRET_KEY`` is empty.
    """
    if not settings.STRIPE_SECRET_KEY:
        raise NotConfigured("Set STRIPE_SECRET_KEY to take payments.")
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        stripe_version=API_VERSION,
        max_network_retries=2,
        base_addresses={"api": settings.STRIPE_API_BASE} if settings.STRIPE_API_BASE else {},
        http_client=stripe.RequestsClient(timeout=10),
    )
