"""The embedded servers as processes: who starts them, who keeps them, and that nothing stays behind."""

import contextlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from config import embedded
from config.locks import is_locked, wait_until
from config.notes import read_note
from config.process_table import program_of

REPOSITORY = Path(__file__).resolve().parents[2]
HOLD = """
import sys
from pathlib import Path
from config import embedded
try:
    lease = embedded.ensure(Path(sys.argv[1]), durable=len(sys.argv) > 2)
except embedded.EmbeddedError as error:
    sys.exit(f"SENTENCE {error}")
print("ready", flush=True)
sys.stdin.read()
lease.close()
"""
NOBODY = 65534


def environment(**changes: str) -> dict[str, str]:
    hidden = ("DATABASE_URL", "REDIS_URL", "VITRINE_STATE", "HTTPS", "SECRET_KEY", "PYTEST_")
    return {key: value for key, value in os.environ.items() if not key.startswith(hidden)} | changes


def hold(state: Path, *, prefix: tuple[str, ...] = (), durable: bool = False, **env: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*prefix, sys.executable, "-c", HOLD, str(state), *(["durable"] if durable else [])],
        cwd=REPOSITORY,
        env=environment(**env),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout
    line = process.stdout.readline()
    assert line == "ready\n", process.communicate()


def pids(state: Path) -> dict[str, int]:
    """The keeper's pid and those of its servers."""
    status = read_note(state / "status.json")
    return {"keeper": status["pid"]} | {name: server["pid"] for name, server in status["servers"].items()}


def gone(numbers: dict[str, int]) -> bool:
    return not any(program_of(pid)[0] for pid in numbers.values())


