"""What the keeper knows of a server it runs, whichever it is."""

import os
import signal
from pathlib import Path
from typing import Protocol

from config.embedded import EmbeddedError
from config.locks import wait_until
from config.process_table import program_of

# Seconds that a server whose keeper was killed has to end by itself.
LEFTOVER_DEADLINE = 20.0


class Server(Protocol):
    """A server of a state folder. Methods raise EmbeddedError with the sentence to show."""

    name: str
    label: str
    stop_signal: signal.Signals
    kill_signal: signal.Signals
    log: Path

    def prepare(self, *, former_pid: int | None) -> None:
        """Make its folder ready to be started on; ``former_pid`` is the one the last keeper ran, if known."""

    def command(self) -> list[str]:
        """Return the command line; the program ends with the calling thread."""

    def environment(self) -> dict[str, str]:
        """Return the whole environment of the program."""

    def is_ready(self, pid: int) -> bool:
        """Say whether the process ``pid`` answers by now."""

    def complete(self) -> None:
        """Make what users expect to find in it; called once, when it answers for the first time."""

    def explain(self, code: int, lines: str) -> str:
        """Return why it ended with ``code`` before it was ready, given its last log lines."""


def clear_leftover(
    pid_file: Path, folder: Path, *, program: str, label: str, former_pid: int | None, stop_signal: signal.Signals
) -> None:
    """Wait until the process that ``pid_file`` names no longer works on ``folder``.

    A server whose keeper was killed is ending by itself on Linux; elsewhere it is told to. A pid file whose number
    meanwhile belongs to an unrelated process (after a reboot) is removed, because PostgreSQL would refuse to start.
    Raise EmbeddedError if a server that is not ours works there.
    """
    try:
        pid = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return
    # PostgreSQL notes a negative number for a single-user backend.
    pid = abs(pid)

    def works_here() -> bool:
        name, place = program_of(pid)
        return name == program and place in (None, folder)

    if works_here():
        if pid == former_pid:
            os.kill(pid, stop_signal)
        if not wait_until(lambda: not works_here(), within=LEFTOVER_DEADLINE, every=0.1):
            raise EmbeddedError(f"Another {label} (process {pid}) is using {folder}: stop it first.")
    elif program_of(pid)[0]:
        pid_file.unlink(missing_ok=True)
