"""Which sites a form of ours may lead to: browsers apply ``form-action`` to the redirect after a post as well."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http.response import HttpResponseBase

from config.middleware import SHOP_POLICY

CHECKOUT_HOST = "https://checkout.stripe.com"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} and parts.netloc else ""


def allow_payment_page(response: HttpResponseBase, url: str = "") -> None:
    """Let the forms of this page lead to the payment page: Stripe's, the configured one, or that of ``url``."""
    hosts = dict.fromkeys([CHECKOUT_HOST, _origin(settings.STRIPE_API_BASE), _origin(url)])
    allowed = " ".join(host for host in hosts if host)
    response.headers["Content-Security-Policy"] = SHOP_POLICY.replace(
        "form-action 'self'", f"form-action 'self' {allowed}"
    )
