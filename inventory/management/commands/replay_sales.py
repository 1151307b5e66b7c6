"""``manage.py replay_sales FILE --warehouse W``: stream a real sales history through the real stock actions."""

import hashlib
import json
import time
from argparse import ArgumentTypeError
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from inventory.replenishment import replay as replays
from inventory.replenishment.history import HistoryError, Invoice, invoices
from inventory.replenishment.history_file import opened
from inventory.stock.models import Warehouse

SHOW_EVERY = 2.0  # seconds between lines of progress


def _speed(text: str) -> float | None:
    if text == "max":
        return None
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not factor > 0:
        raise ArgumentTypeError(f"{text!r} is neither “max” nor a positive factor of real time, e.g. 3600")
    return factor


def _opening(text: str) -> int | None:
    if text == "sold":
        return None
    if not text.isdecimal() or int(text) > 1_000_000:
        raise ArgumentTypeError(f"{text!r} is neither “sold” nor a whole number of units up to 1,000,000")
    return int(text)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pacer(factor: float) -> Callable[[Invoice], None]:
    """Return what waits until an invoice is due, ``factor`` times as fast as it happened."""
    begun: list[Any] = []

    def wait(invoice: Invoice) -> None:
        if not begun:
            begun.extend((time.monotonic(), invoice.sold_at))
        due = begun[0] + (invoice.sold_at - begun[1]).total_seconds() / factor
        time.sleep(max(due - time.monotonic(), 0))

    return wait


class Command(BaseCommand):
    """Replay a sales history; a replay that was stopped goes on where it stopped."""

    help = "Replay a sales history (CSV, plain or gzip) through the real stock actions, and report."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare file, warehouse, speed, opening stock and form of the report."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--warehouse", required=True, help="code of the warehouse that sells")
        parser.add_argument("--speed", type=_speed, default=None, help="“max” (default), or times real time")
        parser.add_argument(
            "--opening",
            type=_opening,
            default=None,
            help="units of each item on the shelf at the start: a number, or “sold” (default): what the file sells",
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, **options: Any) -> None:
        """Replay and report."""
        path: Path = options["file"]
        warehouse = Warehouse.objects.filter(code=options["warehouse"]).first()
        if warehouse is None:
            known = ", ".join(Warehouse.objects.values_list("code", flat=True)) or "none yet"
            raise CommandError(f"There is no warehouse {options['warehouse']}; there are: {known}.")
        try:
            self._replay(path, warehouse, options)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror or error}.") from error
        except EOFError as error:
            raise CommandError(f"{path} ends in the middle: it was not copied whole.") from error
        except HistoryError as error:
            raise CommandError(f"{path} is no sales history: {error}.") from error
        except replays.ReplayBusy as error:
            raise CommandError(str(error)) from error

    def _replay(self, path: Path, warehouse: Warehouse, options: dict[str, Any]) -> None:
        replay = replays.open_replay(digest=_digest(path), name=path.name, warehouse=warehouse)
        if replay.position:
            self.stderr.write(f"Going on after line {replay.position:,}.")
        else:
            units, first = self._sold(path)
            received = replays.receive_opening(replay=replay, units=units, at=first, flat=options["opening"])
            self.stderr.write(f"Opening stock: {received:,} units of {len(units):,} items.")
        started, before = time.monotonic(), replay.position
        shown = [started]

        def progress(report: replays.Report) -> None:
            now = time.monotonic()
            if now - shown[0] >= SHOW_EVERY:
                shown[0] = now
                speed = (report.lines - before) / (now - started)
                self.stderr.write(f"{report.lines:>9,} lines  {report.orders:>7,} orders  {speed:>7,.0f} lines/s")

        with opened(path) as text:
            report = replays.run(
                replay=replay,
                invoices=invoices(text, skip=replay.position),
                progress=progress,
                pace=_pacer(options["speed"]) if options["speed"] else None,
            )
        seconds = time.monotonic() - started
        if options["json"]:
            done = {"seconds": round(seconds, 2), "lines_replayed": report.lines - before}
            self.stdout.write(json.dumps(report.as_json() | done))
        else:
            self._show(report, report.lines - before, seconds)

    @staticmethod
    def _sold(path: Path) -> tuple[dict[str, tuple[str, int]], datetime | None]:
        """Return SKU → (description, units that the file sells), and the start of its first day; read once through."""
        units: dict[str, int] = defaultdict(int)
        texts: dict[str, str] = {}
        first: datetime | None = None
        with opened(path) as text:
            for invoice in invoices(text):
                first = min(first or invoice.sold_at, invoice.sold_at)
                for line in invoice.lines:
                    if not line.skipped:
                        texts.setdefault(line.sku, line.description)
                        units[line.sku] += max(line.quantity, 0)
        opening = first and first.replace(hour=0, minute=0, second=0)
        return {sku: (texts[sku], units[sku]) for sku in texts}, opening

    def _show(self, report: replays.Report, lines: int, seconds: float) -> None:
        out = self.stdout.write
        speed = lines / seconds if seconds else 0
        out(f"Replayed {lines:,} lines in {seconds:,.1f} s ({speed:,.0f} lines/s); the file so far:")
        out(f"  lines            {report.lines:>10,}")
        out(f"  orders           {report.orders:>10,}   refused whole {report.orders_refused:,}")
        out(f"  units sold       {report.units:>10,}   refused {report.units_refused:,}")
        times = sum(report.stock_outs.values())
        out(f"  stock-outs       {times:>10,}   of {len(report.stock_outs):,} items")
        for sku, count in report.stock_outs.most_common(5):
            out(f"    {sku:<14} {count:>10,} times")
        out(
            f"  returns          {report.returns:>10,}   units {report.units_returned:,}, "
            f"{report.returns_without_sale:,} without a known sale"
        )
        out(f"  lines skipped    {sum(report.skipped.values()):>10,}")
        for reason, count in report.skipped.most_common():
            out(f"    {count:>10,}  {reason}")
        out("  value by country, GBP (returns taken off)")
        for country, amount in sorted(report.value.items(), key=lambda pair: -pair[1]):
            out(f"    {country:<20} {amount:>14,.2f}")
