"""The embedded servers as processes: who starts them, who keeps them, and that nothing stays behind."""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from config import embedded
from config.locks import is_locked, wait_until
from config.notes import read_note
from tests.config.holding import NOBODY, gone, hold, pids, query, unshare, valkey, wait_ready


@pytest.mark.embedded
def test_start_attach_close_leaves_nothing(state_folder: Path) -> None:
    lease = embedded.ensure(state_folder, durable=False)
    running = pids(state_folder)
    with embedded.ensure(state_folder, durable=False):
        assert pids(state_folder) == running
        assert query(state_folder, "SELECT current_user::text, current_database()::text") == [("vitrine", "vitrine")]
        assert valkey(state_folder).ping()
    assert not gone(running)
    lease.close()
    lease.close()
    assert gone(running)
    assert stat.S_IMODE(state_folder.stat().st_mode) == 0o700


@pytest.mark.embedded
def test_what_the_shop_finds_in_the_database(state_folder: Path) -> None:
    with embedded.ensure(state_folder, durable=False):
        (trigrams,) = query(state_folder, "SELECT show_trgm('青花瓷杯')")[0]
        assert trigrams
        assert query(
            state_folder, "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = 'vitrine'"
        ) == [(False, True, True)]
        assert query(state_folder, "SELECT count(*) > 0 FROM pg_stat_statements") == [(True,)]
        query(state_folder, "CREATE DATABASE a_test")
        with psycopg.connect(f"host={embedded.run_path(state_folder)} user=vitrine dbname=a_test") as connection:
            extensions = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
        assert {"pg_trgm", "unaccent", "btree_gist", "pg_stat_statements"} <= extensions
        assert query(state_folder, "SHOW listen_addresses") == [("",)]


@pytest.mark.embedded
def test_settings_can_read_the_addresses(state_folder: Path) -> None:
    import environ

    with embedded.ensure(state_folder, durable=False) as lease:
        addresses = lease.endpoints
        found = environ.Env.db_url_config(addresses.database_url)
        arguments = {"host": found["HOST"], "port": found["PORT"], "user": found["USER"], "dbname": found["NAME"]}
        with psycopg.connect(**arguments) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        from kombu import Connection

        with Connection(addresses.celery_broker_url) as broker:
            broker.ensure_connection(max_retries=1)


@pytest.mark.embedded
def test_two_starters_start_one_pair(state_folder: Path) -> None:
    holders = [hold(state_folder) for _ in range(3)]
    for holder in holders:
        wait_ready(holder)
    running = pids(state_folder)
    assert (state_folder / "log" / "keeper.log").read_text().count("is ready") == 2
    for holder in holders:
        holder.communicate("", timeout=30)
    assert wait_until(lambda: gone(running), within=10)


@pytest.mark.embedded
def test_only_what_is_asked_for_and_more_later(state_folder: Path) -> None:
    with embedded.ensure(state_folder, durable=False, postgres=False):
        first = pids(state_folder)
        assert set(first) == {"keeper", "valkey"}
        with embedded.ensure(state_folder, durable=False):
            assert pids(state_folder) | first == pids(state_folder)
            assert query(state_folder, "SELECT 1") == [(1,)]


@pytest.mark.embedded
def test_killed_user_takes_the_servers_down_and_data_stays(state_folder: Path) -> None:
    holder = hold(state_folder, durable=True)
    wait_ready(holder)
    running = pids(state_folder)
    query(state_folder, "CREATE TABLE kept AS SELECT 7 AS number")
    valkey(state_folder).set("kept", "7")
    holder.kill()
    holder.communicate()
    assert wait_until(lambda: gone(running), within=15)
    assert "database system is shut down" in (state_folder / "log" / "postgres.log").read_text()
    with embedded.ensure(state_folder):
        assert query(state_folder, "SELECT number FROM kept") == [(7,)]
        assert valkey(state_folder).get("kept") == b"7"


@pytest.mark.embedded
@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
def test_killed_keeper_takes_the_servers_down_and_the_next_one_takes_over(state_folder: Path) -> None:
    with embedded.ensure(state_folder):
        running = pids(state_folder)
        query(state_folder, "CREATE TABLE kept AS SELECT 7 AS number")
        os.kill(running["keeper"], signal.SIGKILL)
        assert wait_until(lambda: not is_locked(state_folder / "keeper.lock"), within=10, every=0.001)
        # At once: the old servers may still be ending.
        with embedded.ensure(state_folder):
            assert gone(running)
            assert query(state_folder, "SELECT number FROM kept") == [(7,)]
            assert valkey(state_folder).ping()


@pytest.mark.embedded
@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_killed_server_is_started_again(state_folder: Path, name: str) -> None:
    with embedded.ensure(state_folder):
        first = pids(state_folder)
        query(state_folder, "CREATE TABLE kept AS SELECT 7 AS number")
        os.kill(first[name], signal.SIGKILL)

        def again() -> bool:
            server = read_note(state_folder / "status.json")["servers"][name]
            return server["state"] == "ready" and server["pid"] != first[name]

        assert wait_until(again, within=30)
        assert query(state_folder, "SELECT number FROM kept") == [(7,)]
        assert valkey(state_folder).ping()
        assert pids(state_folder)["keeper"] == first["keeper"]


