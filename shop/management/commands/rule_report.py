"""Say which rules are over, end soon or are unconfirmed; fail where a rule that the markets need is over."""

from argparse import ArgumentParser
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shop.crossborder.rulebook.reviewing import Looked, Review, review

HEADINGS = {
    "over": "Over, with nothing to follow",
    "ends": "Ends, with nothing to follow",
    "unconfirmed": "Unconfirmed",
}


class Command(BaseCommand):
    """The report of the page Rule book, for a terminal or a timer. A * marks rules that quotes for our markets need."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Look further ahead and back."""
        parser.add_argument("--days", type=int, default=60, help="how far to look ahead and back (default 60)")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the report.

        :raises CommandError: a rule that the markets need is over without successor, or a row cannot be read.
        """
        if not 0 <= options["days"] <= 3660:
            raise CommandError("Give --days between 0 and 3660.")
        found = review(today=timezone.localdate(), within=timedelta(days=options["days"]))
        self.stdout.write(_standing(found))
        for fault in found.faults:
            self.stdout.write(f"Cannot be read: {fault.kind} {fault.key}: {fault.sentence}")
        for code, group in groupby(found.concerns, key=lambda one: one.concern.code):
            self.stdout.write(f"\n{HEADINGS[code]}: {found.count(code)}")
            for one in sorted(group, key=_place):
                self.stdout.write(_line(one))
        if found.faults:
            raise CommandError("Rows of the rule book cannot be read.", returncode=1)
        if found.lapsed:
            keys = ", ".join(one.concern.key for one in found.lapsed)
            raise CommandError(f"Rules that the markets need are over without successor: {keys}.", returncode=1)


def _standing(found: Review) -> str:
    if found.in_force is None:
        return "No version is published yet."
    made = found.in_force
    return (
        f"Version {made.version} ({made.digest[:12]}) is in force,"
        f" published on {timezone.localtime(made.frozen_at):%Y-%m-%d} by {made.frozen_by};"
        f" {len(found.changes)} changes are not in force."
    )


def _place(one: Looked) -> tuple[str, bool, str, str]:
    return (getattr(one.row, "jurisdiction", ""), not one.needed, one.concern.kind, one.concern.key)


def _line(one: Looked) -> str:
    mark, place = "*" if one.needed else " ", getattr(one.row, "jurisdiction", "") or "any"
    day = f"  {one.concern.on}" if one.concern.on else ""
    return f"{mark} {place:<7} {one.concern.kind:<13} {one.concern.key:<40} {one.concern.confidence:<9}{day}"
