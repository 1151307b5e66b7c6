"""Count sheets as files: CSV and XLSX, written for people to fill in and read back with every trouble named.

A row number is the one that a spreadsheet shows beside the row; the header is row 1. Nothing here knows the database.
"""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from inventory.stock.errors import BadQuantity, SheetError
from inventory.stock.quantities import MAX_UNITS

COLUMNS = ("sku", "description", "warehouse", "expected", "counted", "note")
REQUIRED = ("sku", "warehouse", "expected", "counted")
MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 60_000
MAX_UNPACKED = 100 * 1024 * 1024  # bytes: an XLSX is a ZIP, and a small one may unpack to anything
MAX_COLUMNS = 64  # read of each row; what stands further right is nobody's count
SHEET_END = 1_048_576  # the last row a spreadsheet has
MAX_EXPECTED = 2_147_483_647  # the books may hold more of an item than one line may move
MAX_DIGITS = 12  # and its sign
DELIMITERS = (",", ";", "\t")
WIDTHS = (22, 48, 12, 12, 12, 36)  # characters
SKU = re.compile(r"[A-Z0-9][A-Z0-9-]{0,39}")
WHOLE = re.compile(r"[+-]?\d+")
# What spreadsheets take for a formula at the start of a cell, the full-width forms of East Asian keyboards included.
FORMULA = re.compile("'*[=+\\-@\t\r＝＋－＠]")
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # XLSX is XML, which knows none of these
NOT_A_SPREADSHEET = "This is no spreadsheet that can be read. Save it as XLSX, or as CSV in UTF-8, and upload that."


@dataclass(frozen=True)
class BookRow:
    """A row to write: what the books say (units), and what was counted, if it was."""

    sku: str
    description: str
    warehouse: str
    expected: int
    counted: int | None = None
    note: str = ""


@dataclass(frozen=True)
class CountedRow:
    """A row that was counted (units), with its number in the sheet. ``warehouse`` is a code."""

    row: int
    sku: str
    description: str
    warehouse: str
    expected: int
    counted: int
    note: str = ""

    @property
    def difference(self) -> int:
        """Units counted less units expected."""
        return self.counted - self.expected


@dataclass(frozen=True)
class Sheet:
    """What was read: the rows that are counted, and how many are not counted yet."""

    rows: tuple[CountedRow, ...]
    uncounted: int


# --- Writing --------------------------------------------------------------------------------------------------------


def one_line(text: str) -> str:
    """Return a text as a cell holds it: on one line, single spaces, without what cannot be printed."""
    return " ".join(UNPRINTABLE.sub("", " ".join(text.split())).split())


