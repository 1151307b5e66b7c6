"""Tables as CSV and XLSX files: written so that no spreadsheet runs a cell as a formula, and read within limits.

Row numbers are those that a spreadsheet shows; the header is row 1. Nothing here knows the database.
"""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from inventory.stock.sheets import escaped, unescaped

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 5_000
MAX_UNPACKED = 100 * 1024 * 1024  # bytes: an XLSX is a ZIP, and a small one may unpack to anything
MAX_COLUMNS = 64
MAX_CELL = 32_767  # characters that a cell of XLSX holds
NOT_A_SPREADSHEET = "This is no spreadsheet that can be read. Save it as XLSX, or as CSV in UTF-8, and upload that."


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a sheet: row 0 speaks of the file as a whole; an empty column of the row as a whole."""

    row: int
    column: str
    text: str


class SheetRefused(ValueError):
    """The sheet cannot be read; ``troubles`` say why."""

    def __init__(self, troubles: Sequence[Trouble]) -> None:
        super().__init__("; ".join(one.text for one in troubles))
        self.troubles = list(troubles)


class TooLongForXlsx(ValueError):
    """A text does not fit into a cell of XLSX; CSV has no such limit."""


@dataclass(frozen=True)
class Table:
    """Column names and rows of texts; ``numbers`` are the rows' numbers in their file."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()


def write_csv(table: Table) -> bytes:
    """Return CSV: commas, UTF-8 with the mark by which spreadsheets know it, formulas made text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(table.columns)
    writer.writerows([escaped(cell) for cell in row] for row in table.rows)
    return codecs.BOM_UTF8 + out.getvalue().encode()


def write_xlsx(table: Table) -> bytes:
    """Return XLSX with nothing but text cells.

    :raises TooLongForXlsx: a text is longer than a cell may be.
    """
    book = Workbook(write_only=True)
    page = book.create_sheet("Catalogue")
    page.freeze_panes = "A2"
    head = [WriteOnlyCell(page, value=name) for name in table.columns]
    for cell in head:
        cell.font = Font(bold=True)
    page.append(head)
    for row in table.rows:
        page.append([_text(page, text) for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text(page: Any, text: str) -> Any:
    if not text:
        return None
    if len(text) > MAX_CELL:
        raise TooLongForXlsx(f"A text has more than {MAX_CELL:,} characters; take the sheet away as CSV.")
    cell = WriteOnlyCell(page, value=ILLEGAL_CHARACTERS_RE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    cell.data_type, cell.number_format = "s", "@"  # text, and it stays text when somebody edits it
    return cell


def read(data: bytes) -> Table:
    """Read CSV or XLSX, by what the file is; rows without anything in them are left out.

    :raises SheetRefused: too large, no spreadsheet, or without a header.
    """
    if len(data) > MAX_BYTES:
        raise _refused(0, f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.")
    if not data.strip():
        raise _refused(0, "The file is empty.")
    records = _xlsx(data) if data.startswith(b"PK\x03\x04") else _csv(data)
    header = [cell.strip() for cell in next(records, [])]
    while header and not header[-1]:
        header.pop()
    if not header or not all(header):
        raise _refused(1, "The first row must name every column.")
    if len(set(header)) < len(header):
        raise _refused(1, "Two columns have the same name.")
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    for number, record in enumerate(records, start=2):
        if not any(cell.strip() for cell in record):
            continue
        if any(cell.strip() for cell in record[len(header) :]):
            raise _refused(number, "Something stands to the right of the last named column. Are the cells shifted?")
        if len(rows) == MAX_ROWS:
            raise _refused(0, f"The sheet has more than {MAX_ROWS:,} rows. Bring it in parts.")
        rows.append(tuple([*record, *[""] * len(header)][: len(header)]))
        numbers.append(number)
    if not rows:
        raise _refused(0, "The sheet has no rows below its header.")
    return Table(tuple(header), tuple(rows), tuple(numbers))


def _refused(row: int, text: str) -> SheetRefused:
    return SheetRefused([Trouble(row, "", text)])


def _csv(data: bytes) -> Iterator[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(0, NOT_A_SPREADSHEET) from None
    if "\0" in text:
        raise _refused(0, NOT_A_SPREADSHEET)
    head = text.split("\n", 1)[0]
    delimiter = max((",", ";", "\t"), key=head.count)
    number = 0
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, line in enumerate(lines, start=1):  # noqa: B007 (the number of the last good row)
            yield [unescaped(cell) for cell in line]
    except csv.Error as error:
        raise _refused(number + 1, f"This row cannot be read ({error}). Is a quotation mark left open?") from None


def _xlsx(data: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > MAX_UNPACKED:
            raise _refused(0, f"The file unpacks to more than {MAX_UNPACKED // 1024 // 1024} MB.")  # noqa: TRY301
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        page = book.worksheets[0]
        page.reset_dimensions()  # what the file says of its own size may be wrong
        for record in islice(page.iter_rows(max_col=MAX_COLUMNS, values_only=True), MAX_ROWS * 20):
            yield [_words(cell) for cell in record]
    except SheetRefused:
        raise
    except GeneratorExit:
        raise
    except Exception as error:
        raise _refused(0, NOT_A_SPREADSHEET) from error


def _words(cell: Any) -> str:
    """Return a cell as text; what looked like a number or a day to the spreadsheet comes out of it as one."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)
