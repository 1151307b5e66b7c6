"""Answer landed-cost requests: one JSON object a line on standard input, one on standard output."""

import io
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shop.crossborder.landed_cost.answer import NotDeliverable
from shop.crossborder.landed_cost.engine import landed_cost
from shop.crossborder.landed_cost.json_answer import answer_json, notice_json
from shop.crossborder.landed_cost.json_request import parse_request
from shop.crossborder.landed_cost.request import BadRequest
from shop.crossborder.rulebook.book import RuleBook
from shop.crossborder.rulebook.files import INITIAL, FileFault, read_rows
from shop.crossborder.rulebook.queries import current_book

LONGEST_LINE = 1_000_000


class Command(BaseCommand):
    """Each answer is a quote, or a problem with ``errors`` that point at fields, or with ``refusals``."""

    help = __doc__ or ""
    requires_system_checks: list[str] = []
    stealth_options = ("stdin",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take another book than the published one."""
        parser.add_argument("--book", metavar="FOLDER", help="CSV files to use instead of the published rule book")
        parser.add_argument("--initial", action="store_true", help="use the rule book that comes with Vitrine")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Answer until the input ends."""
        book = self._book(options)
        today = timezone.localdate()
        source: TextIO = options.get("stdin") or sys.stdin
        if isinstance(source, io.TextIOWrapper):  # what is not UTF-8 spoils its own line alone
            source.reconfigure(encoding="utf-8", errors="backslashreplace")
        for line in source:
            if line.strip():
                self.stdout.write(json.dumps(answer(line, book, today=today), ensure_ascii=False))
                self.stdout.flush()

    @staticmethod
    def _book(options: dict[str, Any]) -> RuleBook:
        if options["book"] or options["initial"]:
            try:
                return RuleBook(read_rows(Path(options["book"]) if options["book"] else INITIAL))
            except FileFault as fault:
                raise CommandError(str(fault)) from None
        book = current_book()
        if book is None:
            raise CommandError("No rule book is published: run manage.py load_rules first, or give --initial.")
        return book


def answer(line: str, book: RuleBook, *, today: Any) -> dict[str, Any]:
    """Return the answer to one line of input."""
    if len(line) > LONGEST_LINE:
        return _problem("too-large", f"A request has at most {LONGEST_LINE} characters.")
    try:
        raw = json.loads(line)
    except ValueError as error:
        return _problem("invalid-json", f"This is not JSON: {error}")
    except RecursionError:
        return _problem("invalid-json", "This is nested too deeply.")
    try:
        return answer_json(landed_cost(parse_request(raw, today=today), book), book)
    except BadRequest as error:
        errors = [{"pointer": one.pointer, "code": one.code, "message": one.message} for one in error.faults]
        return _problem("bad-request", "The request cannot be quoted.", errors=errors)
    except NotDeliverable as error:
        refusals = [notice_json(one) for one in error.refusals]
        return _problem("not-deliverable", "The goods may not go there.", refusals=refusals)


def _problem(code: str, title: str, **more: Any) -> dict[str, Any]:
    return {"problem": code, "title": title, **more}
