"""What the embedded servers refuse, and with which sentence."""

import os
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest

from config import embedded
from config.locks import wait_until


def test_too_long_tmpdir_falls_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    monkeypatch.setenv("TMPDIR", str(deep))
    assert embedded.run_path(tmp_path / "state").parent == Path("/tmp")  # noqa: S108 (the fallback itself)
    short = tempfile.mkdtemp(dir="/tmp")
    monkeypatch.setenv("TMPDIR", short)
    try:
        assert embedded.run_path(tmp_path / "state").parent == Path(short)
    finally:
        Path(short).rmdir()


def test_no_place_for_sockets_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "SOCKET_PATH_LIMIT", 20)
    with pytest.raises(embedded.EmbeddedError, match="longer than the 20 bytes"):
        embedded.run_path(tmp_path)


def test_sockets_are_found_again_with_another_tmpdir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    chosen = embedded.run_dir(tmp_path)
    try:
        other = tempfile.mkdtemp(dir="/tmp")
        monkeypatch.setenv("TMPDIR", other)
        assert embedded.endpoints(tmp_path).sockets == chosen
        copy = tmp_path / "copy"
        copy.mkdir()
        (copy / "run").symlink_to(chosen)
        assert embedded.endpoints(copy).sockets != chosen
        Path(other).rmdir()
    finally:
        chosen.rmdir()


def test_somebody_in_the_place_of_the_sockets(tmp_path: Path) -> None:
    place = embedded.run_path(tmp_path)
    place.mkdir(mode=0o755)
    place.chmod(0o755)
    try:
        with pytest.raises(embedded.EmbeddedError, match="not a private folder of yours"):
            embedded.run_dir(tmp_path)
    finally:
        place.rmdir()
    place.symlink_to(tmp_path)
    try:
        with pytest.raises(embedded.EmbeddedError, match="not a private folder of yours"):
            embedded.run_dir(tmp_path)
    finally:
        place.unlink()


def test_state_folder_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("VITRINE_STATE", str(tmp_path / "file" / "state"))
    with pytest.raises(embedded.EmbeddedError, match="cannot be made: Not a directory"):
        embedded.state_dir()


def test_state_folder_that_is_not_writable(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        with pytest.raises(embedded.EmbeddedError, match="cannot be made"):
            embedded.private_folder(Path("/proc/vitrine"))
        return
    tmp_path.chmod(0o500)
    with pytest.raises(embedded.EmbeddedError, match="not writable"):
        embedded.private_folder(tmp_path)


def test_state_folder_that_others_may_write(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(embedded.EmbeddedError, match="Others may write"):
        embedded.private_folder(tmp_path)


@pytest.mark.embedded
def test_durable_data_is_not_handed_to_volatile_servers(state_folder: Path) -> None:
    with (
        embedded.ensure(state_folder, durable=False, postgres=False),
        pytest.raises(embedded.EmbeddedError, match="without durability"),
    ):
        embedded.ensure(state_folder, postgres=False)


@pytest.mark.embedded
def test_foreign_postgres_on_the_cluster(state_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from config import server

    with embedded.ensure(state_folder, durable=False):
        pass
    # Started by hand, as somebody would who looks into the data.
    from config.postgres_server import PostgresServer

    foreign = PostgresServer(state_folder, embedded.run_dir(state_folder), durable=False)
    process = subprocess.Popen(
        foreign.command(), env=foreign.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        assert wait_until(lambda: foreign.is_ready(process.pid), within=30)
        monkeypatch.setattr(server, "LEFTOVER_DEADLINE", 1.0)
        with pytest.raises(embedded.EmbeddedError, match=rf"Another PostgreSQL \(process {process.pid}\) is using"):
            foreign.prepare(former_pid=None)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()
    embedded.run_path(state_folder).rmdir()
