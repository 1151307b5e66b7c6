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
    base = settings.STRIPE_API_BASE
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        stripe_version=API_VERSION,
        max_network_retries=2,
        base_addresses={"api": base, "files": base} if base else {},
        http_client=stripe.RequestsClient(timeout=10),
    )
