"""The embedded PostgreSQL and Valkey of a state folder: where they are, and leases that keep them running.

Standard library only, so that settings may import it. The servers live exactly as long as somebody holds a lease: a
shared ``flock`` on ``<state>/lease``. The kernel drops it when its holder ends in whatever way, so nothing can go
stale. Whoever needs the servers first starts the keeper (``config.keeper``), the parent of both servers.

Files of the state folder used here: ``lease``, ``start.lock`` (one starter at a time), ``keeper.lock`` (held by the
keeper for its whole life), ``wanted.json`` (starter to keeper), ``status.json`` (keeper to starters), ``run`` (a link
to the folder of the sockets), ``log/``, ``pg/``, ``valkey/``.
"""

import errno
import fcntl
import hashlib
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from config.locks import is_locked, open_lock, try_lock, wait_until
from config.notes import last_lines, read_note, write_note

REPOSITORY = Path(__file__).resolve().parent.parent
POSTGRES_SOCKET = ".s.PGSQL.5432"
VALKEY_SOCKET = "valkey.sock"
# sun_path holds 108 bytes on Linux and 104 on macOS and the BSDs, the closing zero included.
SOCKET_PATH_LIMIT = 107 if sys.platform == "linux" else 103
# Seconds. A start may have to wait for the recovery of a crashed cluster or for another starter.
START_DEADLINE = 120.0
STOP_DEADLINE = 60.0


class EmbeddedError(Exception):
    """Why the embedded servers cannot serve, as a sentence for the person at the keyboard."""


# --- Folders --------------------------------------------------------------------------------------------------------


def state_dir() -> Path:
    """Return the state folder (``VITRINE_STATE``, default ``<repository>/.vitrine``), made private if it is new.

    Raise EmbeddedError when it cannot be used.
    """
    return private_folder(Path(os.environ.get("VITRINE_STATE") or REPOSITORY / ".vitrine"))


