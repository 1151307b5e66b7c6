"""The keyring that the settings describe."""

from django.conf import settings

from shop.crossborder.identities.sealing import Keyring


def keyring() -> Keyring:
    """Return the keys of ``IDENTITY_KEYS``, the newest first, then the one derived from ``SECRET_KEY``.

    Without ``IDENTITY_KEYS`` the last is the only one; with them it still opens what it sealed before.

    That the keys are long enough is a system check (``config.checks``).
    """
    return Keyring([*settings.IDENTITY_KEYS, settings.SECRET_KEY])
