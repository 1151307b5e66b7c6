"""``manage.py import_collection``: a museum's published file into the catalogue."""

import sys
import time
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from shop.catalogue.importing import actions
from shop.catalogue.importing.errors import FileRefused
from shop.catalogue.importing.formats import FORMATS
from shop.catalogue.importing.progress import Progress
from shop.catalogue.importing.rejects import RejectsFile
from shop.catalogue.importing.source import Source, opened

REFUSED, INTERRUPTED = 2, 130
LARGEST_BATCH = 50_000


def batch_size(text: str) -> int:
    """Return the number of rows in a chunk, 1 to 50,000."""
    if not (text.isdecimal() and 1 <= int(text) <= LARGEST_BATCH):
        raise ArgumentTypeError(f"“{text}” is not a number from 1 to {LARGEST_BATCH:,}")
    return int(text)


class Command(BaseCommand):
    """Exit code 0: imported, rejected rows are reported; 1: rows rejected with --strict; 2: file refused."""

    help = (
        "Import a museum's object file (CSV, plain or gzip) into the catalogue. May be repeated: unchanged rows are "
        "left alone, changed ones rewritten. Objects that the file does not name stay."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--format", choices=FORMATS, required=True, help="whose file layout it is")
        parser.add_argument(
            "--museum",
            default="",
            metavar="SLUG",
            help="museum to import into; made if missing (default: the format's)",
        )
        parser.add_argument(
            "--rejects", type=Path, metavar="FILE", help="CSV file for the rows left out (default: ./NAME.rejected.csv)"
        )
        parser.add_argument(
            "--batch",
            type=batch_size,
            default=actions.DEFAULT_BATCH,
            metavar="N",
            help="rows per transaction (default: %(default)s)",
        )
        parser.add_argument("--strict", action="store_true", help="exit with 1 when rows were rejected")

    def handle(self, *, file: Path, rejects: Path | None, strict: bool, verbosity: int, **options: Any) -> None:
        report = actions.Report()
        rejects_path = rejects or Path(f"{file.name}.rejected.csv")
        began = time.monotonic()
        try:
            with (
                opened(file) as source,
                RejectsFile(rejects_path, never=file) as left_out,
                self.progress(source, report, verbosity) as progress,
            ):
                actions.import_collection(
                    source=source,
                    layout=FORMATS[options["format"]],
                    museum_slug=options["museum"],
                    batch=options["batch"],
                    report=report,
                    on_reject=left_out.add,
                    on_progress=progress,
                )
        except FileRefused as error:
            raise CommandError(str(error), returncode=REFUSED) from None
        except KeyboardInterrupt:
            kept = self.kept(report)
            raise CommandError(f"Interrupted. {kept} Run it again to complete it.", returncode=INTERRUPTED) from None
        except DatabaseError as error:
            reason = str(error).strip().partition("\n")[0]
            raise CommandError(f"The database failed: {reason}. {self.kept(report)}") from None
        except OSError as error:
            raise CommandError(f"{error.filename or file}: {error.strerror or error}. {self.kept(report)}") from None
        if verbosity:
            self.say(report, file.name, rejects_path, seconds=time.monotonic() - began)
        if strict and report.rejected:
            raise CommandError(f"{report.rejected:,} rows were rejected.")

    def progress(self, source: Source, report: actions.Report, verbosity: int) -> Progress:
        """Return a bar where someone watches, lines for a log, nothing with ``--verbosity 0``."""
        bar = sys.stderr if verbosity and self.stderr.isatty() else None
        return Progress(
            source, report, bar_on=bar, write_line=lambda line: self.stderr.write(line, str) if verbosity else None
        )

    def kept(self, report: actions.Report) -> str:
        """Return the sentence that says how far a broken-off import came."""
        return f"{report.rows:,} rows were dealt with and are kept."

    def say(self, report: actions.Report, name: str, rejects: Path, *, seconds: float) -> None:
        """Print the report."""
        self.stdout.write(
            f"{name}: {report.rows:,} rows in {seconds:.1f} s\n"
            f"  created   {report.created:>9,}\n"
            f"  updated   {report.updated:>9,}\n"
            f"  unchanged {report.unchanged:>9,}\n"
            f"  rejected  {report.rejected:>9,}" + (f"  → {rejects}" if report.rejected else "")
        )
