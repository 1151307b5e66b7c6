#!/usr/bin/env python
"""Django's command line for Vitrine; starts the embedded servers for the life of a command that needs them."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext

# Commands that touch neither the database nor the broker; the rest get both.
WITHOUT_SERVERS = {
    "help",
    "version",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "makemessages",
    "spectacular",
    "startapp",
    "startproject",
}


def needs_servers(arguments: list[str]) -> bool:
    """Say whether the command line ``arguments`` (without the program) reaches for a server."""
    if not arguments or {"-h", "--help", "--version"} & set(arguments):
        return False
    return not arguments[0].startswith("-") and arguments[0] not in WITHOUT_SERVERS


def servers(arguments: list[str]) -> AbstractContextManager[object]:
    """Return a lease on the embedded servers that no URL replaces, or nothing if none is needed."""
    from config import embedded

    postgres = not os.environ.get("DATABASE_URL")
    valkey = not os.environ.get("REDIS_URL")
    if not (postgres or valkey) or not needs_servers(arguments):
        return nullcontext()
    return embedded.ensure(embedded.state_dir(), postgres=postgres, valkey=valkey)


def run() -> int:
    """Run the command; return the exit code. Trouble with the surroundings is told as a sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from config.embedded import EmbeddedError

    try:
        with servers(sys.argv[1:]):
            execute_from_command_line(sys.argv)
    except (EmbeddedError, ImproperlyConfigured) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def main() -> int:
    """Run the command; interrupted at whatever moment, the exit code is 130."""
    try:
        return run()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
