"""``manage.py``: servers for the life of a command, sentences instead of tracebacks."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config import embedded
from config.locks import is_locked
from tests.config.holding import REPOSITORY, environment, gone, pids


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
def test_manage_explains_a_cluster_it_cannot_use(state_folder: Path, version: str, sentence: str) -> None:
    (state_folder / "pg").mkdir(parents=True, mode=0o700)
    state_folder.chmod(0o700)
    (state_folder / "pg" / "PG_VERSION").write_bytes(version.encode(errors="surrogateescape"))
    result = manage(state_folder, "migrate")
    assert result.returncode == 1
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.embedded
def test_manage_starts_the_servers_for_the_life_of_a_command(state_folder: Path) -> None:
    result = manage(state_folder, "dbshell", "--", "-Atc", "SELECT 6 * 7", PATH=f"{psql_folder()}:{os.environ['PATH']}")
    assert (result.returncode, result.stdout.strip()) == (0, "42"), result.stderr
    assert not is_locked(state_folder / "keeper.lock")


def psql_folder() -> Path:
    from config.postgres_server import PostgresServer

    return PostgresServer(Path(), Path(), durable=False).binaries


@pytest.mark.parametrize("arguments", [("help",), ("--version",), ("migrate", "--help"), ()])
def test_manage_starts_nothing_without_need(state_folder: Path, arguments: tuple[str, ...]) -> None:
    assert manage(state_folder, *arguments).returncode == 0
    assert not (state_folder / "pg").exists()


@pytest.mark.embedded
def test_manage_starts_only_what_no_url_replaces(state_folder: Path) -> None:
    url = embedded.endpoints(state_folder).database_url
    code = "import json, pathlib, os; from config.notes import read_note; "
    code += "print(json.dumps(list(read_note(pathlib.Path(os.environ['VITRINE_STATE']) / 'status.json')['servers'])))"
    result = manage(state_folder, "shell", "--no-imports", "-c", code, DATABASE_URL=url)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout.splitlines()[-1]) == ["valkey"]


@pytest.mark.embedded
def test_interrupted_manage_ends_with_130_and_leaves_nothing(state_folder: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", "print('in', flush=True); input()"],
        cwd=REPOSITORY,
        env=environment(VITRINE_STATE=str(state_folder)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    while (line := process.stdout.readline()) and line != "in\n":
        pass
    running = pids(state_folder)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert gone(running)
