"""``import_collection`` on small files: three formats, what is refused, what is rejected, what a second run does."""

import csv
import gzip
import io
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from shop.models import Museum, MuseumObject, MuseumText
from tests.shop.catalogue.collection_files import (
    CLEVELAND,
    MET,
    TATE,
    counts,
    csv_text,
    run,
    tate_object,
    write_tate,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def refusal(path, *options: str) -> tuple[int, str]:
    with pytest.raises(CommandError) as refused:
        run(path, *options)
    return refused.value.returncode, str(refused.value)


def rejects(path) -> list[tuple[str, str, str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


def test_tate(tmp_path):
    assert run(write_tate(tmp_path / "t.csv", map(tate_object, range(3)))) == counts(created=3)
    museum = Museum.objects.get()
    assert (museum.slug, museum.city, museum.country) == ("tate", "London", "GB")
    assert MuseumText.objects.get(museum=museum, language="en").name == "Tate"
    made = MuseumObject.objects.get(accession_number="X00002")
    assert (made.title, made.maker, made.slug, made.subjects) == ("Study no. 2", "Ada Nobody", "", ["lamp", "window"])
    assert (made.year_from, made.year_to, len(bytes(made.source_digest))) == (1901, 1903, 32)
    assert made.imported_at is not None
    assert not list(tmp_path.glob("*.rejected.csv"))


def test_met(tmp_path):
    row = {"Object Number": "99.1", "Object ID": "1", "Is Public Domain": "False", "Title": "Jar", "Culture": "Nowhere"}
    row |= {"Artist Display Name": "A|B", "Object Begin Date": "-550", "Object End Date": "-525", "Tags": "Jars|Urns"}
    path = tmp_path / "MetObjects.csv"
    path.write_text(csv_text(MET, [row]), encoding="utf-8-sig")
    assert run(path, "--format", "met") == counts(created=1)
    made = MuseumObject.objects.get(museum__slug="the-met", accession_number="99.1")
    assert (made.maker, made.culture, made.year_from, made.year_to) == ("A; B", "Nowhere", -550, -525)
    assert made.subjects == ["Jars", "Urns"]


def test_cleveland_without_optional_columns(tmp_path):
    columns = [name for name in CLEVELAND if not name.startswith("creation_date_") and name != "type"]
    row = {"accession_number": "1999.1", "share_license_status": "CC0", "title": "Bowl", "creators": "Nobody, potter"}
    path = tmp_path / "data.csv"
    path.write_text(csv_text(columns, [row | {"measurements": "Overall: 1 cm"}]))
    assert run(path, "--format", "cleveland", "--museum", "house-of_bowls") == counts(created=1)
    made = MuseumObject.objects.get(museum__slug="house-of_bowls")
    assert (made.maker, made.dimensions, made.year_from) == ("Nobody, potter", "Overall: 1 cm", None)
    assert made.museum.texts.get().name == "House Of Bowls"


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz", "gzip-by-its-bytes.csv"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_containers(tmp_path, name, encoding):
    path = write_tate(tmp_path / name, [tate_object(1, title="Été à Ōsaka")], encoding=encoding)
    if name.startswith("gzip"):
        path.write_bytes(gzip.compress(path.read_bytes()))
    assert run(path) == counts(created=1)
    assert MuseumObject.objects.get().title == "Été à Ōsaka"


def test_unchanged_then_updated(tmp_path):
    path = write_tate(tmp_path / "t.csv", map(tate_object, range(5)))
    assert run(path, "--batch", "2") == counts(created=5)
    before = dict(MuseumObject.objects.values_list("accession_number", "imported_at"))
    MuseumObject.objects.filter(accession_number="X00003").update(slug="kept", ornament="star")
    assert run(path, "--batch", "3") == counts(unchanged=5)
    assert dict(MuseumObject.objects.values_list("accession_number", "imported_at")) == before
    write_tate(path, [tate_object(number, **({"medium": "Ink"} if number == 3 else {})) for number in range(6)])
    assert run(path) == counts(created=1, updated=1, unchanged=4)
    changed = MuseumObject.objects.get(accession_number="X00003")
    assert (changed.technique, changed.slug, changed.ornament) == ("Ink", "kept", "star")
    assert changed.imported_at > before["X00003"]
    assert run(path) == counts(unchanged=6)


def test_row_without_digest_is_brought_up_to_date(tmp_path):
    museum = Museum.objects.create(slug="tate")
    MuseumObject.objects.create(museum=museum, accession_number="X00001", title="By hand")
    assert run(write_tate(tmp_path / "t.csv", [tate_object(1)])) == counts(updated=1)
    assert MuseumObject.objects.get().title == "Study no. 1"
    assert not museum.texts.exists()


def test_other_museums_and_objects_not_named_stay(tmp_path):
    run(write_tate(tmp_path / "t.csv", map(tate_object, range(2))), "--museum", "first")
    path = write_tate(tmp_path / "t.csv", [tate_object(1, title="Other")])
    assert run(path, "--museum", "second") == counts(created=1)
    assert MuseumObject.objects.filter(museum__slug="first", title__startswith="Study").count() == 2


def test_rejected_rows_are_named_and_the_rest_imported(tmp_path):
    good = [tate_object(number) for number in range(1, 4)]
    bad = [
        tate_object(90, accession_number=" "),
        tate_object(1, title="Second of its number"),
        tate_object(91, accession_number="=" + "9" * 80),
        tate_object(92, classification="c" * 201),
        tate_object(93, artist="a\0b"),
        tate_object(94, title=""),
        tate_object(95, title="two\nlines"),
    ]
    text = csv_text(TATE, [good[0], *bad, good[1]])
    text += 'X00096,"never closed\r\n' + "X00097,too,few\r\n" + csv_text(TATE, [good[2]]).split("\n", 1)[1]
    path = tmp_path / "t.csv"
    path.write_text(text, newline="")
    assert run(path, "--batch", "4") == counts(created=4, rejected=8)
    assert rejects(tmp_path / "t.csv.rejected.csv") == [
        ("3", "3", "", "no accession number"),
        ("4", "4", "X00001", "the accession number is already in row 2"),
        ("5", "5", "'=" + "9" * 80, "accession_number has 81 characters, 80 is the most"),
        ("6", "6", "X00092", "classification has 201 characters, 200 is the most"),
        ("7", "7", "X00093", "a NUL character in artist"),
        ("8", "8", "X00094", "no title"),
        ("11", "12", "", "broken CSV: a quotation mark is not closed, or stands inside a quoted field"),
        ("12", "13", "X00097", "3 fields where the header has 10"),
    ]
    kept = MuseumObject.objects.order_by("accession_number").values_list("accession_number", "title")
    assert list(kept) == [
        ("X00001", "Study no. 1"),
        ("X00002", "Study no. 2"),
        ("X00003", "Study no. 3"),
        ("X00095", "two\nlines"),
    ]


def test_repeated_number_across_chunks(tmp_path):
    rows = [tate_object(number % 3) for number in range(7)]
    assert run(write_tate(tmp_path / "t.csv", rows), "--batch", "2", "--rejects", "out.csv") == counts(
        created=3, rejected=4
    )
    assert [row[3][-5:] for row in rejects(tmp_path / "out.csv")] == ["row 2", "row 3", "row 4", "row 2"]


def test_strict_exits_with_1_after_importing(tmp_path):
    path = write_tate(tmp_path / "t.csv", [tate_object(1), tate_object(1)])
    assert refusal(path, "--strict") == (1, "1 rows were rejected.")
    assert MuseumObject.objects.count() == 1


def test_tenths_are_written_where_no_terminal_is(tmp_path):
    path = write_tate(tmp_path / "t.csv", map(tate_object, range(20_000)))
    err = io.StringIO()
    call_command("import_collection", str(path), "--format", "tate", "--batch", "500", stdout=io.StringIO(), stderr=err)
    lines = err.getvalue().splitlines()
    assert [line.split(" %")[0] for line in lines] == [str(tenth) for tenth in range(10, 101, 10)]
    assert lines[-1] == "100 %: 20,000 rows"


def test_refused_at_the_header(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("accession_number,artist,name\n1,2,3\n")
    code, message = refusal(path)
    assert (code, message.splitlines()) == (2, [message])
    assert "columns missing: title, date, year" in message
    write_tate(path, [tate_object(1)])
    assert refusal(path, "--format", "met")[1].endswith("It fits --format tate.")
    path.write_text(csv_text(TATE, []).replace("title", "title,title"))
    assert refusal(path) == (2, "t.csv has columns of the same name: title.")
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    assert "git lfs pull" in refusal(path)[1]
    path.write_bytes(b"")
    assert refusal(path) == (2, "t.csv is empty.")
    path.write_text('"never closed')
    assert refusal(path)[1].startswith("t.csv has no readable header")
    assert not Museum.objects.exists()


def test_unreadable_files(tmp_path):
    assert refusal(tmp_path / "none.csv") == (2, f"{tmp_path / 'none.csv'} does not exist.")
    assert refusal(tmp_path)[1].endswith("is not a regular file.")
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe")[1].endswith("is not a regular file.")
    plain = write_tate(tmp_path / "t.csv", map(tate_object, range(3_000)))
    named = tmp_path / "t.csv.gz"
    named.write_bytes(plain.read_bytes())
    assert refusal(named) == (2, "t.csv.gz is named .gz but is not a gzip file.")
    whole = gzip.compress(plain.read_bytes())
    for damaged in (whole[:-20], whole[:200] + b"\0\0\0\0" + whole[204:], whole[:-8] + b"\0" * 8):
        named.write_bytes(damaged)
        code, message = refusal(named)
        assert (code, message.startswith("t.csv.gz is a damaged gzip file")) == (2, True)
    latin = write_tate(tmp_path / "t.csv", [*map(tate_object, range(3_000)), tate_object(1, title="Été")])
    latin.write_bytes(latin.read_bytes().replace("Été".encode(), "Été".encode("latin-1")))
    assert refusal(latin, "--batch", "10") == (2, "t.csv is not UTF-8: it has byte 0xc9 near line 3002.")
    assert not Museum.objects.exists()


def test_rejects_must_not_replace_the_file_itself(tmp_path):
    path = write_tate(tmp_path / "t.csv", [tate_object(1)])
    before = path.read_bytes()
    (tmp_path / "link.csv").symlink_to(path)
    assert refusal(path, "--rejects", "link.csv")[0] == 2
    assert refusal(path, "--rejects", "nowhere/out.csv")[0] == 2
    assert path.read_bytes() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_disk_full_while_rejecting(tmp_path):
    path = write_tate(tmp_path / "t.csv", [tate_object(1), tate_object(1)])
    code, message = refusal(path, "--rejects", "/dev/full")
    assert (code, message) == (1, "/dev/full: No space left on device. 2 rows were dealt with and are kept.")
    assert MuseumObject.objects.count() == 1


@pytest.mark.parametrize("slug", ["a b", "a/b", "x" * 81])
def test_museum_must_be_a_slug(tmp_path, slug):
    code, message = refusal(write_tate(tmp_path / "t.csv", [tate_object(1)]), "--museum", slug)
    assert (code, "slug" in message) == (2, True)


@pytest.mark.parametrize("batch", ["0", "-1", "x", "50001", "²"])
def test_batch_must_be_a_number(tmp_path, batch):
    with pytest.raises(CommandError, match="--batch"):
        run(write_tate(tmp_path / "t.csv", [tate_object(1)]), f"--batch={batch}")


def test_statements_per_chunk_are_fixed(tmp_path, django_assert_max_num_queries):
    path = write_tate(tmp_path / "t.csv", map(tate_object, range(1_000)))
    run(path)
    with django_assert_max_num_queries(14):
        run(path)
