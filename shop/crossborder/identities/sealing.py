"""Sealing personal numbers: authenticated encryption with keys that rotate, masks, and digests. Pure.

AES-256-GCM with a fresh 96-bit nonce (NIST SP 800-38D); each text is bound to its place by associated data, so that
one row's ciphertext opens in no other. Keys are derived from the configured secrets by HKDF-SHA256 (RFC 5869), one for
sealing and one for digests, so that neither use tells anything of the other.
"""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = "1"
NONCE = 12  # bytes
SHOWN_FIRST, SHOWN_LAST = 3, 2  # characters of a number that a mask leaves


class CannotOpen(Exception):
    """The sealed text was changed, belongs elsewhere, or its key is no longer configured."""


@dataclass(frozen=True)
class Key:
    """A derived pair of keys; ``id`` is public and stands in each sealed text."""

    id: str
    sealing: bytes = field(repr=False)
    digesting: bytes = field(repr=False)


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"vitrine buyer identity: " + purpose).derive(
        secret.encode()
    )


@lru_cache(maxsize=32)
def _key(secret: str) -> Key:
    return Key(
        id=sha256(_derive(secret, b"id")).hexdigest()[:12],
        sealing=_derive(secret, b"seal"),
        digesting=_derive(secret, b"digest"),
    )


class Keyring:
    """Keys, the newest first: it seals with the first and opens with whichever sealed."""

    def __init__(self, secrets: Sequence[str]) -> None:
        if not all(secrets) or not secrets:
            raise ValueError("A keyring needs secrets, none of them empty.")
        self._keys = [_key(secret) for secret in secrets]

    @property
    def newest_id(self) -> str:
        """The id of the key that seals now."""
        return self._keys[0].id

    def seal(self, text: str, *, place: str) -> str:
        """Return the text sealed for its place, e.g. ``<row id>:number``."""
        key, nonce = self._keys[0], os.urandom(NONCE)
        sealed = AESGCM(key.sealing).encrypt(nonce, text.encode(), place.encode())
        return f"{VERSION}.{key.id}.{urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, place: str) -> str:
        """Return the text.

        :raises CannotOpen: it was changed, was sealed for another place, or no configured key fits.
        """
        version, _dot, rest = sealed.partition(".")
        key_id, _dot, body = rest.partition(".")
        key = next((one for one in self._keys if one.id == key_id), None)
        if version != VERSION or key is None:
            raise CannotOpen("The key that sealed this is not configured.")
        try:
            raw = urlsafe_b64decode(body)
            return AESGCM(key.sealing).decrypt(raw[:NONCE], raw[NONCE:], place.encode()).decode()
        except (InvalidTag, ValueError):
            raise CannotOpen("The sealed text was changed or belongs elsewhere.") from None

    def digest(self, text: str) -> str:
        """Return a keyed digest (HMAC-SHA256 under the newest key): equal texts, equal digests."""
        return _digest(self._keys[0], text)

    def digests(self, text: str) -> list[str]:
        """Return the digest under every key, for finding rows that were written before a rotation."""
        return [_digest(key, text) for key in self._keys]


def _digest(key: Key, text: str) -> str:
    return hmac.new(key.digesting, text.encode(), sha256).hexdigest()


def mask(number: str) -> str:
    """Return a number with its first three and last two characters; of a shorter one nothing is shown."""
    hidden = len(number) - SHOWN_FIRST - SHOWN_LAST
    if hidden < SHOWN_FIRST + SHOWN_LAST:
        return "•" * len(number)
    return f"{number[:SHOWN_FIRST]}{'•' * hidden}{number[-SHOWN_LAST:]}"
