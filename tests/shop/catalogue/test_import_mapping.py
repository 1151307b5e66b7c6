"""The three file formats, row by row: no database."""

import pytest

from shop.catalogue.importing import cleveland, met, tate
from shop.catalogue.importing.checking import Mapper
from shop.catalogue.importing.record import KEPT_FIELDS, ObjectRecord
from shop.catalogue.importing.years import span, year


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1785", 1785), (" -550 ", -550), ("−550", -550), ("1900.0", 1900), ("-400000", -400000), ("0", 0)]
    + [(text, None) for text in ("", "no date", "c.1997-9", "12345678", "1e3", "١٩٩٩x", "1.5")],
)
def test_year(text, expected):
    assert year(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1866", (1866, 1866)),
        ("?c.1785", (1785, 1785)),
        ("c.1805–10", (1805, 1810)),
        ("circa 1797-8", (1797, 1798)),
        ("1799–1805", (1799, 1805)),
        ("1810–5", (1810, 1815)),
        ("1819–2", (1819, 1819)),
        ("1966, printed 1970", (1966, 1966)),
        ("1930s", None),
        ("published 1866", None),
        ("date not known", None),
        ("", None),
    ],
)
def test_span(text, expected):
    assert span(text) == expected


def tate_row(**fields: str) -> dict[str, str]:
    return dict.fromkeys(tate.FORMAT.required, "") | fields


def test_tate_row():
    record = tate.to_record(
        tate_row(
            accession_number=" T90001 ",
            title="Lamp on a Sill",
            artist="Ada Nobody",
            date="c.1805–10",
            year="1805",
            classification="on paper, unique",
            medium="Ink on paper",
            dimensions="support: 10 x 20 mm",
            credit_line="Invented 2024",
            subjects="lamp; window; lamp; man, old; ",
        )
    )
    assert record == ObjectRecord(
        accession_number="T90001",
        title="Lamp on a Sill",
        maker="Ada Nobody",
        date_text="c.1805–10",
        year_from=1805,
        year_to=1810,
        technique="Ink on paper",
        dimensions="support: 10 x 20 mm",
        classification="on paper, unique",
        credit_line="Invented 2024",
        subjects=("lamp", "window", "man, old"),
    )


@pytest.mark.parametrize(
    ("date", "said", "expected"),
    [
        ("date not known", "", (None, None)),
        ("no date", "no date", (None, None)),
        ("c.1997-9", "c.1997-9", (1997, 1999)),
        ("exhibited 1801", "1801", (1801, 1801)),
        ("?1824–7, ?c.1800–10", "1800", (1800, 1800)),
    ],
)
def test_tate_years(date, said, expected):
    record = tate.to_record(tate_row(date=date, year=said))
    assert (record.year_from, record.year_to) == expected


def test_met_row():
    columns = dict.fromkeys((*met.FORMAT.required, *met.FORMAT.optional), "")
    row = columns | {
        "Object Number": "99.1.2a, b",
        "Object Name": "Jar",
        "Artist Display Name": "Ann Potter|Bob Potter|Ann Potter",
        "Object Date": "ca. 550–525 B.C.",
        "Object Begin Date": "-550",
        "Object End Date": "-525",
        "Dimensions": "H. 10 cm\r\nW. 5 cm",
        "Tags": "Jars|Horses",
        "Is Public Domain": "True",
    }
    record = met.to_record(row)
    assert (record.title, record.maker) == ("Jar", "Ann Potter; Bob Potter")
    assert (record.year_from, record.year_to, record.subjects) == (-550, -525, ("Jars", "Horses"))
    assert record.dimensions == "H. 10 cm\nW. 5 cm"
    assert record.open_access is True


@pytest.mark.parametrize(
    ("status", "expected"), [("CC0", True), ("Copyrighted", False), ("Other", False), ("", None), ("new word", None)]
)
def test_cleveland_licence_words(status, expected):
    columns = dict.fromkeys((*cleveland.FORMAT.required, *cleveland.FORMAT.optional), "")
    assert cleveland.to_record(columns | {"share_license_status": status}).open_access is expected


def test_digest_sees_every_kept_field_and_no_other():
    base = {"accession_number": "1", "title": "T"}
    plain = ObjectRecord(**base).digest()
    other = {"year_from": 1, "year_to": 1, "subjects": ("s",)}
    digests = {ObjectRecord(**(base | {name: other.get(name, "x")})).digest() for name in KEPT_FIELDS}
    assert len(digests | {plain}) == len(KEPT_FIELDS) + 1
    assert ObjectRecord(**base, open_access=True).digest() == plain


def test_values_moved_between_fields_change_the_digest():
    one = ObjectRecord(accession_number="1", title="T", maker="a", date_text="")
    assert one.digest() != ObjectRecord(accession_number="1", title="T", maker="", date_text="a").digest()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"accession_number": "  "}, "no accession number"),
        ({"title": ""}, "no title"),
        ({"accession_number": "x" * 6}, "accession_number has 6 characters, 5 is the most"),
        ({"subjects": "fine; " + "x" * 9}, "subjects has 9 characters, 8 is the most"),
        ({"medium": "a\0b"}, "a NUL character in medium"),
    ],
)
def test_rows_that_cannot_be_kept(fields, reason):
    mapper = Mapper(tate.FORMAT, tate.FORMAT.required, limits={"accession_number": 5, "subjects": 8})
    row = tate_row(accession_number="T1", title="T") | fields
    with pytest.raises(ValueError) as refused:
        mapper.record(list(row.values()))
    assert str(refused.value) == reason
