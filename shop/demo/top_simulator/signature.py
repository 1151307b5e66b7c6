"""The gateway's own check of request signatures.

Rule: parameters in ASCII order of their names, without `sign` and without empty values, name and value joined with
nothing between; then MD5 between two copies of the secret, or HMAC-MD5, or HMAC-SHA256 keyed with it; upper-case hex.
"""

import hashlib
import hmac
from collections.abc import Mapping

METHODS = frozenset({"md5", "hmac", "hmac-sha256"})


def base_string(params: Mapping[str, str]) -> str:
    """The text that is hashed: `sign` and empty values left out, the rest in ASCII order of the names."""
    names = sorted((name for name, value in params.items() if name != "sign" and value), key=lambda name: name.encode())
    return "".join(f"{name}{params[name]}" for name in names)


def digest(params: Mapping[str, str], *, secret: bytes, sign_method: str) -> str:
    """The signature the gateway expects; raises ValueError for a sign method it does not know."""
    message = base_string(params).encode()
    if sign_method == "md5":
        # The protocol prescribes MD5; the simulator has no say in it.
        return hashlib.md5(secret + message + secret, usedforsecurity=False).hexdigest().upper()
    if sign_method == "hmac":
        return hmac.new(secret, message, "md5").hexdigest().upper()
    if sign_method == "hmac-sha256":
        return hmac.new(secret, message, "sha256").hexdigest().upper()
    raise ValueError(f"Unknown sign method {sign_method!r}.")


def is_genuine(params: Mapping[str, str], *, secret: bytes) -> bool:
    """Whether `sign` in the parameters is what `sign_method` in them yields. False for unknown methods."""
    sign_method = params.get("sign_method", "")
    if sign_method not in METHODS:
        return False
    expected = digest(params, secret=secret, sign_method=sign_method)
    return hmac.compare_digest(expected.encode(), params.get("sign", "").encode())
