"""Pytest plugin (``-p tests.servers``): real servers for the tests, up before Django's settings are read.

With DATABASE_URL and REDIS_URL set, those are used. Otherwise the embedded servers of ``.vitrine-test`` are started
without durability, in the controlling process only; the folder is kept between runs. Every pytest process works in a
Valkey database of its own: 1 without xdist, 1 for gw0, 2 for gw1 … Database 0 is never touched.
"""

import os
import re
from collections.abc import Generator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest

from config import embedded

_lease: embedded.Lease | None = None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Before pytest-django's own hook, which reads the settings; a wrapper, because that one asks to be first too."""
    options = early_config.known_args_namespace
    if not (options.help or options.version):
        _provide()
    return (yield)


def pytest_unconfigure() -> None:
    """Give the servers back; the last user waits until they are down."""
    global _lease  # noqa: PLW0603 (a plugin is a module)
    if _lease:
        _lease.close()
        _lease = None


def _provide() -> None:
    global _lease  # noqa: PLW0603 (a plugin is a module)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        postgres, valkey = (not os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL"))
        if postgres or valkey:
            default = embedded.REPOSITORY / ".vitrine-test"
            state = Path(os.environ.get("VITRINE_TEST_STATE") or default)
            try:
                _lease = embedded.ensure(state, durable=False, postgres=postgres, valkey=valkey)
            except embedded.EmbeddedError as error:
                raise pytest.UsageError(str(error)) from error
            if postgres:
                os.environ["DATABASE_URL"] = _lease.endpoints.database_url
            if valkey:
                os.environ["REDIS_URL"] = _lease.endpoints.redis_url
        # With both URLs set the settings would take this for a deployment.
        usual = {"SECRET_KEY": "for tests only", "HTTPS": "false", "PLAIN_STATIC": "true", "OFFERS_FOLLOW_EVERY": "0"}
        for name, value in usual.items():
            os.environ.setdefault(name, value)
    number = 1 + int(re.sub(r"\D", "", worker) or 0)
    os.environ["REDIS_URL"] = with_database(os.environ["REDIS_URL"], number)


def with_database(url: str, number: int) -> str:
    """Return the Redis address ``url`` with the database ``number`` (query of a socket, path of a host)."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        query = [(key, value) for key, value in parse_qsl(parts.query) if key != "db"]
        # Spelled out: urlunsplit drops the empty host of a scheme that it does not know.
        return f"unix://{parts.netloc}{parts.path}?{urlencode([*query, ('db', number)])}"
    query = [(key, value) for key, value in parse_qsl(parts.query) if key != "db"]
    return urlunsplit(parts._replace(path=f"/{number}", query=urlencode(query)))
