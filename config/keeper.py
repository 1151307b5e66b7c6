"""The keeper: parent of the embedded servers of a state folder, for as long as anybody holds a lease on them.

Run as ``python -m config.keeper STATE [--volatile]`` by ``config.embedded.ensure``; it detaches itself. It starts what
``wanted.json`` asks for, restarts a server that dies, tells starters how things stand in ``status.json``, and stops
everything as soon as the lease is free. Killed, it takes the servers with it (Linux: parent-death signal; elsewhere the
next keeper stops what was left).
"""

import argparse
import os
import signal
import subprocess
import sys
import time
import traceback
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.embedded import POSTGRES_SOCKET, VALKEY_SOCKET, EmbeddedError, explain_os_error, run_dir, run_path
from config.locks import open_lock, try_lock, wait_until
from config.notes import last_lines, read_note, write_note
from config.postgres_server import PostgresServer
from config.server import Server
from config.valkey_server import ValkeyServer

READY_DEADLINE = 60.0
STOP_DEADLINE = 30.0
# A server that ends this often within the window (seconds) is given up.
RESTARTS = 5
RESTART_WINDOW = 60.0
IDLE_TICK = 0.25
BUSY_TICK = 0.03
LOG_LIMIT = 5_000_000


def say(text: str) -> None:
    """Write a line to the keeper's log."""
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {text}", flush=True)


