"""Count sheets as files: what is written is read back, and every trouble is named with its row."""

import io
import zipfile
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from inventory.stock import sheets
from inventory.stock.errors import SheetError
from inventory.stock.sheets import BookRow, CountedRow, escaped, one_line, read, unescaped, write_csv, write_xlsx

HEADER = "sku,description,warehouse,expected,counted,note"
WRITERS = pytest.mark.parametrize("write", [write_csv, write_xlsx])

skus = st.from_regex(r"[A-Z0-9][A-Z0-9-]{0,39}", fullmatch=True)
words = st.one_of(
    st.text(max_size=40),
    st.text("=+-@\t\r\n'\"＝;,_x000D 1A", max_size=12),
    st.sampled_from(
        ['=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''=1", "ok'", "a_x000D_b", "_x0041_"]
    ),
)
rows = st.lists(
    st.builds(
        BookRow,
        sku=skus,
        description=words,
        warehouse=words.map(lambda text: one_line(text) or "LON"),
        expected=st.integers(0, sheets.MAX_EXPECTED),
        counted=st.none() | st.integers(0, sheets.MAX_UNITS),
        note=words,
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda row: row.sku,
)


def as_read(written: list[BookRow]) -> list[CountedRow]:
    """What must come back of the rows written: those counted, their texts on one line."""
    return [
        CountedRow(
            number, row.sku, one_line(row.description), row.warehouse, row.expected, row.counted, one_line(row.note)
        )
        for number, row in enumerate(written, start=2)
        if row.counted is not None
    ]


def csv_of(*lines: str, header: str = HEADER) -> bytes:
    return "\r\n".join([header, *lines]).encode()


def xlsx_of(*lines: list, header: str = HEADER) -> bytes:
    book = Workbook()
    book.active.append(header.split(","))
    for line in lines:
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def troubles(data: bytes) -> list[tuple[int, str]]:
    with pytest.raises(SheetError) as refused:
        read(data)
    return refused.value.troubles


# --- There and back -------------------------------------------------------------------------------------------------


@WRITERS
@settings(max_examples=120, deadline=None)
@example(written=[BookRow("A", "a_x000D_b", "L", 1, 1, "_x0041_")])
@given(written=rows)
def test_what_is_written_is_read_back(write, written):
    found = read(write(written))
    assert list(found.rows) == as_read(written)
    assert found.uncounted == sum(row.counted is None for row in written)


@given(text=st.text() | words)
def test_an_escaped_text_is_no_formula_and_comes_back_whole(text):
    assert not escaped(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_a_csv_holds_no_formula(start):
    text = write_csv([BookRow("MUG", f"{start}cmd|' /C calc'!A0", "LON", 3, note=f"{start}1+1")]).decode("utf-8-sig")
    line = text.splitlines()[1]
    if start.strip():
        assert line == f"MUG,'{start}cmd|' /C calc'!A0,LON,3,,'{start}1+1"
    else:  # white space at the start is not written at all
        assert line == "MUG,cmd|' /C calc'!A0,LON,3,,1+1"


def test_an_xlsx_holds_text_where_a_formula_was_meant():
    page = load_workbook(io.BytesIO(write_xlsx([BookRow("MUG", "=1+1", "LON", 3, 4, "@SUM(A1)")]))).active
    assert [(cell.data_type, cell.value) for cell in page[2]] == [
        ("s", "MUG"), ("s", "=1+1"), ("s", "LON"), ("n", 3), ("n", 4), ("s", "@SUM(A1)"),
    ]  # fmt: skip
    assert [cell.number_format for cell in page[2]] == ["@", "@", "@", "General", "General", "@"]


# --- What is understood ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_csv_of_any_office(delimiter, mark):
    text = f"{HEADER}\nmug-1,Café,lon,3,2,ok\n,,,,,\n\nMUG-2,x,LON,1,,".replace(",", delimiter)
    found = read(mark + text.encode())
    assert found.rows == (CountedRow(2, "MUG-1", "Café", "lon", 3, 2, "ok"),)
    assert found.uncounted == 1


def test_columns_in_any_order_and_only_those_that_are_needed():
    assert read(b' Counted ;EXPECTED;"SKU";warehouse\n2;3;MUG;LON').rows == (
        CountedRow(2, "MUG", "", "LON", 3, 2),
    )  # fmt: skip


def test_what_a_spreadsheet_makes_of_numbers():
    found = read(xlsx_of([4711, "x", "LON", 3.0, "2 ", None], ["B", None, "LON", "１２", 0, None])).rows
    assert found == (CountedRow(2, "4711", "x", "LON", 3, 2), CountedRow(3, "B", "", "LON", 12, 0))


def test_empty_rows_between_keep_the_numbers_of_the_others():
    assert [row.row for row in read(xlsx_of(["A", "", "L", 1, 1], [], [None, " "], ["B", "", "L", 1, 1])).rows] == [
        2,
        5,
    ]


# --- What is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("sku,warehouse,expected", ["The column “counted” is missing."]),
        ("article,place", ["“article” is unknown", "“place” is unknown", "“sku” is missing", "“warehouse” is missing",
                           "“expected” is missing", "“counted” is missing"]),
        ("sku,warehouse,expected,counted,Counted", ["The column “counted” is there twice."]),
        ("sku,warehouse,expected,counted,colour", ["“colour” is unknown; the columns are sku, description"]),
        (",,,", ["it is empty"]),
    ],
)  # fmt: skip
def test_wrong_columns_are_named(header, said):
    for data in (csv_of("A,LON,1,1", header=header), xlsx_of(["A", "LON", 1, 1], header=header)):
        found = troubles(data)
        assert [row for row, _text in found] == [1] * len(said)
        assert all(part in text for part, (_row, text) in zip(said, found, strict=True))


def test_every_trouble_of_every_row_is_named_at_once():
    found = troubles(
        csv_of(
            "A,,LON,1,1.5,",
            "B,,LON,1,-2,",
            "C,,LON,1,1000001,",
            "D,,LON,,1,",
            ",,,x,y,",
            "not a sku,,LON,1,1,",
            "G,,LON,1,1,",
            "g,,LON,1,2,",
            "H,,LON,1,1.000,",
            "I,,LON,1," + "9" * 5000 + ",",
            "J,,LON,1,1,,shifted",
            "K,,LON,1,,",
        )
    )
    assert found == [
        (2, "counted is “1.5”, which is not a whole number."),
        (3, "counted is -2: it cannot be negative."),
        (4, "counted is “1000001”: too large, 1,000,000 at most."),
        (5, "expected is missing: download a new sheet, do not make one up."),
        (6, "The SKU is missing."),
        (6, "The warehouse is missing."),
        (6, "expected is “x”, which is not a whole number."),
        (6, "counted is “y”, which is not a whole number."),
        (7, "“NOT A SKU” is not a SKU: capital letters, digits and hyphens, 40 at most."),
        (9, "G stands in row 8 already."),
        (10, "counted is “1.000”, which is not a whole number."),
        (11, f"counted is “{'9' * 40}”: too large, 1,000,000 at most."),
        (12, "Something stands in column G, which has no name. Are the cells shifted?"),
    ]


@pytest.mark.parametrize("cell", [True, 1.5, date(2026, 3, 1), "=1+", "#REF!", 1e300, "1,5"])
def test_cells_that_are_no_numbers(cell):
    ((row, text),) = troubles(xlsx_of(["A", "", "LON", 1, cell if cell != "=1+" else "1+", None]))
    assert row == 2
    assert "counted is" in text


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"PK\x03\x04 broken",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,  # XLS, or a locked XLSX
        "sku;warehouse;expected;counted\nÉ;LON;1;1".encode("latin-1"),
        "sku,warehouse,expected,counted\nA,LON,1,1".encode("utf-16"),
        b"sku,warehouse,expected,counted\nA\0,LON,1,1",
    ],
)
def test_what_is_no_spreadsheet(data):
    assert troubles(data) == [(0, sheets.NOT_A_SPREADSHEET)]


