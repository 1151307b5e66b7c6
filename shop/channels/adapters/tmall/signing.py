"""Signatures of the TOP gateway: pure functions over the parameters of one request."""

import hashlib
import hmac
from collections.abc import Mapping
from enum import StrEnum


class SignMethod(StrEnum):
    MD5 = "md5"
    HMAC = "hmac"
    HMAC_SHA256 = "hmac-sha256"


def base_string(params: Mapping[str, str]) -> str:
    """Keys and values joined in ASCII order of the keys, without `sign` itself and without empty values.

    Values are taken as they are before URL encoding; a JSON value must be the exact text that is sent.
    """
    return "".join(f"{key}{params[key]}" for key in sorted(params) if key != "sign" and params[key] != "")


def sign(params: Mapping[str, str], *, secret: str | bytes, method: SignMethod) -> str:
    """The upper-case hexadecimal signature of the parameters (UTF-8)."""
    key = secret.encode() if isinstance(secret, str) else secret
    base = base_string(params).encode()
    match method:
        case SignMethod.MD5:
            # The platform prescribes MD5 here; the default of this client is hmac-sha256.
            digest = hashlib.md5(key + base + key, usedforsecurity=False).hexdigest()
        case SignMethod.HMAC:
            digest = hmac.new(key, base, "md5").hexdigest()
        case SignMethod.HMAC_SHA256:
            digest = hmac.new(key, base, "sha256").hexdigest()
    return digest.upper()
