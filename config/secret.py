"""The secret key: from the environment, or kept in the embedded state folder."""

import os
from pathlib import Path
from secrets import token_urlsafe

from django.core.exceptions import ImproperlyConfigured


def secret_key(state: Path | None) -> str:
    """Return the key kept in ``state``, making it once; raise ImproperlyConfigured when there is no state folder."""
    if state is None:
        raise ImproperlyConfigured("SECRET_KEY must be set when DATABASE_URL and REDIS_URL are set.")
    path = state / "secret_key"
    try:
        # O_EXCL: of several processes starting at once, one writes and the others read.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_text().strip()
        if key:
            return key
        raise ImproperlyConfigured(f"{path} is empty: delete it to have a new key made.") from None
    with os.fdopen(descriptor, "w") as file:
        key = token_urlsafe(50)
        file.write(key)
    return key
