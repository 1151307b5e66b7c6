"""Royalties of files, without a database: ``manage.py royalties calculate --terms T.json --sales S.csv``."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from licensing.royalties.engine.calculate import calculate
from licensing.royalties.engine.document import read_versions
from licensing.royalties.engine.errors import Fault, Refused
from licensing.royalties.engine.fx import Quotes
from licensing.royalties.engine.sales_file import read_sales
from licensing.royalties.engine.statement import Request, Statement

SUMS = ("earned", "adjustments", "held", "released", "recouped", "shortfall", "royalty_payable", "fund", "invoice")


class Command(BaseCommand):
    """Calculate a period from a terms document and a file of sales; exit code 1 with every fault named."""

    help = "Calculates the royalties of a file of sales under a terms document; needs no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        one = verbs.add_parser("calculate", help="Calculate one period.")
        one.add_argument("--terms", required=True, type=Path, help="Terms as JSON; see docs/royalty-terms.md.")
        one.add_argument("--sales", required=True, type=Path, help="Sales and returns as CSV.")
        one.add_argument("--rates", type=Path, help="Exchange rates as JSON; see docs/royalty-terms.md.")
        one.add_argument("--begin", type=date.fromisoformat, help="First day of the period (else of the sales).")
        one.add_argument("--end", type=date.fromisoformat, help="Last day of the period (else of the sales).")
        one.add_argument("--statement-date", type=date.fromisoformat)
        one.add_argument("--payment-date", type=date.fromisoformat)
        one.add_argument("--json", action="store_true", dest="as_json", help="Everything, with the trace of each line.")

    def handle(self, **options: Any) -> None:
        try:
            found = calculate(_request(options))
        except Refused as refused:
            for fault in refused.faults:
                self.stderr.write(f"{fault.where or 'document'}: {fault.message} [{fault.code}]")
            raise CommandError(f"Nothing was calculated: {len(refused.faults)} fault(s).") from None
        if options["as_json"]:
            self.stdout.write(json.dumps(as_json(found), ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{found.begin} to {found.end}, in {found.currency}")
        for name in SUMS:
            self.stdout.write(f"{name.replace('_', ' '):<16}{getattr(found, name):>16,}")
        self.stdout.write(f"{'withheld':<16}{found.taxes.withheld:>16,}")
        self.stdout.write(f"{'remitted':<16}{found.taxes.remitted:>16,}")
        for line in found.lines:
            for flag in line.flags:
                self.stdout.write(f"look at line {line.line.id}: {flag.value}")


def _request(options: Mapping[str, Any]) -> Request:
    versions = read_versions(_json(options["terms"]))
    try:
        with options["sales"].open(encoding="utf-8-sig", newline="") as file:
            lines = read_sales(file)
    except OSError as error:
        raise CommandError(f"{options['sales']}: {error.strerror}.") from None
    if not lines and not (options["begin"] and options["end"]):
        raise CommandError("The file has no sales: name the period with --begin and --end.")
    days = [line.sold_on for line in lines]
    return Request(
        versions=versions,
        begin=options["begin"] or min(days),
        end=options["end"] or max(days),
        lines=tuple(lines),
        quotes=_quotes(_json(options["rates"])) if options["rates"] else Quotes(),
        statement_date=options["statement_date"],
        payment_date=options["payment_date"],
    )


def _json(path: Path) -> Any:
    try:
        # Floats are kept as what they are, to be refused by name: their digits are already lost.
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise Refused([Fault(str(path.name), "not-json", f"This is not JSON: {error}.")]) from None


def _quotes(document: Any) -> Quotes:
    try:
        daily = {
            (currency, date.fromisoformat(day)): Decimal(rate)
            for currency, days in document.get("daily", {}).items()
            for day, rate in days.items()
        }
        monthly = {
            (currency, date.fromisoformat(f"{month}-01")): Decimal(rate)
            for currency, months in document.get("monthly", {}).items()
            for month, rate in months.items()
        }
    except (AttributeError, TypeError, ValueError, ArithmeticError):
        raise Refused([Fault("rates", "bad-rates", "Rates are currency → day or month → rate as text.")]) from None
    if any(rate <= 0 for rate in [*daily.values(), *monthly.values()]):
        raise Refused([Fault("rates", "bad-rates", "A rate is greater than zero.")])
    return Quotes(daily, monthly)


def as_json(found: Statement) -> dict[str, Any]:
    """Return a statement with amounts as text, and the trace of each line."""
    return {
        "currency": found.currency,
        "begin": found.begin.isoformat(),
        "end": found.end.isoformat(),
        **{name: str(getattr(found, name)) for name in SUMS},
        "taxes": {name: str(value) for name, value in vars(found.taxes).items()},
        "lines": [
            {
                "line_id": one.line.id,
                "version": one.version,
                "rule": one.rule,
                "base": str(one.base),
                "allowed": {kind: str(amount) for kind, amount in one.allowed.items()},
                "disallowed": {kind: str(amount) for kind, amount in one.disallowed.items()},
                "net": str(one.net),
                "royalty": str(one.royalty),
                "fund": str(one.fund),
                "flags": {flag.value: str(share) for flag, share in one.flags.items()},
                "trace": [dict(step) for step in one.trace],
            }
            for one in found.lines
        ],
    }
