"""What the keeper knows of a server it runs, whichever it is."""

import os
import signal
import subprocess
from pathlib import Path
from typing import Protocol

from config.embedded import EmbeddedError
from config.locks import wait_until

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


def program_of(pid: int) -> tuple[str, Path | None]:
    """Return the name and, where the system tells, the working folder of the process ``pid``; "" if it has ended."""
    folder: Path | None = None
    proc = Path("/proc") / str(pid)
    if proc.parent.joinpath("self").exists():
        try:
            name = (proc / "comm").read_text().strip()
            # The state follows the name, which stands in brackets and may hold anything.
            ended = (proc / "stat").read_text().rpartition(")")[2].split()[0] in {"Z", "X"}
            folder = (proc / "cwd").readlink() if not ended else None
        except PermissionError:
            return name, None
        except OSError:
            return "", None
        return ("" if ended else name), folder
    answer = subprocess.run(  # noqa: S603 (a number is all that varies)
        ["/bin/ps", "-p", str(pid), "-o", "stat=,comm="], capture_output=True, text=True, check=False
    ).stdout.split(maxsplit=1)
    return ("" if len(answer) < 2 or answer[0].startswith("Z") else os.path.basename(answer[1].strip())), None  # noqa: PTH119


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
