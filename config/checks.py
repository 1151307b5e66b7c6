"""System checks that name what a foreign server lacks."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from config import health


def check_database(
    *, app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Name each missing extension, and a locale that cannot index Chinese (``manage.py check --database default``)."""
    if not databases or "default" not in databases:
        return []
    try:
        missing = health.missing_extensions()
        if missing:
            return [
                Error(
                    f"PostgreSQL extension {name} is not installed in this database.",
                    hint=f"As a superuser: CREATE EXTENSION {name};",
                    id="vitrine.E001",
                )
                for name in missing
            ]
        if not health.indexes_chinese():
            return [
                Error("The database's locale cannot index Chinese.", hint="Use LC_CTYPE C.UTF-8.", id="vitrine.E002")
            ]
    except DatabaseError as error:
        return [Error(f"The database cannot be checked: {error}", id="vitrine.E003")]
    return []


SHORTEST_SECRET = 32  # characters


def check_identity_keys(*, app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Refuse secrets for buyers' identities that can be guessed."""
    if all(len(secret) >= SHORTEST_SECRET for secret in settings.IDENTITY_KEYS):
        return []
    hint = "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
    return [Error(f"A key of IDENTITY_KEYS has less than {SHORTEST_SECRET} characters.", hint=hint, id="vitrine.E004")]


def register_checks() -> None:
    """Register the checks with Django."""
    register(check_database, Tags.database)
    register(check_identity_keys, Tags.security)
