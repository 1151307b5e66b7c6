"""Load the rule book from CSV files and publish it: the book that comes with Vitrine, or a folder of your own."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from shop.crossborder.rulebook import actions
from shop.crossborder.rulebook.entries import RowFault
from shop.crossborder.rulebook.files import INITIAL, FileFault, read_rows


class Command(BaseCommand):
    """Rows that somebody has edited in the admin stay as they are."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take another folder, or only try."""
        parser.add_argument("folder", nargs="?", type=Path, default=INITIAL, help="folder of CSV files")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        parser.add_argument("--no-publish", action="store_true", help="leave the rows for review in the admin")
        parser.add_argument("--by", default="load_rules", help="who publishes (kept with the version)")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load, publish, and say what was done."""
        try:
            rows = read_rows(options["folder"])
        except FileFault as fault:
            raise CommandError(str(fault)) from None
        with transaction.atomic():
            loaded = actions.load_rules(rows=rows)
            self.stdout.write(
                f"{loaded.new} rows new, {loaded.changed} changed, {loaded.same} as before,"
                f" {loaded.kept} edited in the admin and left alone."
            )
            if options["dry_run"]:
                transaction.set_rollback(True)
                self.stdout.write("A dry run: nothing was kept.")
                return
            if options["no_publish"]:
                self.stdout.write("Not published: review and publish in the admin.")
                return
            try:
                made = actions.publish(by=options["by"], note=f"Loaded from {options['folder'].name}")
            except RowFault as fault:
                raise CommandError(f"The book cannot be published: {fault}") from None
        self.stdout.write(f"Rule book version {made.version} ({made.digest[:12]}) is in force.")
