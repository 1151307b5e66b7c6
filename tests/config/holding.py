"""Processes that hold the embedded servers, and a look at what runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from config import embedded
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


def unshare(*options: str) -> tuple[str, ...]:
    """A prefix that runs a program in a namespace of its own, or a skip."""
    if not shutil.which("unshare") or subprocess.run(["unshare", *options, "true"], check=False).returncode:
        pytest.skip(f"unshare {' '.join(options)} is not possible here.")
    return ("unshare", *options)
