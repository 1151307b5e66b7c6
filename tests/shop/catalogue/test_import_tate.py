"""Tate's real file, where it is at hand: the first 2,000 rows, and all 69,202."""

import csv
import gzip
import itertools

import pytest

from shop.models import MuseumObject
from tests.shop.catalogue.collection_files import counts, run

ALL = 69_202

pytestmark = pytest.mark.django_db


@pytest.fixture
def tate_file(data_dir):
    path = data_dir / "tate_artworks.csv.gz"
    if not path.is_file():
        pytest.skip(f"Tate's file is not at {path}: set VITRINE_DATA")
    return path


def test_first_2000_rows(tate_file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "first.csv"
    with gzip.open(tate_file, "rt", newline="") as source, path.open("w", newline="") as first:
        csv.writer(first).writerows(itertools.islice(csv.reader(source), 2_001))
    assert run(path) == counts(created=2_000)
    assert run(path) == counts(unchanged=2_000)
    found = MuseumObject.objects.get(museum__slug="tate", accession_number="A00003")
    assert (found.maker, found.date_text, found.year_from, found.year_to) == ("Robert Blake", "?c.1785", 1785, 1785)
    assert found.subjects == ["arm/arms raised", "standing", "group", "man", "preaching"]


def test_whole_file_twice(tate_file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(tate_file) == counts(created=ALL)
    assert run(tate_file) == counts(unchanged=ALL)
    assert MuseumObject.objects.count() == ALL
