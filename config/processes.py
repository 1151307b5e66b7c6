"""Run several programs as one: all ready or none, restarted when they die, none left behind.

Also ``exclusive``: at most one such run for a state folder, and the second is told where the first one is.
"""

import json
import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from config import trampoline
from config.embedded import EmbeddedError
from config.locks import open_lock, try_lock, wait_until
from config.notes import last_lines
from config.process_table import group_lives

READY_DEADLINE = 180.0
# Seconds between the request to end and the kill.
PATIENCE = 10.0
RESTARTS = 5
RESTART_WINDOW = 60.0
TICK = 0.1


class ProcessFailed(Exception):
    """A program did not become ready or kept dying: a sentence, and the last lines of its log."""


class AlreadyRuns(Exception):
    """Another process holds the claim; ``owner`` is what it announced (``pid``, ``url`` …)."""

    def __init__(self, owner: Mapping[str, object]) -> None:
        url = owner.get("url")
        super().__init__(f"Vitrine already runs from this folder{f': {url}' if url else '.'}")
        self.owner = dict(owner)


# --- Programs -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Program:
    """What to run: ``env`` is added to our own environment; ``ready`` is asked until it says True."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] | None = None


class _Running:
    """A program as a process group of its own."""

    def __init__(self, program: Program, log_dir: Path) -> None:
        self.program = program
        self.log = log_dir / f"{program.name}.log"
        self._log_start = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._ends: deque[float] = deque()
        self._retry_at: float | None = None

    def start(self) -> None:
        # SIGTERM reaches it too if we are killed: it is expected to end its own children then.
        argv = trampoline.command(self.program.argv, death_signal=signal.SIGTERM)
        with self.log.open("ab") as output:
            self._log_start = output.tell()
            self._process = subprocess.Popen(  # noqa: S603 (the caller's programs, no shell)
                argv,
                env={**os.environ, **self.program.env},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        self._retry_at = None

    def exit_code(self) -> int | None:
        return self._process.poll() if self._process else None

    def failure(self, what: str) -> ProcessFailed:
        lines = last_lines(self.log, since=self._log_start)
        return ProcessFailed(f"{self.program.name} {what}. Last lines of {self.log}:\n{lines or '(nothing)'}")

    def is_ready(self) -> bool:
        """Say whether it is; raise ProcessFailed if it has ended."""
        code = self.exit_code()
        if code is not None:
            raise self.failure(f"ended (exit code {code}) before it was ready")
        return self.program.ready is None or self.program.ready()

    def watch(self) -> None:
        """Start it again if it died; raise ProcessFailed when that has happened too often."""
        now = time.monotonic()
        if self._retry_at is not None:
            if now >= self._retry_at:
                self.start()
            return
        code = self.exit_code()
        if code is None:
            return
        # What its dead leader left would work beside the new one.
        self._end_group(patience=2.0)
        self._ends.append(now)
        while now - self._ends[0] > RESTART_WINDOW:
            self._ends.popleft()
        if len(self._ends) > RESTARTS:
            raise self.failure(f"ended {len(self._ends)} times within {RESTART_WINDOW:.0f} seconds")
        self._retry_at = now + 0.25 * 2 ** (len(self._ends) - 1)

    def stop(self, patience: Callable[[], float]) -> None:
        """End it and all of its group; ``patience`` says how many seconds it may take by now."""
        if self._process is None:
            return
        process = self._process
        started = time.monotonic()
        if process.poll() is None:
            # Its leader alone first: a Celery worker finishes its tasks in children that must not be told to end.
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            wait_until(lambda: process.poll() is not None or time.monotonic() - started > patience(), within=PATIENCE)
        self._end_group(patience=1.0 if process.poll() is not None else 0.0)
        process.wait()

    def _end_group(self, *, patience: float) -> None:
        """End what is left of the group: asked, then killed after ``patience`` seconds."""
        assert self._process is not None  # noqa: S101 (asked only of what was started)
        group = self._process.pid
        for number, wait in ((signal.SIGTERM, patience), (signal.SIGKILL, 5.0)):
            # An ended leader keeps its group until it is asked about.
            if wait and (self._process.poll() is None or group_lives(group)):
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(group, number)
                wait_until(lambda: not group_lives(group), within=wait)


class Supervisor:
    """Runs ``programs`` with their output in ``log_dir``/<name>.log. Use it from the main thread.

    On Linux a program gets SIGTERM when the thread that started it ends, whatever ended that.
    """

    def __init__(self, programs: Sequence[Program], log_dir: Path, *, ready_within: float = READY_DEADLINE) -> None:
        self._running = [_Running(program, log_dir) for program in programs]
        self._ready_within = ready_within
        self._signals: list[int] = []

    def run(self, on_ready: Callable[[], None] | None = None) -> int:
        """Start all, call ``on_ready`` when all are ready, and watch them until SIGINT, SIGTERM or SIGHUP.

        Return the number of that signal. Raise ProcessFailed if a program fails. Nothing is left running either way.
        A second signal while stopping kills at once what still runs.
        """
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        former = {number: signal.signal(number, self._note_signal) for number in numbers}
        try:
            try:
                self._start()
                if not self._signals and on_ready:
                    on_ready()
                while not self._signals:
                    for running in self._running:
                        running.watch()
                    time.sleep(TICK)
            finally:
                self._stop()
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)
        return self._signals[0]

    def _note_signal(self, number: int, _frame: FrameType | None) -> None:
        self._signals.append(number)

    def _start(self) -> None:
        for running in self._running:
            if self._signals:
                return
            running.start()
        deadline = time.monotonic() + self._ready_within
        waiting = list(self._running)
        while waiting and not self._signals:
            for running in self._running:
                # Also those that were ready a moment ago: all must be alive when all are ready.
                if running.is_ready() and running in waiting:
                    waiting.remove(running)
            if waiting and time.monotonic() > deadline:
                raise waiting[0].failure(f"was not ready within {self._ready_within:.0f} seconds")
            time.sleep(TICK)

    def _stop(self) -> None:
        asked = len(self._signals)

        def patience() -> float:
            return PATIENCE if len(self._signals) <= asked else 0.0

        for running in reversed(self._running):
            running.stop(patience)


# --- Only one -------------------------------------------------------------------------------------------------------


class Claim:
    """The claim of this process, with a message for whoever comes second."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def announce(self, **facts: object) -> None:
        """Replace the message; ``pid`` is always in it."""
        message = json.dumps({"pid": os.getpid(), **facts}).encode()
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, message, 0)


@contextmanager
def exclusive(state: Path, name: str) -> Iterator[Claim]:
    """Hold the claim ``name`` on the state folder; raise AlreadyRuns if another process does.

    The claim is a lock of the kernel: it ends with its holder, however that ends.
    """
    path = state / f"{name}.lock"
    try:
        descriptor = open_lock(path)
    except OSError as error:
        raise EmbeddedError(f"{path} cannot be opened: {error.strerror}.") from error
    try:
        if not try_lock(descriptor):
            raise AlreadyRuns(_message_in(path))
        claim = Claim(descriptor)
        claim.announce()
        yield claim
    finally:
        os.close(descriptor)


def _message_in(path: Path) -> dict[str, object]:
    """Return the owner's message; it may be writing it right now."""
    found: dict[str, object] = {}

    def read() -> bool:
        with suppress(OSError, ValueError):
            found.update(json.loads(path.read_bytes()))
        return "url" in found

    wait_until(read, within=1.0, every=0.05)
    return found
