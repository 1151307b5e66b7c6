"""``manage.py import_rates [FILE|-] [--fetch]``: keep the ECB's reference rates."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from shop.crossborder.exchange import actions, fetching
from shop.crossborder.exchange.ecb import LARGEST, UnreadableRates


class Command(BaseCommand):
    """Repeating changes nothing; a rate that jumped is held for the admin."""

    help = "Import a file of the ECB's euro reference rates: the day, 90 days, or all since 1999."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("file", nargs="?", metavar="FILE", help="an XML file of the ECB; - reads standard input")
        which.add_argument("--fetch", action="store_true", help="fetch the file at ECB_RATES_URL")

    def handle(self, *, file: str | None, fetch: bool, **_options: Any) -> None:
        try:
            content = self._fetched() if fetch else _read(file or "-")
            done = actions.import_ecb(content=content, actor="import_rates")
        except (fetching.RatesUnavailable, UnreadableRates, actions.RateRefused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{done.new} rates new, {done.same} as before, {done.corrected} corrected, {done.held} held.")

    @staticmethod
    def _fetched() -> bytes:
        if not settings.ECB_RATES_URL:
            raise CommandError("ECB_RATES_URL is empty: name a file.")
        return fetching.fetch(settings.ECB_RATES_URL)


def _read(name: str) -> bytes:
    """Return the content; one byte more than is allowed is enough to refuse it."""
    if name == "-":
        return sys.stdin.buffer.read(LARGEST + 1)
    try:
        with Path(name).open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