def query(state: Path, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(embedded.endpoints(state).postgres_dsn, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def valkey(state: Path) -> redis.Redis:
    return redis.Redis.from_url(embedded.endpoints(state).redis_url)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "state"
    yield folder
    if (folder / "keeper.lock").exists() and not wait_until(lambda: not is_locked(folder / "keeper.lock"), within=10):
        os.kill(read_note(folder / "status.json")["pid"], signal.SIGTERM)
        pytest.fail("The keeper stayed behind.")
    with contextlib.suppress(embedded.EmbeddedError):
        assert not embedded.run_path(folder).exists()


# --- Life -----------------------------------------------------------------------------------------------------------


@pytest.mark.embedded
def test_start_attach_close_leaves_nothing(state: Path) -> None:
    lease = embedded.ensure(state, durable=False)
    running = pids(state)
    with embedded.ensure(state, durable=False):
        assert pids(state) == running
        assert query(state, "SELECT current_user::text, current_database()::text") == [("vitrine", "vitrine")]
        assert valkey(state).ping()
    assert not gone(running)
    lease.close()
    lease.close()
    assert gone(running)
    assert stat.S_IMODE(state.stat().st_mode) == 0o700


@pytest.mark.embedded
def test_what_the_shop_finds_in_the_database(state: Path) -> None:
    with embedded.ensure(state, durable=False):
        (trigrams,) = query(state, "SELECT show_trgm('青花瓷杯')")[0]
        assert trigrams
        assert query(state, "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = 'vitrine'") == [
            (False, True, True)
        ]
        assert query(state, "SELECT count(*) > 0 FROM pg_stat_statements") == [(True,)]
        query(state, "CREATE DATABASE a_test")
        with psycopg.connect(f"host={embedded.run_path(state)} user=vitrine dbname=a_test") as connection:
            extensions = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
        assert {"pg_trgm", "unaccent", "btree_gist", "pg_stat_statements"} <= extensions
        assert query(state, "SHOW listen_addresses") == [("",)]


@pytest.mark.embedded
def test_settings_can_read_the_addresses(state: Path) -> None:
    import environ

    with embedded.ensure(state, durable=False) as lease:
        addresses = lease.endpoints
        found = environ.Env.db_url_config(addresses.database_url)
        arguments = {"host": found["HOST"], "port": found["PORT"], "user": found["USER"], "dbname": found["NAME"]}
        with psycopg.connect(**arguments) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        from kombu import Connection

        with Connection(addresses.celery_broker_url) as broker:
            broker.ensure_connection(max_retries=1)


@pytest.mark.embedded
def test_two_starters_start_one_pair(state: Path) -> None:
    holders = [hold(state) for _ in range(3)]
    for holder in holders:
        wait_ready(holder)
    running = pids(state)
    assert (state / "log" / "keeper.log").read_text().count("is ready") == 2
    for holder in holders:
        holder.communicate("", timeout=30)
    assert wait_until(lambda: gone(running), within=10)


@pytest.mark.embedded
def test_only_what_is_asked_for_and_more_later(state: Path) -> None:
    with embedded.ensure(state, durable=False, postgres=False):
        first = pids(state)
        assert set(first) == {"keeper", "valkey"}
        with embedded.ensure(state, durable=False):
            assert pids(state) | first == pids(state)
            assert query(state, "SELECT 1") == [(1,)]


@pytest.mark.embedded
def test_killed_user_takes_the_servers_down_and_data_stays(state: Path) -> None:
    holder = hold(state, durable=True)
    wait_ready(holder)
    running = pids(state)
    query(state, "CREATE TABLE kept AS SELECT 7 AS number")
    valkey(state).set("kept", "7")
    holder.kill()
    holder.communicate()
    assert wait_until(lambda: gone(running), within=15)
    assert "database system is shut down" in (state / "log" / "postgres.log").read_text()
    with embedded.ensure(state):
        assert query(state, "SELECT number FROM kept") == [(7,)]
        assert valkey(state).get("kept") == b"7"


@pytest.mark.embedded
@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
def test_killed_keeper_takes_the_servers_down_and_the_next_one_takes_over(state: Path) -> None:
    with embedded.ensure(state):
        running = pids(state)
        query(state, "CREATE TABLE kept AS SELECT 7 AS number")
        os.kill(running["keeper"], signal.SIGKILL)
        assert wait_until(lambda: not is_locked(state / "keeper.lock"), within=10, every=0.001)
        # At once: the old servers may still be ending.
        with embedded.ensure(state):
            assert gone(running)
            assert query(state, "SELECT number FROM kept") == [(7,)]
            assert valkey(state).ping()


@pytest.mark.embedded
@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_killed_server_is_started_again(state: Path, name: str) -> None:
    with embedded.ensure(state):
        first = pids(state)
        query(state, "CREATE TABLE kept AS SELECT 7 AS number")
        os.kill(first[name], signal.SIGKILL)

        def again() -> bool:
            server = read_note(state / "status.json")["servers"][name]
            return server["state"] == "ready" and server["pid"] != first[name]

        assert wait_until(again, within=30)
        assert query(state, "SELECT number FROM kept") == [(7,)]
        assert valkey(state).ping()
        assert pids(state)["keeper"] == first["keeper"]


@pytest.mark.embedded
def test_server_that_keeps_dying_is_given_up_and_can_be_asked_for_again(state: Path) -> None:
    with embedded.ensure(state, durable=False, postgres=False):

        def server() -> dict[str, object]:
            return read_note(state / "status.json")["servers"]["valkey"]

        def kill_on() -> bool:
            if server()["state"] == "ready" and isinstance(pid := server()["pid"], int):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            return server()["state"] == "failed"

        assert wait_until(kill_on, within=60)
        assert "given up" in (state / "log" / "keeper.log").read_text()
        with embedded.ensure(state, durable=False, postgres=False):
            assert valkey(state).ping()


@pytest.mark.embedded
def test_told_to_end_the_keeper_stops_both(state: Path) -> None:
    with embedded.ensure(state, durable=False):
        running = pids(state)
        os.kill(running["keeper"], signal.SIGTERM)
        assert wait_until(lambda: read_note(state / "status.json").get("stopping", True), within=10, every=0.001)
        # A newcomer during the stop waits and gets new servers.
        with embedded.ensure(state, durable=False):
            assert gone(running)
            assert query(state, "SELECT 1") == [(1,)]


@pytest.mark.embedded
def test_removed_state_folder_ends_the_servers(state: Path) -> None:
    with embedded.ensure(state, durable=False):
        running = pids(state)
        shutil.rmtree(state)
        assert wait_until(lambda: gone(running), within=15)


@pytest.mark.embedded
def test_crash_in_the_middle_of_the_first_start(state: Path) -> None:
    (state / "pg.new" / "base").mkdir(parents=True, mode=0o700)
    state.chmod(0o700)
    with embedded.ensure(state, durable=False):
        assert query(state, "SELECT 1") == [(1,)]
    assert not (state / "pg.new").exists()


@pytest.mark.embedded
def test_pid_files_whose_number_is_somebody_else_now(state: Path) -> None:
    with embedded.ensure(state, durable=False):
        pass
    # After a reboot the number in a stale file may be anybody's; PostgreSQL alone would refuse to start.
    sleeper = subprocess.Popen(["sleep", "60"])
    try:
        (state / "pg" / "postmaster.pid").write_text(f"{sleeper.pid}\n{state / 'pg'}\n0\n5432\n\n\n     1 2\nready\n")
        (state / "valkey" / "valkey.pid").write_text(f"{sleeper.pid}\n")
        with embedded.ensure(state, durable=False):
            assert query(state, "SELECT 1") == [(1,)]
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


# --- As others ------------------------------------------------------------------------------------------------------


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


def unshare(*options: str) -> tuple[str, ...]:
    """A prefix that runs a program in a namespace of its own, or a skip."""
    if not shutil.which("unshare") or subprocess.run(["unshare", *options, "true"], check=False).returncode:
        pytest.skip(f"unshare {' '.join(options)} is not possible here.")
    return ("unshare", *options)


@pytest.mark.embedded
def test_root_without_user_namespaces_is_told_what_to_do(state: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("Only root needs user namespaces.")
    script = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
    holder = hold(state, prefix=(*unshare("-Ur"), "sh", "-c", script, "sh"))
    _, errors = holder.communicate("", timeout=60)
    assert "SENTENCE PostgreSQL refuses to run as root" in errors
    assert "DATABASE_URL" in errors


@pytest.mark.embedded
def test_full_disk_is_a_sentence(state: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("Only root can mount a small disk.")
    state.mkdir(mode=0o700)
    script = f'mount -t tmpfs -o size=20m,mode=0700 tmpfs "{state}" && exec "$@"'
    holder = hold(state, prefix=(*unshare("-m"), "sh", "-c", script, "sh"))
    _, errors = holder.communicate("", timeout=60)
    assert f"SENTENCE The disk that holds {state} is full (No space left on device)" in errors


# --- Refusals -------------------------------------------------------------------------------------------------------


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
def test_durable_data_is_not_handed_to_volatile_servers(state: Path) -> None:
    with (
        embedded.ensure(state, durable=False, postgres=False),
        pytest.raises(embedded.EmbeddedError, match="without durability"),
    ):
        embedded.ensure(state, postgres=False)


@pytest.mark.embedded
def test_foreign_postgres_on_the_cluster(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from config import server

    with embedded.ensure(state, durable=False):
        pass
    # Started by hand, as somebody would who looks into the data.
    from config.postgres_server import PostgresServer

    foreign = PostgresServer(state, embedded.run_dir(state), durable=False)
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
    embedded.run_path(state).rmdir()


# --- The command line -----------------------------------------------------------------------------------------------


def manage(state: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=REPOSITORY,
        env=environment(VITRINE_STATE=str(state), **env),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.embedded
@pytest.mark.parametrize(
    ("version", "sentence"),
    [("17\n", "was made by PostgreSQL 17"), ("", "does not say which"), ("\udcff\n", "does not say which")],
)
def test_manage_explains_a_cluster_it_cannot_use(state: Path, version: str, sentence: str) -> None:
    (state / "pg").mkdir(parents=True, mode=0o700)
    state.chmod(0o700)
    (state / "pg" / "PG_VERSION").write_bytes(version.encode(errors="surrogateescape"))
    result = manage(state, "migrate")
    assert result.returncode == 1
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.embedded
def test_manage_starts_the_servers_for_the_life_of_a_command(state: Path) -> None:
    result = manage(state, "dbshell", "--", "-Atc", "SELECT 6 * 7", PATH=f"{psql_folder()}:{os.environ['PATH']}")
    assert (result.returncode, result.stdout.strip()) == (0, "42"), result.stderr
    assert not is_locked(state / "keeper.lock")


def psql_folder() -> Path:
    from config.postgres_server import PostgresServer

    return PostgresServer(Path(), Path(), durable=False).binaries


@pytest.mark.parametrize("arguments", [("help",), ("--version",), ("migrate", "--help"), ()])
def test_manage_starts_nothing_without_need(state: Path, arguments: tuple[str, ...]) -> None:
    assert manage(state, *arguments).returncode == 0
    assert not (state / "pg").exists()


@pytest.mark.embedded
def test_manage_starts_only_what_no_url_replaces(state: Path) -> None:
    url = embedded.endpoints(state).database_url
    code = "import json, pathlib, os; from config.notes import read_note; "
    code += "print(json.dumps(list(read_note(pathlib.Path(os.environ['VITRINE_STATE']) / 'status.json')['servers'])))"
    result = manage(state, "shell", "--no-imports", "-c", code, DATABASE_URL=url)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout.splitlines()[-1]) == ["valkey"]


@pytest.mark.embedded
def test_interrupted_manage_ends_with_130_and_leaves_nothing(state: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", "print('in', flush=True); input()"],
        cwd=REPOSITORY,
        env=environment(VITRINE_STATE=str(state)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    while (line := process.stdout.readline()) and line != "in\n":
        pass
    running = pids(state)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert gone(running)
