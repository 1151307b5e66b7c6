"""``Authorization: Bearer vk_live_…``: the partner is whoever the key belongs to."""

from dataclasses import dataclass

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from licensing.partner_api import keys
from licensing.partner_api.models import ApiKey
from licensing.rights.models import Party


@dataclass(frozen=True)
class Partner:
    """Who asks: a licensee, known by its key."""

    party: Party
    is_authenticated: bool = True

    @property
    def pk(self) -> int:
        """The partner's id, for throttling."""
        return self.party.pk


class KeyAuthentication(BaseAuthentication):
    """Accept a live API key; anything else in the header is 401."""

    def authenticate(self, request: Request) -> tuple[Partner, ApiKey] | None:
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        key = keys.find(secret.strip()) if scheme.lower() == "bearer" else None
        if key is None:
            raise AuthenticationFailed("The API key is not valid.")
        return Partner(key.partner), key

    def authenticate_header(self, _request: Request) -> str:
        return 'Bearer realm="partner"'


class IsPartner(BasePermission):
    """Only a known partner passes."""

    def has_permission(self, request: Request, _view: APIView) -> bool:
        return isinstance(request.user, Partner)


class PartnerThrottle(SimpleRateThrottle):
    """Requests a minute per partner."""

    scope = "partner"

    def get_cache_key(self, request: Request, _view: APIView) -> str | None:
        return f"throttle:partner:{request.user.pk}" if isinstance(request.user, Partner) else None


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes the key."""

    target_class = "licensing.partner_api.authentication.KeyAuthentication"
    name = "partnerKey"

    def get_security_definition(self, _auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "vk_live_…"}