class Supervised:
    """One server as a child process, with what has happened to it.

    ``state`` is ``new``, ``starting``, ``ready``, ``waiting`` (for a restart), ``failed`` or ``stopped``.
    """

    def __init__(self, server: Server, *, former_pid: int | None) -> None:
        self.server = server
        self.state = "new"
        self.error = ""
        self._former_pid = former_pid
        self._process: subprocess.Popen[bytes] | None = None
        self._completed = False
        self._ends: deque[float] = deque()
        self._since = 0.0
        self._log_start = 0
        self._retry_at = 0.0

    def facts(self) -> dict[str, Any]:
        """Return what starters may know."""
        return {"state": self.state, "pid": self._process.pid if self._process else None, "error": self.error}

    def tick(self) -> None:
        """Do what is due now; never raises for what is the server's own trouble."""
        now = time.monotonic()
        try:
            if self.state == "new" or (self.state == "waiting" and now >= self._retry_at):
                self._launch()
            elif self.state in {"starting", "ready"}:
                self._watch(now)
        except EmbeddedError as error:
            self._fail(str(error))
        except OSError as error:
            self._fail(explain_os_error(error, self.server.log.parent.parent))

    def revive(self) -> None:
        """Try again a server that was given up."""
        if self.state == "failed":
            self.state = "new"
            self.error = ""
            self._ends.clear()

    def _launch(self) -> None:
        log = self.server.log
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".log.1"))
        self.server.prepare(former_pid=self._former_pid)
        with log.open("ab") as output:
            self._log_start = output.tell()
            self._process = subprocess.Popen(  # noqa: S603 (the wheels' own programs)
                self.server.command(),
                env=self.server.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        self._former_pid = self._process.pid
        self._since = time.monotonic()
        self.state = "starting"

    def _watch(self, now: float) -> None:
        assert self._process is not None  # noqa: S101 (both states have one)
        code = self._process.poll()
        if code is not None:
            self._ended(code, now)
        elif self.state == "starting":
            if self.server.is_ready(self._process.pid):
                if not self._completed:
                    self.server.complete()
                    self._completed = True
                self.state = "ready"
                say(f"{self.server.label} is ready (process {self._process.pid}).")
            elif now - self._since > READY_DEADLINE:
                lines = last_lines(self.server.log, since=self._log_start)
                raise EmbeddedError(
                    f"{self.server.label} was not ready within {READY_DEADLINE:.0f} seconds. "
                    f"Last lines of {self.server.log}:\n{lines}"
                )

    def _ended(self, code: int, now: float) -> None:
        explanation = self.server.explain(code, last_lines(self.server.log, since=self._log_start))
        if not self._completed:
            raise EmbeddedError(explanation)
        self._ends.append(now)
        while now - self._ends[0] > RESTART_WINDOW:
            self._ends.popleft()
        if len(self._ends) > RESTARTS:
            raise EmbeddedError(
                f"{self.server.label} ended {len(self._ends)} times within {RESTART_WINDOW:.0f} seconds and is given "
                f"up: see {self.server.log}."
            )
        # At once the first time, then after 0.5, 1, 2 and 4 seconds.
        pause = 0.25 * 2 ** (len(self._ends) - 1) if len(self._ends) > 1 else 0.0
        say(f"{self.server.label} ended (exit code {code}); starting it again.")
        self.state = "waiting"
        self._retry_at = now + pause

    def _fail(self, sentence: str) -> None:
        self.stop()
        self.state = "failed"
        self.error = sentence
        say(sentence)

    def ask_to_stop(self) -> None:
        """Send the signal for a clean end."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(self.server.stop_signal)

    def stop(self) -> None:
        """Stop it, cleanly if it can be done within the deadline."""
        process = self._process
        if process is None:
            return
        for number, patience in (
            (self.server.stop_signal, STOP_DEADLINE),
            (self.server.kill_signal, 5.0),
            (signal.SIGKILL, 5.0),
        ):
            if process.poll() is None:
                process.send_signal(number)
            if wait_until(lambda: process.poll() is not None, within=patience):
                break
            say(f"{self.server.label} does not end.")
        self.state = "stopped"


class Keeper:
    """The loop over the servers of ``state``."""

    def __init__(self, state: Path, *, durable: bool, former: dict[str, Any]) -> None:
        self.state = state
        self.durable = durable
        self._former = former
        self._servers: dict[str, Supervised] = {}
        self._request = ""
        self._stopping = False
        self._told: dict[str, Any] = {}
        self._lease = open_lock(state / "lease")

    def ask_to_end(self, number: int, _frame: object) -> None:
        """Signal handler."""
        say(f"Told to end by {signal.Signals(number).name}.")
        self._stopping = True

    def tell(self) -> None:
        """Write the status if it changed."""
        status = {
            "pid": os.getpid(),
            "durable": self.durable,
            "request": self._request,
            "stopping": self._stopping,
            "servers": {name: server.facts() for name, server in self._servers.items()},
        }
        if status != self._told:
            write_note(self.state / "status.json", status)
            self._told = status

    def run(self) -> None:
        """Serve until the lease is free or a signal comes; then stop the servers."""
        run = run_path(self.state)
        try:
            while not self._stopping:
                self._read_wishes()
                for server in self._servers.values():
                    server.tick()
                self.tell()
                if self._is_abandoned():
                    self._stopping = True
                else:
                    busy = any(server.state in {"new", "starting"} for server in self._servers.values())
                    time.sleep(BUSY_TICK if busy else IDLE_TICK)
        finally:
            self._stopping = True
            self._stop_servers()
            self._clean_up(run)

    def _read_wishes(self) -> None:
        wishes = read_note(self.state / "wanted.json")
        if wishes.get("request", "") == self._request:
            return
        run = run_dir(self.state)
        for name in wishes["servers"]:
            if name in self._servers:
                self._servers[name].revive()
            else:
                former_pid = self._former.get("servers", {}).get(name, {}).get("pid")
                server = self._server(name, run)
                self._servers[name] = Supervised(server, former_pid=former_pid)
        self._request = wishes["request"]

    def _server(self, name: str, run: Path) -> Server:
        if name == "postgres":
            return PostgresServer(self.state, run, durable=self.durable)
        return ValkeyServer(self.state, run, durable=self.durable)

    def _is_abandoned(self) -> bool:
        path = self.state / "lease"
        if not path.exists() or not os.path.samestat(path.stat(), os.fstat(self._lease)):
            say("The state folder is gone: stopping.")
            return True
        # Held until this process ends: a new user waits until the servers are down.
        if try_lock(self._lease):
            say("Nobody uses the servers any more: stopping them.")
            return True
        return False

    def _stop_servers(self) -> None:
        if self.state.is_dir():
            self.tell()
        for server in self._servers.values():
            server.ask_to_stop()
        for server in self._servers.values():
            server.stop()

    def _clean_up(self, run: Path) -> None:
        for name in ("status.json", "wanted.json"):
            (self.state / name).unlink(missing_ok=True)
        for name in (POSTGRES_SOCKET, f"{POSTGRES_SOCKET}.lock", VALKEY_SOCKET):
            # Left by a server that did not end by itself.
            (run / name).unlink(missing_ok=True)
        try:
            run.rmdir()
        except OSError as error:
            say(f"The folder of the sockets stays: {error}.")
        say("Ended.")


def detach() -> None:
    """Go on as an orphan in a session of its own; the calling process ends."""
    sys.stdout.flush()
    if os.fork():
        os._exit(0)
    os.setsid()


def main(arguments: Sequence[str]) -> int:
    """Keep the servers; return the exit code (3: another keeper is at work)."""
    parser = argparse.ArgumentParser(prog="config.keeper")
    parser.add_argument("state", type=Path)
    parser.add_argument("--volatile", action="store_true", help="without durability, for tests")
    options = parser.parse_args(arguments)
    state: Path = options.state
    lock = open_lock(state / "keeper.lock")
    # Others look at the lock by taking it for a moment.
    if not wait_until(lambda: try_lock(lock), within=5):
        say("Another keeper is at work.")
        return 3
    keeper = Keeper(state, durable=not options.volatile, former=read_note(state / "status.json"))
    try:
        # Before anybody can see this keeper alive: an old status must not be taken for its own.
        keeper.tell()
    except OSError as error:
        say(explain_os_error(error, state))
        return 1
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, keeper.ask_to_end)
    detach()
    try:
        keeper.run()
    except (EmbeddedError, OSError) as error:
        say(explain_os_error(error, state) if isinstance(error, OSError) else str(error))
        return 1
    except Exception:  # noqa: BLE001 (the log is the only place to be heard)
        say(f"The keeper failed:\n{traceback.format_exc()}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