@pytest.mark.embedded
def test_server_that_keeps_dying_is_given_up_and_can_be_asked_for_again(state_folder: Path) -> None:
    with embedded.ensure(state_folder, durable=False, postgres=False):

        def server() -> dict[str, object]:
            return read_note(state_folder / "status.json")["servers"]["valkey"]

        def kill_on() -> bool:
            if server()["state"] == "ready" and isinstance(pid := server()["pid"], int):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            return server()["state"] == "failed"

        assert wait_until(kill_on, within=60)
        assert "given up" in (state_folder / "log" / "keeper.log").read_text()
        with embedded.ensure(state_folder, durable=False, postgres=False):
            assert valkey(state_folder).ping()


@pytest.mark.embedded
def test_told_to_end_the_keeper_stops_both(state_folder: Path) -> None:
    with embedded.ensure(state_folder, durable=False):
        running = pids(state_folder)
        os.kill(running["keeper"], signal.SIGTERM)
        assert wait_until(lambda: read_note(state_folder / "status.json").get("stopping", True), within=10, every=0.001)
        # A newcomer during the stop waits and gets new servers.
        with embedded.ensure(state_folder, durable=False):
            assert gone(running)
            assert query(state_folder, "SELECT 1") == [(1,)]


@pytest.mark.embedded
def test_removed_state_folder_ends_the_servers(state_folder: Path) -> None:
    with embedded.ensure(state_folder, durable=False):
        running = pids(state_folder)
        shutil.rmtree(state_folder)
        assert wait_until(lambda: gone(running), within=15)


@pytest.mark.embedded
def test_crash_in_the_middle_of_the_first_start(state_folder: Path) -> None:
    (state_folder / "pg.new" / "base").mkdir(parents=True, mode=0o700)
    state_folder.chmod(0o700)
    with embedded.ensure(state_folder, durable=False):
        assert query(state_folder, "SELECT 1") == [(1,)]
    assert not (state_folder / "pg.new").exists()


@pytest.mark.embedded
def test_pid_files_whose_number_is_somebody_else_now(state_folder: Path) -> None:
    with embedded.ensure(state_folder, durable=False):
        pass
    # After a reboot the number in a stale file may be anybody's; PostgreSQL alone would refuse to start.
    sleeper = subprocess.Popen(["sleep", "60"])
    try:
        (state_folder / "pg" / "postmaster.pid").write_text(
            f"{sleeper.pid}\n{state_folder / 'pg'}\n0\n5432\n\n\n     1 2\nready\n"
        )
        (state_folder / "valkey" / "valkey.pid").write_text(f"{sleeper.pid}\n")
        with embedded.ensure(state_folder, durable=False):
            assert query(state_folder, "SELECT 1") == [(1,)]
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


@pytest.mark.embedded
def test_as_an_ordinary_user() -> None:
    if os.geteuid() != 0:
        pytest.skip("These tests run as an ordinary user already.")
    if not shutil.which("setpriv"):
        pytest.skip("setpriv (util-linux) is not installed: nobody to run as.")
    home = Path(tempfile.mkdtemp(prefix="vitrine-test-"))
    try:
        os.chown(home, NOBODY, NOBODY)
        # Only reading is granted, because the interpreter may be in root's home.
        prefix = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
        prefix += ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
        holder = hold(home / "state", prefix=prefix, TMPDIR=str(home), HOME=str(home))
        wait_ready(holder)
        running = pids(home / "state")
        assert Path(f"/proc/{running['postgres']}").stat().st_uid == NOBODY
        assert (home / "state" / "pg").stat().st_uid == NOBODY
        with psycopg.connect(f"host={(home / 'state' / 'run').readlink()} user=vitrine dbname=vitrine") as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        holder.communicate("", timeout=30)
        assert gone(running)
        # Its folder is its own: root is refused rather than leaving root's files in it.
        with pytest.raises(embedded.EmbeddedError, match="belongs to another user"):
            embedded.ensure(home / "state")
    finally:
        shutil.rmtree(home)


@pytest.mark.embedded
def test_root_without_user_namespaces_is_told_what_to_do(state_folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("Only root needs user namespaces.")
    script = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
    holder = hold(state_folder, prefix=(*unshare("-Ur"), "sh", "-c", script, "sh"))
    _, errors = holder.communicate("", timeout=60)
    assert "SENTENCE PostgreSQL refuses to run as root" in errors
    assert "DATABASE_URL" in errors


@pytest.mark.embedded
def test_full_disk_is_a_sentence(state_folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("Only root can mount a small disk.")
    state_folder.mkdir(mode=0o700)
    script = f'mount -t tmpfs -o size=20m,mode=0700 tmpfs "{state_folder}" && exec "$@"'
    holder = hold(state_folder, prefix=(*unshare("-m"), "sh", "-c", script, "sh"))
    _, errors = holder.communicate("", timeout=60)
    assert f"SENTENCE The disk that holds {state_folder} is full (No space left on device)" in errors
