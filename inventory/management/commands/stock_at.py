"""``manage.py stock_at MOMENT``: what there was at a time, summed from the ledger."""

import csv
import sys
from argparse import ArgumentTypeError
from datetime import datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from inventory.stock import queries
from inventory.stock.models import Item, Warehouse

COLUMNS = ("sku", "warehouse", "on_hand", "held", "allocated", "fenced", "quarantined", "damaged")


def _moment(text: str) -> datetime:
    """Return the moment; a date alone means the end of that day."""
    try:
        found = parse_datetime(text) if "T" in text or " " in text else None
        day = None if found else parse_date(text)
    except ValueError:
        found = day = None
    if found is None and day is not None:
        found = datetime.combine(day, time.max)
    if found is None:
        raise ArgumentTypeError(f"{text!r} is neither a date (2026-11-11) nor a time (2026-11-11T15:00)")
    return timezone.make_aware(found) if timezone.is_naive(found) else found


class Command(BaseCommand):
    """Write a CSV row per balance that had moved by then."""

    help = "Print what there was at a time (a date means its end), as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the moment and what to limit it to."""
        parser.add_argument("moment", type=_moment)
        parser.add_argument("--sku", action="append", help="only this SKU (repeat for more)")
        parser.add_argument("--warehouse", action="append", help="only this warehouse's code (repeat for more)")

    def handle(self, **options: Any) -> None:
        """Print the rows."""
        items = self._ids(Item, "sku", options["sku"])
        warehouses = self._ids(Warehouse, "code", options["warehouse"])
        out = csv.writer(self.stdout if self.stdout is not None else sys.stdout, lineterminator="\n")
        out.writerow(COLUMNS)
        for row in queries.stock_at(options["moment"], item_ids=items, warehouse_ids=warehouses):
            out.writerow([row[name] for name in COLUMNS])

    @staticmethod
    def _ids(model: Any, field: str, wanted: list[str] | None) -> list[int] | None:
        if wanted is None:
            return None
        found = dict(model.objects.filter(**{f"{field}__in": wanted}).values_list(field, "id"))
        missing = [name for name in wanted if name not in found]
        if missing:
            raise CommandError(f"There is no {model._meta.verbose_name} {', '.join(missing)}.")  # noqa: SLF001
        return list(found.values())
