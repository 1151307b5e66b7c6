"""Broken off, or run twice at once: committed chunks stay, and the next run completes them."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import connection, connections

from shop.catalogue.importing import progress
from shop.models import MuseumObject
from tests.shop.catalogue.collection_files import counts, run, tate_object, write_tate

REPO = Path(__file__).resolve().parents[3]
ROWS = 20_000
DEADLINE = 60.0

pytestmark = pytest.mark.django_db(transaction=True)


def test_interrupted_between_chunks(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = write_tate(tmp_path / "t.csv", map(tate_object, range(50)))
    tenths = iter(range(1, 100))

    def stop_after_second(_self):
        if next(tenths) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(progress.Progress, "__call__", stop_after_second)
        with pytest.raises(CommandError, match="20 rows were dealt with and are kept") as stopped:
            run(path, "--batch", "10")
    assert stopped.value.returncode == 130
    assert MuseumObject.objects.count() == 20
    assert run(path, "--batch", "10") == counts(created=30, unchanged=20)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_process_stopped_from_outside(tmp_path, number, code):
    path = write_tate(tmp_path / "t.csv", map(tate_object, range(ROWS)))
    # The name is the last part of the path, whether a host or the folder of a socket stands before it.
    server = settings.DATABASE_URL.partition("?")[0].rpartition("/")[0]
    database = f"{server}/{connection.settings_dict['NAME']}"
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "django", "import_collection", str(path), "--format", "tate", "--batch", "20"],
            cwd=tmp_path,
            env=os.environ
            | {"DATABASE_URL": database, "PYTHONPATH": str(REPO), "DJANGO_SETTINGS_MODULE": "config.settings"},
            stdout=log,
            stderr=log,
        )
        try:
            end = time.monotonic() + DEADLINE
            while not MuseumObject.objects.exists():
                assert process.poll() is None, (tmp_path / "log").read_text()
                assert time.monotonic() < end
            process.send_signal(number)
            assert process.wait(DEADLINE) == code
        finally:
            process.kill()
            process.wait()
    log_text = (tmp_path / "log").read_text()
    assert "Traceback" not in log_text
    # The server may still be finishing the killed client's last statement.
    end = time.monotonic() + DEADLINE
    while sessions_of_others():
        assert time.monotonic() < end
    kept = MuseumObject.objects.count()
    assert 0 < kept < ROWS
    assert kept % 20 == 0
    assert run(path) == counts(created=ROWS - kept, unchanged=kept)


def sessions_of_others() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return cursor.fetchone()[0]


def test_two_at_once_create_each_object_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [tate_object(number) for number in range(2_000)]
    paths = [write_tate(tmp_path / "a.csv", rows), write_tate(tmp_path / "b.csv", reversed(rows))]

    def work(path: Path) -> dict[str, int]:
        try:
            return run(path, "--batch", "50")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(work, paths))
    assert sum(report["created"] for report in reports) == MuseumObject.objects.count() == 2_000
    assert sum(report["unchanged"] for report in reports) == 2_000
