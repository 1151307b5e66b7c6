"""``manage.py backtest_demand FILE``: how well each forecaster would have foreseen a shop's real sales."""

import json
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inventory.replenishment import backtest, forecasting
from inventory.replenishment.backtest import History, Row
from inventory.replenishment.forecasting import Pool
from inventory.replenishment.history import HistoryError, invoices
from inventory.replenishment.history_file import opened

WEEK = 7


@dataclass(frozen=True)
class Line:
    """Units of one item on one invoice; below 0 on a cancellation."""

    day: date
    item: str
    customer: str
    units: int


class Command(BaseCommand):
    """Reads one file; needs no database."""

    help = "Compare demand forecasters on a file of sales (Online Retail columns, CSV or CSV.gz)."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--test-weeks", type=int, default=6, help="weeks at the end to forecast (default 6)")
        parser.add_argument("--json", action="store_true", help="print JSON instead of a Markdown table")

    def handle(self, *, file: Path, test_weeks: int, **options: Any) -> None:
        if test_weeks < 1:
            raise CommandError("--test-weeks must be at least 1.")
        histories = weekly_histories(read(file), test_weeks)
        if not histories:
            raise CommandError(f"{file} has no item that sold before its last {test_weeks} weeks.")
        pool = forecasting.learn([history.train for history in histories], horizon=test_weeks)
        try:
            rows = backtest.run(histories, pool)
        except ValueError as nothing:
            raise CommandError(str(nothing)) from nothing
        self.stdout.write((as_json if options["json"] else as_markdown)(rows, histories, pool))


def read(path: Path) -> list[Line]:
    """Return the lines of goods, in order of time."""
    try:
        with opened(path) as text:
            lines = [
                Line(day=invoice.sold_at.date(), item=line.sku, customer=invoice.customer, units=line.quantity)
                for invoice in invoices(text)
                for line in invoice.lines
                if not line.skipped
            ]
    except (OSError, EOFError) as unreadable:
        raise CommandError(f"{path} cannot be read: {getattr(unreadable, 'strerror', None) or unreadable}.") from None
    except HistoryError as error:
        raise CommandError(f"{path} is no sales history: {error}.") from None
    return sorted(lines, key=lambda line: line.day)


def without_cancelled(lines: Iterable[Line]) -> list[Line]:
    """Set each cancellation against earlier sales of the item to the customer: one of the same size, or the latest.

    What finds no sale (sold before the file begins, or no customer named) is left out: it says nothing about demand.
    """
    kept: list[Line] = []
    sales: dict[tuple[str, str], list[int]] = defaultdict(list)
    for line in lines:
        own = sales[line.item, line.customer] if line.customer else []
        if line.units > 0:
            own.append(len(kept))
            kept.append(line)
            continue
        left = -line.units
        for place in sorted(own, key=lambda place: (kept[place].units != -line.units, -place)):
            taken = min(left, kept[place].units)
            kept[place] = replace(kept[place], units=kept[place].units - taken)
            left -= taken
            if not left:
                break
    return kept


def weekly_histories(lines: Sequence[Line], test_weeks: int) -> list[History]:
    """Return units per item and week, weeks counted back from the last day; a first week in part is left out.

    Training weeks know only the cancellations of their own time. Items that never sold in training are left out.
    """
    if not lines:
        return []
    last = lines[-1].day
    weeks = ((last - lines[0].day).days + 1) // WEEK
    split = last - timedelta(days=WEEK * test_weeks)
    past = _weekly(without_cancelled(line for line in lines if line.day <= split), last, weeks)
    whole = _weekly(without_cancelled(lines), last, weeks)
    histories = []
    for item, demand in sorted(past.items()):
        train = demand[: max(weeks - test_weeks, 0)]
        first = next((week for week, units in enumerate(train) if units), None)
        if first is not None:
            histories.append(History(item=item, train=train[first:], test=whole[item][-test_weeks:]))
    return histories


def _weekly(lines: Iterable[Line], last: date, weeks: int) -> dict[str, list[int]]:
    demand: dict[str, list[int]] = defaultdict(lambda: [0] * weeks)
    for line in lines:
        week = weeks - 1 - (last - line.day).days // WEEK
        if week >= 0:
            demand[line.item][week] += line.units
    return demand


def _facts(histories: Sequence[History]) -> dict[str, int]:
    return {
        "items": len(histories),
        "training_weeks": max(len(history.train) for history in histories),
        "test_weeks": len(histories[0].test),
        "training_units": round(sum(sum(history.train) for history in histories)),
        "test_units": round(sum(sum(history.test) for history in histories)),
    }


def as_json(rows: Sequence[Row], histories: Sequence[History], pool: Pool) -> str:
    """Return the scores, what they were measured on, and what the pool learned, as JSON."""
    learned = {name: str(value) if value == float("inf") else value for name, value in asdict(pool).items()}
    facts = _facts(histories) | {"learned": learned, "best": _best(rows).method, "rows": [asdict(row) for row in rows]}
    return json.dumps(facts, indent=2)


def as_markdown(rows: Sequence[Row], histories: Sequence[History], pool: Pool) -> str:
    """Return the table for people."""
    facts, best = _facts(histories), _best(rows)
    weeks, width = facts["test_weeks"], max(len(row.method) for row in rows)
    heads = [f"WAPE {weeks} weeks", "WAPE week", "  bias", "fill rate"]
    lines = [
        f"| {'method':{width}} | {' | '.join(heads)} |",
        f"|{'-' * (width + 2)}|{'|'.join('-' * (len(head) + 1) + ':' for head in heads)}|",
    ]
    for row in rows:
        figures = (f"{row.wape:.1%}", f"{row.wape_period:.1%}", f"{row.bias:+.1%}", f"{row.fill_rate:.1%}")
        shown = " | ".join(f"{figure:>{len(head)}}" for figure, head in zip(figures, heads, strict=True))
        lines.append(f"| {row.method:{width}} | {shown} |")
    scores = f"WAPE {best.wape:.1%}, bias {best.bias:+.1%}, fill rate {best.fill_rate:.1%}"
    trained = f"{facts['training_weeks']} weeks of training ({facts['training_units']:,} units)"
    tested = f"{weeks} weeks of test ({facts['test_units']:,} units)"
    limit = f"a week counts for at most {pool.bulk:g} times the mean of the item's others"
    lines += [
        "",
        f"Best by WAPE over {weeks} weeks: {best.method} ({scores}).",
        f"{facts['items']:,} items; {trained}, {tested}.",
        f"WAPE {weeks} weeks and bias are per item over the test weeks together, WAPE week is per item and week.",
        "Fill rate is at equal stock: every method places the same number of units in proportion to its forecasts.",
        f"Learned on the training weeks alone: {pool.model.upper()}, smoothing {pool.smoothing:g}; {limit}.",
    ]
    return "\n".join(lines)


def _best(rows: Sequence[Row]) -> Row:
    return min(rows, key=lambda row: row.wape)