def private_folder(path: Path) -> Path:
    """Return ``path`` resolved, made with mode 0700 if it is missing; raise EmbeddedError if it is not safe to use."""
    try:
        path = path.expanduser().resolve()
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        facts = path.stat()
    except (OSError, RuntimeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise EmbeddedError(f"The folder {path} cannot be made: {reason}.") from error
    if facts.st_uid != os.geteuid():
        raise EmbeddedError(
            f"The folder {path} belongs to another user (uid {facts.st_uid}, you are {os.geteuid()}): "
            "choose your own with VITRINE_STATE."
        )
    if facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise EmbeddedError(f"Others may write into the folder {path}: make it private with chmod 700.")
    if not os.access(path, os.W_OK | os.X_OK):
        raise EmbeddedError(f"The folder {path} is not writable: choose another with VITRINE_STATE.")
    return path


def run_path(state: Path) -> Path:
    """Return where the sockets of ``state`` are, without making anything.

    A short folder outside the state folder, because socket paths are limited to about a hundred bytes. The choice is
    remembered in the state folder, so that a process with another TMPDIR finds the same sockets.
    """
    name = f"vitrine-{hashlib.sha256(f'{os.getuid()}:{state}'.encode()).hexdigest()[:10]}"
    remembered = state / "run"
    if remembered.is_symlink():
        target = remembered.readlink()
        # A moved or copied state folder carries the link of its old place: that name is not ours.
        if target.name == name and _can_hold_sockets(target):
            return target
    places = [Path(place) for place in (os.environ.get("TMPDIR"), "/tmp") if place]  # noqa: S108 (owner and mode are verified)
    for place in places:
        if place.is_absolute() and _can_hold_sockets(place / name):
            return place / name
    raise EmbeddedError(
        f"No place for the servers' sockets: {' and '.join(map(str, places))} cannot be written or make a path longer "
        f"than the {SOCKET_PATH_LIMIT} bytes a socket may have. Set TMPDIR to a short, writable folder."
    )


def _can_hold_sockets(folder: Path) -> bool:
    # PostgreSQL writes a ".lock" file beside its socket, but only the socket's own path is limited.
    fits = len(os.fsencode(folder / POSTGRES_SOCKET)) <= SOCKET_PATH_LIMIT
    # PostgreSQL reads a comma as the end of the path, and quotes mean something in its addresses.
    fits = fits and re.fullmatch(r"[\w./+-]+", str(folder)) is not None
    return fits and folder.parent.is_dir() and os.access(folder.parent, os.W_OK | os.X_OK)


def run_dir(state: Path) -> Path:
    """Make and remember the folder of the sockets; raise EmbeddedError if somebody else sits in its place."""
    path = run_path(state)
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        facts = path.lstat()
    except OSError as error:
        raise EmbeddedError(f"The folder {path} for the servers' sockets cannot be made: {error.strerror}.") from error
    private = stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.geteuid() and not facts.st_mode & 0o077
    if not private:
        raise EmbeddedError(f"{path} is not a private folder of yours: remove it, or set TMPDIR to another folder.")
    link = state / "run"
    fresh = state / f"run.{token_hex(4)}"
    fresh.symlink_to(path)
    fresh.replace(link)
    return path


# --- Addresses ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the servers of a state folder listen, as Unix sockets.

    ``database_url`` is in the form that django-environ reads a socket folder from (the folder leads the path); for
    libpq itself use ``postgres_dsn``.
    """

    sockets: Path
    database_url: str
    redis_url: str

    @property
    def celery_broker_url(self) -> str:
        """The Redis address in kombu's spelling."""
        return "redis+socket://" + self.redis_url.removeprefix("unix://").replace("?db=", "?virtual_host=")

    @property
    def postgres_dsn(self) -> str:
        """The database address in libpq's keyword form, for psycopg and psql."""
        return f"host='{self.sockets}' port=5432 user=vitrine dbname=vitrine"


def endpoints(state: Path) -> Endpoints:
    """Return the addresses of the servers of ``state`` whether or not they run; nothing is started."""
    return _endpoints_at(run_path(state))


def _endpoints_at(run: Path) -> Endpoints:
    folder = quote(str(run))
    return Endpoints(
        sockets=run,
        # The port is named so that a PGPORT of the environment cannot lead elsewhere.
        database_url=f"postgres://vitrine@:5432/{folder}/vitrine",
        redis_url=f"unix://{folder}/{VALKEY_SOCKET}?db=0",
    )


# --- Leases ---------------------------------------------------------------------------------------------------------


class Lease:
    """The right to use the servers of a state folder; they run at least until it is closed.

    A context manager. A child made by ``fork`` shares the lease and keeps it while it lives; a program that is
    executed does not.
    """

    def __init__(self, state: Path, descriptor: int) -> None:
        self.state = state
        self._descriptor: int | None = descriptor
        self._owner = os.getpid()

    @property
    def endpoints(self) -> Endpoints:
        """The addresses of the servers."""
        return endpoints(self.state)

    def close(self, *, wait: bool = True) -> None:
        """Give the lease back; if it was the last one, wait until the servers and their keeper are gone."""
        if self._descriptor is None:
            return
        os.close(self._descriptor)
        self._descriptor = None
        if wait and self._owner == os.getpid() and self.state.is_dir():
            _wait_for_the_end(self.state)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _wait_for_the_end(state: Path) -> None:
    """Wait until the keeper is gone, or until it is certain that somebody else still uses the servers."""
    descriptor = open_lock(state / "lease")
    seen_others = 0

    def over() -> bool:
        nonlocal seen_others
        if not is_locked(state / "keeper.lock"):
            return True
        if try_lock(descriptor):
            # Nobody uses the servers and the keeper has not noticed yet.
            seen_others = 0
        elif try_lock(descriptor, shared=True):
            seen_others += 1
        else:
            # The keeper holds the lease exclusively: it is stopping the servers.
            seen_others = 0
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        # Once may have been another process that asks the same question as we do.
        return seen_others >= 3

    try:
        wait_until(over, within=STOP_DEADLINE)
    finally:
        os.close(descriptor)


def ensure(state: Path, *, durable: bool = True, postgres: bool = True, valkey: bool = True) -> Lease:
    """Return a lease on the running servers of ``state``, starting what is not running yet.

    ``durable=False`` trades crash safety for speed (tests). Raise EmbeddedError when they cannot be had.
    """
    names = [name for name, needed in (("postgres", postgres), ("valkey", valkey)) if needed]
    try:
        state = private_folder(state)
        (state / "log").mkdir(mode=0o700, exist_ok=True)
        descriptor = open_lock(state / "lease")
        try:
            # While it stops the servers the keeper holds the lease exclusively.
            _wait_for_the_last_stop(state, lambda: try_lock(descriptor, shared=True))
            with _starting(state):
                _have_running(state, names, durable=durable)
        except BaseException:
            # Interrupted or failed: nothing of ours is left running when the caller hears of it.
            Lease(state, descriptor).close()
            raise
    except OSError as error:
        raise EmbeddedError(explain_os_error(error, state)) from error
    return Lease(state, descriptor)


def _wait_for_the_last_stop(state: Path, over: Callable[[], bool]) -> None:
    if not wait_until(over, within=STOP_DEADLINE):
        raise EmbeddedError(f"The servers of {state} have not finished stopping: see {state / 'log'}.")


def explain_os_error(error: OSError, state: Path) -> str:
    """Return the sentence for an error of the operating system met in ``state``."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(state)
    return f"The state folder {state} cannot be used: {error.strerror or error} ({error.filename or 'no file named'})."


def disk_full(state: Path) -> str:
    """Return the sentence for a full disk."""
    return f"The disk that holds {state} is full (No space left on device): make room and start again."


@contextmanager
def _starting(state: Path) -> Iterator[None]:
    descriptor = open_lock(state / "start.lock")
    try:
        if not wait_until(lambda: try_lock(descriptor), within=2 * START_DEADLINE):
            raise EmbeddedError(f"Another process has been starting the servers of {state} for too long.")
        yield
    finally:
        os.close(descriptor)


def _have_running(state: Path, names: Iterable[str], *, durable: bool) -> None:
    """Start the keeper or ask it for more; return when every server in ``names`` answers."""
    status = read_note(state / "status.json")
    alive = is_locked(state / "keeper.lock")
    if alive and status.get("stopping"):
        # It was told to stop although leases are held; the next one takes over.
        _wait_for_the_last_stop(state, lambda: not is_locked(state / "keeper.lock"))
        alive = False
    if alive:
        if durable and status.get("durable") is False:
            raise EmbeddedError(
                f"The servers of {state} run without durability, for tests: wait for the tests to end, "
                "or use another folder with VITRINE_STATE."
            )
        if all(status.get("servers", {}).get(name, {}).get("state") == "ready" for name in names):
            return
    request = token_hex(8)
    wanted = {*names, *(status.get("servers", {}) if alive else ())}
    write_note(state / "wanted.json", {"request": request, "servers": sorted(wanted)})
    log = state / "log" / "keeper.log"
    if not alive:
        # The keeper makes it as well; here its sentence reaches the person who waits.
        run_dir(state)
        _spawn_keeper(state, log, durable=durable)
    _wait_for_answer(state, request, names, log)


def _spawn_keeper(state: Path, log: Path, *, durable: bool) -> None:
    command = [sys.executable, "-m", "config.keeper", str(state), *(() if durable else ("--volatile",))]
    with log.open("ab") as output:
        since = output.tell()
        process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            command,
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        # It detaches at once and this first process ends.
        code = process.wait(timeout=START_DEADLINE)
    if code:
        raise EmbeddedError(
            f"The keeper of the embedded servers did not start (exit code {code}). Last lines of {log}:\n"
            f"{last_lines(log, since=since)}"
        )


def _wait_for_answer(state: Path, request: str, names: Iterable[str], log: Path) -> None:
    outcome: dict[str, dict[str, Any]] = {}

    def answered() -> bool:
        gone = not is_locked(state / "keeper.lock")
        status = read_note(state / "status.json")
        if status.get("request") == request:
            outcome.update({name: status["servers"][name] for name in names})
            states = {server["state"] for server in outcome.values()}
            if "failed" in states or states == {"ready"}:
                return True
        if gone:
            raise EmbeddedError(f"The keeper of the embedded servers ended. Last lines of {log}:\n{last_lines(log)}")
        return False

    if not wait_until(answered, within=START_DEADLINE):
        raise EmbeddedError(f"The embedded servers were not ready within {START_DEADLINE:.0f} seconds: see {log}.")
    for server in outcome.values():
        if server["state"] == "failed":
            raise EmbeddedError(server["error"])
