"""API keys: 256 random bits, shown once, kept as a SHA-256 digest and found by an unsecret prefix."""

import hashlib
import hmac
from secrets import token_hex, token_urlsafe

from django.utils import timezone

from licensing.partner_api.models import ApiKey
from licensing.rights.models import Party

SCHEME = "vk_live"


def _digest(secret: str) -> str:
    # A fast hash is right here: the secret is random, so there is nothing to guess slowly.
    return hashlib.sha256(secret.encode()).hexdigest()


def issue(*, partner: Party, name: str) -> tuple[ApiKey, str]:
    """Make a key for a partner; return its row and the secret, which is never shown again."""
    prefix = token_hex(6)
    secret = f"{SCHEME}_{prefix}_{token_urlsafe(32)}"
    return ApiKey.objects.create(partner=partner, name=name, prefix=prefix, digest=_digest(secret)), secret


def revoke(key: ApiKey) -> None:
    """End a key now; repeating changes nothing."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())


def find(secret: str) -> ApiKey | None:
    """Return the live key for a secret, or None. Compared in constant time; last use is noted once a day."""
    parts = secret.split("_", 3)
    if len(secret) > 200 or len(parts) != 4 or f"{parts[0]}_{parts[1]}" != SCHEME:
        return None
    key = ApiKey.objects.select_related("partner").filter(prefix=parts[2], revoked_at=None).first()
    if key is None or not hmac.compare_digest(key.digest, _digest(secret)):
        return None
    today = timezone.localdate()
    if key.last_used_on != today:
        ApiKey.objects.filter(pk=key.pk).update(last_used_on=today)
    return key
