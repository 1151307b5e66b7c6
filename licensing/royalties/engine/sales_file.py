"""Sales as a CSV file: UTF-8, a header, ISO dates, decimal points.

Columns: ``line_id, sold_on, sku, units, currency`` are needed; an amount for each base that the terms ask for
(``gross_sales, wholesale, retail_ex_tax, retail_inc_tax, fob, landed_cost``); and where they matter ``tax_rate,
property, category, territory, channel, customer_class, sale_type, approved, free, original, evidence`` (kinds by “+”)
and ``deduction:<kind>`` for each claimed deduction.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from licensing.royalties.engine.errors import Fault, Refused
from licensing.royalties.engine.lines import Line
from licensing.royalties.engine.reading import DATE, NUMBER
from licensing.royalties.engine.terms import Base

NEEDED = ("line_id", "sold_on", "sku", "units", "currency")
AMOUNTS = tuple(one.value for one in Base if one != Base.NET_SALES)
TEXTS = {
    "property": "property_code",
    "category": "category",
    "territory": "territory",
    "channel": "channel",
    "customer_class": "customer_class",
    "sale_type": "sale_type",
    "original": "original",
}
OTHERS = ("tax_rate", "approved", "free", "evidence")
DEDUCTION = "deduction:"
FLAGS = {"yes": True, "no": False}
MOST_FAULTS = 100
MOST_ROWS = 2_000_000
LONGEST = 200


def read_sales(rows: Iterable[str]) -> list[Line]:
    """Return the lines of a file.

    :raises Refused: naming row and column of what is wrong (the first hundred faults); nothing is returned then.
    """
    faults: list[Fault] = []
    found: list[Line] = []
    for line in _read(csv.DictReader(rows, strict=True), faults):
        found.append(line)
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise Refused(faults[:MOST_FAULTS])
    return found


def _read(reader: "csv.DictReader[str]", faults: list[Fault]) -> Iterator[Line]:
    try:
        header = [name.strip().lstrip("\ufeff") for name in reader.fieldnames or []]
    except csv.Error as error:
        raise Refused([Fault("row 1", "not-csv", f"The file is not CSV: {error}.")]) from None
    _check_header(header)
    reader.fieldnames = header
    try:
        for number, row in enumerate(reader, start=2):
            if number > MOST_ROWS + 1:
                faults.append(Fault(f"row {number}", "too-many-rows", f"A file has at most {MOST_ROWS} rows."))
                return
            yield _Row(number, row, faults).line()
    except (csv.Error, UnicodeDecodeError) as error:
        faults.append(Fault(f"row {reader.line_num}", "not-csv", f"The file is not CSV in UTF-8: {error}."))


def _check_header(header: list[str]) -> None:
    faults = [
        Fault("row 1", "column-missing", f"The column {name} is missing.") for name in NEEDED if name not in header
    ]
    known = {*NEEDED, *AMOUNTS, *TEXTS, *OTHERS}
    for name in header:
        if name not in known and not (name.startswith(DEDUCTION) and len(name) > len(DEDUCTION)):
            faults.append(Fault("row 1", "column-unknown", f"There is no column {name!r}."))
        elif header.count(name) > 1:
            faults.append(Fault("row 1", "column-twice", f"The column {name} is there twice."))
    if faults:
        raise Refused(faults)


class _Row:
    def __init__(self, number: int, row: dict[Any, Any], faults: list[Fault]) -> None:
        self._number = number
        self._row = row
        self._faults = faults
        if None in row or None in row.values():
            self._fault("", "row-length", "This row has not as many fields as the header.")

    def _fault(self, column: str, code: str, message: str) -> None:
        where = f"row {self._number}, column {column}" if column else f"row {self._number}"
        self._faults.append(Fault(where, code, message))

    def line(self) -> Line:
        amounts = {name: value for name in AMOUNTS if (value := self._number_of(name)) is not None}
        deductions = {
            name.removeprefix(DEDUCTION): value
            for name in self._row
            if isinstance(name, str) and name.startswith(DEDUCTION) and (value := self._number_of(name)) is not None
        }
        units = self._number_of("units", needed=True) or Decimal(0)
        if units != int(units):
            self._fault("units", "not-whole", "Units are whole.")
        return Line(
            id=self._text("line_id", needed=True),
            sold_on=self._day("sold_on"),
            sku=self._text("sku", needed=True),
            units=int(units),
            currency=self._currency(),
            amounts=amounts,
            tax_rate=self._number_of("tax_rate"),
            deductions=deductions,
            evidence=frozenset(filter(None, self._text("evidence").split("+"))),
            approved=self._flag("approved", default=True),
            free=self._flag("free", default=False),
            **{field: self._text(name) for name, field in TEXTS.items() if name != "sale_type"},
            sale_type=self._text("sale_type") or "standard",
        )

    def _text(self, name: str, *, needed: bool = False) -> str:
        value = str(self._row.get(name) or "").strip()
        if needed and not value:
            self._fault(name, "missing", "This is needed.")
        if len(value) > LONGEST or not value.isprintable():
            self._fault(name, "bad-text", f"This must be up to {LONGEST} printable characters.")
        if value[:1] in {"=", "@"}:
            self._fault(name, "formula", "A formula is not a value.")
        return value

    def _number_of(self, name: str, *, needed: bool = False) -> Decimal | None:
        value = str(self._row.get(name) or "").strip()
        if not value:
            if needed:
                self._fault(name, "missing", "This is needed.")
            return None
        if not NUMBER.fullmatch(value):
            self._fault(name, "not-a-number", f"{value[:40]!r} is not a number such as 1234.50.")
            return None
        return Decimal(value)

    def _day(self, name: str) -> date:
        value = self._text(name, needed=True)
        if DATE.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        if value:
            self._fault(name, "bad-date", f"{value[:40]!r} is not a date such as 2026-12-31.")
        return date.min

    def _currency(self) -> str:
        value = self._text("currency", needed=True)
        if value and not (len(value) == 3 and value.isascii() and value.isupper()):
            self._fault("currency", "bad-currency", f"{value[:40]!r} is not a currency such as GBP.")
        return value

    def _flag(self, name: str, *, default: bool) -> bool:
        value = self._text(name).lower()
        if value and value not in FLAGS:
            self._fault(name, "not-a-flag", "This is yes or no.")
        return FLAGS.get(value, default)