def test_a_zip_that_is_no_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("hello.txt", "sku")
    assert troubles(out.getvalue()) == [(0, sheets.NOT_A_SPREADSHEET)]


def test_empty_files():
    assert troubles(b"") == troubles(b" \r\n") == [(0, "The file is empty.")]
    nothing = [(0, "The sheet has no rows below its header.")]
    assert troubles(csv_of()) == troubles(xlsx_of()) == troubles(csv_of(",,,,,", "")) == nothing


def test_a_quotation_mark_left_open_does_not_swallow_the_rest():
    ((row, text),) = troubles(csv_of("A,,LON,1,1,", 'B,"open,LON,1,1,', "C,,LON,1,1,"))
    assert row == 3
    assert "quotation mark" in text


def test_too_much(monkeypatch):
    assert troubles(b"x" * (sheets.MAX_BYTES + 1)) == [(0, "The file is larger than 5 MB.")]
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)
    three, four = [csv_of(*(f"A{n},,LON,1,1," for n in range(many))) for many in (3, 4)]
    assert len(read(three).rows) == 3
    assert troubles(four) == [(0, "The sheet has more than 3 rows. Count in several sheets.")]


def test_a_small_file_that_unpacks_to_much_is_not_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (sheets.MAX_UNPACKED + 1))
    assert len(out.getvalue()) < sheets.MAX_BYTES
    assert troubles(out.getvalue()) == [(0, "The file unpacks to more than 100 MB.")]


def test_a_row_far_behind_the_end_is_not_waited_for():
    data = io.BytesIO(xlsx_of(["A", "", "LON", 1, 1, None]))
    out = io.BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, text.replace(b'<row r="2"', b'<row r="99999999999"') if "sheet1" in name else text)
    assert troubles(out.getvalue()) == [(0, "The sheet has no rows below its header.")]


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=400) | st.binary(max_size=80).map(lambda tail: HEADER.encode() + b"\n" + tail))
def test_whatever_is_sent_is_read_or_refused(data):
    with suppress(SheetError):
        assert read(data).rows or read(data).uncounted
