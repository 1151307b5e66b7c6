"""From the settings to the gateway, our numbers in the customs register, and the reader of kept identities."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from shop.crossborder.china.documents import Company, Identity, Transfer
from shop.crossborder.china.gateway import CustomsGateway
from shop.crossborder.china.http_gateway import HttpGateway

# From an identity's reference to the person, or None when it is not (or no longer) kept.
Resolver = Callable[[str], Identity | None]


class NotConfigured(Exception):
    """Settings are missing; the message names them."""


@dataclass(frozen=True)
class Register:
    """The companies of a filing as customs knows them."""

    platform: Company
    merchant: Company
    pay_company: Company
    logistics: Company
    transfer: Transfer


def register() -> Register:
    """Return our companies. :raises NotConfigured: naming what is missing."""
    given = settings.CHINA_CUSTOMS
    missing = [f"CHINA_CUSTOMS_{name.upper()}" for name, value in given.items() if not value]
    if missing:
        raise NotConfigured(f"Nothing can be filed with China's customs: set {', '.join(missing)}.")

    def company(role: str) -> Company:
        return Company(code=given[f"{role}_code"], name=given[f"{role}_name"])

    return Register(
        platform=company("platform"),
        merchant=company("merchant"),
        pay_company=company("pay"),
        logistics=company("logistics"),
        transfer=Transfer(company=company("transfer"), dxp_id=given["dxp_id"]),
    )


@cache
def _http(url: str, token: str) -> CustomsGateway:
    return HttpGateway(url=url, token=token)


def gateway() -> CustomsGateway | None:
    """Return the gateway, one a process; None: messages are not sent from here."""
    return _http(settings.CHINA_CUSTOMS_URL, settings.CHINA_CUSTOMS_TOKEN) if settings.CHINA_CUSTOMS_URL else None


def resolver() -> Resolver:
    """Return what reads kept identities (``CHINA_IDENTITY_RESOLVER``: a dotted path)."""
    found: Resolver = import_string(settings.CHINA_IDENTITY_RESOLVER)
    return found