def escaped(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula when it opens a CSV; :func:`unescaped` undoes it."""
    return f"'{text}" if FORMULA.match(text) else text


def unescaped(text: str) -> str:
    """Return a cell of a CSV without the mark that made it text."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text


def _cells(row: BookRow) -> list[str | int | None]:
    return [
        one_line(row.sku),
        one_line(row.description),
        one_line(row.warehouse),
        row.expected,
        row.counted,
        one_line(row.note),
    ]


def write_csv(rows: Iterable[BookRow]) -> bytes:
    """Return the rows as CSV: commas, UTF-8 with the mark by which spreadsheets know it, formulas made text."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([escaped(cell) if isinstance(cell, str) else cell for cell in _cells(row)])
    return codecs.BOM_UTF8 + text.getvalue().encode()


def write_xlsx(rows: Iterable[BookRow]) -> bytes:
    """Return the rows as XLSX, every text in a text cell, so that nothing is a formula and no SKU becomes a date."""
    book = Workbook(write_only=True)
    page = book.create_sheet("Count")
    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    for number, width in enumerate(WIDTHS, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.append([_heading(page, name) for name in COLUMNS])
    for row in rows:
        page.append([_text(page, cell) if isinstance(cell, str) else cell for cell in _cells(row)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _heading(page: Any, name: str) -> Any:
    cell = WriteOnlyCell(page, value=name)
    cell.font = Font(bold=True)
    if name == "counted":
        cell.fill = PatternFill("solid", fgColor="FFF2CC")  # the one column to fill in
    return cell


def _text(page: Any, text: str) -> Any:
    if not text:
        return None
    cell = WriteOnlyCell(page, value=text)
    cell.data_type, cell.number_format = "s", "@"  # text, and it stays text when somebody edits it
    return cell


# --- Reading --------------------------------------------------------------------------------------------------------


def read(data: bytes) -> Sheet:
    """Read a filled-in sheet, CSV or XLSX by what the file is. Rows with nothing in ``counted`` are left out.

    :raises SheetError: naming every trouble with its row; row 0 speaks of the file as a whole.
    """
    if len(data) > MAX_BYTES:
        raise SheetError([(0, f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.")])
    if not data.strip():
        raise SheetError([(0, "The file is empty.")])
    records = _xlsx_records(data) if data.startswith(b"PK\x03\x04") else _csv_records(data)
    return _read_records(records)


def _csv_records(data: bytes) -> Iterator[Sequence[Any]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SheetError([(0, NOT_A_SPREADSHEET)]) from None
    if "\0" in text:
        raise SheetError([(0, NOT_A_SPREADSHEET)])
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for number, line in enumerate(lines, start=1):  # noqa: B007 (the number of the last good row)
            yield [unescaped(cell) for cell in line]
    except csv.Error as error:
        raise SheetError([(number + 1, f"This row cannot be read ({error}). Is a quotation mark left open?")]) from None


def _delimiter(text: str) -> str:
    """Return what separates the columns: what tells most of the known names apart in the header."""
    head = next((line for line in text.splitlines() if line.strip()), "")

    def known(delimiter: str) -> int:
        names = {name.strip(" \"'").casefold() for name in head.split(delimiter)}
        return len(names & set(COLUMNS))

    return max(DELIMITERS, key=known)


def _xlsx_records(data: bytes) -> Iterator[Sequence[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked <= MAX_UNPACKED:
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            page = book.worksheets[0]
            page.reset_dimensions()  # what the file says of its own size may be wrong
            # Bounded: a file may name a row far behind the last one that there can be.
            yield from islice(page.iter_rows(max_col=MAX_COLUMNS, values_only=True), SHEET_END)
            return
    except Exception as error:
        raise SheetError([(0, NOT_A_SPREADSHEET)]) from error
    raise SheetError([(0, f"The file unpacks to more than {MAX_UNPACKED // 1024 // 1024} MB.")])


def _read_records(records: Iterator[Sequence[Any]]) -> Sheet:
    header = next(records, ())
    if all(_blank(cell) for cell in header):
        raise SheetError([(1, "The first row must name the columns; it is empty.")])
    places = _places(header)
    rows: list[CountedRow] = []
    troubles: list[tuple[int, str]] = []
    first: dict[str, int] = {}
    filled = uncounted = 0
    for number, record in enumerate(records, start=2):
        if all(_blank(cell) for cell in record):
            continue
        filled += 1
        if filled > MAX_ROWS:
            troubles.append((0, f"The sheet has more than {MAX_ROWS:,} rows. Count in several sheets."))
            break
        strays = [get_column_letter(at + 1) for at in _strays(record, places)]
        if strays:
            said = f"Something stands in column {', '.join(strays)}, which has no name. Are the cells shifted?"
            troubles.append((number, said))
        cells = {name: record[at] if at < len(record) else None for name, at in places.items()}
        if _blank(cells["counted"]):
            uncounted += 1
            continue
        row, wrong = _row(number, cells)
        if row and row.sku in first:
            wrong.append(f"{row.sku} stands in row {first[row.sku]} already.")
        troubles += [(number, text) for text in wrong]
        if row:
            first.setdefault(row.sku, number)
            rows.append(row)
    if not filled:
        troubles.append((0, "The sheet has no rows below its header."))
    if troubles:
        raise SheetError(sorted(troubles, key=lambda trouble: trouble[0]))
    return Sheet(tuple(rows), uncounted)


def _places(header: Sequence[Any]) -> dict[str, int]:
    """Return column name → its place, or name all that is wrong with the header."""
    places: dict[str, int] = {}
    wrong = []
    for at, cell in enumerate(header):
        name = _words(cell).casefold()
        if not name:
            continue
        if name in places:
            wrong.append(f"The column “{name}” is there twice.")
        elif name not in COLUMNS:
            wrong.append(f"The column “{_words(cell)[:40]}” is unknown; the columns are {', '.join(COLUMNS)}.")
        else:
            places[name] = at
    wrong += [f"The column “{name}” is missing." for name in REQUIRED if name not in places]
    if wrong:
        raise SheetError([(1, text) for text in wrong])
    return places


def _strays(record: Sequence[Any], places: dict[str, int]) -> list[int]:
    known = set(places.values())
    return [at for at, cell in enumerate(record) if at not in known and not _blank(cell)]


def _row(number: int, cells: dict[str, Any]) -> tuple[CountedRow | None, list[str]]:
    """Return the row, if it can be read, or all that is wrong with it."""
    wrong: list[str] = []
    sku, warehouse = _words(cells["sku"]).upper(), _words(cells["warehouse"])
    if not sku:
        wrong.append("The SKU is missing.")
    elif not SKU.fullmatch(sku):
        wrong.append(f"“{sku[:60]}” is not a SKU: capital letters, digits and hyphens, 40 at most.")
    if not warehouse:
        wrong.append("The warehouse is missing.")
    units = {}
    for name, most in (("expected", MAX_EXPECTED), ("counted", MAX_UNITS)):
        try:
            units[name] = _whole(cells[name], name, most)
        except BadQuantity as error:
            wrong.append(str(error))
    if wrong:
        return None, wrong
    described, note = (_words(cells.get(name)) for name in ("description", "note"))
    return CountedRow(number, sku, described, warehouse, units["expected"], units["counted"], note), []


def _whole(cell: Any, name: str, most: int) -> int:
    """Return a cell's units. Only what is surely a whole number: 1.000 may be one or a thousand."""
    if _blank(cell):
        raise BadQuantity(f"{name} is missing: download a new sheet, do not make one up.")
    shown = str(cell).strip()[:40]
    value: int | None = None
    if isinstance(cell, float) and cell.is_integer():
        value = int(cell)
    elif isinstance(cell, int) and not isinstance(cell, bool):
        value = cell
    elif isinstance(cell, str) and WHOLE.fullmatch(cell.strip()):
        if len(cell.strip()) > MAX_DIGITS:
            raise BadQuantity(f"{name} is “{shown}”: too large, {most:,} at most.")
        value = int(cell)
    if value is None:
        raise BadQuantity(f"{name} is “{shown}”, which is not a whole number.")
    if value < 0:
        raise BadQuantity(f"{name} is {shown}: it cannot be negative.")
    if value > most:
        raise BadQuantity(f"{name} is “{shown}”: too large, {most:,} at most.")
    return value


def _words(cell: Any) -> str:
    """Return a cell as text; a SKU of digits alone comes out of a spreadsheet as a number."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return one_line(str(cell))


def _blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
