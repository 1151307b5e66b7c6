"""Several programs run as one, and the claim that there is only one such run."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.locks import wait_until
from config.process_table import program_of
from config.processes import AlreadyRuns, ProcessFailed, Program, Supervisor, exclusive

REPOSITORY = Path(__file__).resolve().parents[2]
# Each program notes its pid and that of a child, then waits. The "stubborn" ones ignore SIGTERM.
PROGRAM = """
import os, pathlib, signal, subprocess, sys, time
name, folder, mood = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
if mood == "dying" and not (folder / f"{name}.pids").exists():
    print("first and last words", flush=True)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
if mood == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
def end(number, frame):
    with (folder / "order").open("a") as file:
        file.write(name + " ")
    sys.exit(0)
if mood == "polite":
    signal.signal(signal.SIGTERM, end)
with (folder / f"{name}.pids").open("a") as file:
    file.write(f"{os.getpid()} {child.pid}\\n")
print("hello from", name, flush=True)
while True:
    time.sleep(60)
"""
SUPERVISE = """
import pathlib, sys
from config import processes
from config.processes import Program, Supervisor
processes.PATIENCE = 1.0
processes.RESTARTS = 2
folder = pathlib.Path(sys.argv[1])
code = (folder / "program.py").read_text()
programs = [
    Program(name, [sys.executable, "-c", code, name, str(folder), mood], {},
            lambda name=name: (folder / f"{name}.pids").exists())
    for name, mood in (pair.split("=") for pair in sys.argv[2:])
]
try:
    number = Supervisor(programs, folder).run(lambda: print("ready", flush=True))
except processes.ProcessFailed as error:
    sys.exit(str(error))
print("ended by", number)
"""


def supervise(folder: Path, *programs: str) -> subprocess.Popen[str]:
    (folder / "program.py").write_text(PROGRAM)
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, str(folder), *programs],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n", process.communicate()
    return process


def noted(folder: Path, name: str) -> list[int]:
    """All pids of the program and of its children, oldest first."""
    return [int(word) for word in (folder / f"{name}.pids").read_text().split()]


def gone(*pids: int) -> bool:
    return not any(program_of(pid)[0] for pid in pids)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stops_everything_in_reverse_order(tmp_path: Path, number: int) -> None:
    process = supervise(tmp_path, "one=polite", "two=polite")
    pids = noted(tmp_path, "one") + noted(tmp_path, "two")
    assert len(pids) == 4
    assert all(program_of(pid)[0] for pid in pids)
    process.send_signal(number)
    output, errors = process.communicate(timeout=30)
    assert (output, errors) == (f"ended by {int(number)}\n", "")
    assert gone(*pids)
    assert (tmp_path / "order").read_text().split() == ["two", "one"]
    assert (tmp_path / "one.log").read_text() == "hello from one\n"


def test_kills_what_does_not_end(tmp_path: Path) -> None:
    process = supervise(tmp_path, "mule=stubborn")
    process.terminate()
    process.communicate(timeout=30)
    assert gone(*noted(tmp_path, "mule"))


def test_starts_again_what_died_without_its_orphans(tmp_path: Path) -> None:
    process = supervise(tmp_path, "one=polite", "two=polite")
    other = noted(tmp_path, "two")
    leader, child = noted(tmp_path, "one")
    os.kill(leader, signal.SIGKILL)
    assert wait_until(lambda: len(noted(tmp_path, "one")) == 4, within=20)
    assert gone(leader, child)
    assert noted(tmp_path, "two") == other
    process.terminate()
    process.communicate(timeout=30)
    assert gone(*noted(tmp_path, "one"), *other)


def test_gives_up_what_keeps_dying_and_stops_the_rest(tmp_path: Path) -> None:
    process = supervise(tmp_path, "weak=polite", "strong=polite")

    def kill_on() -> bool:
        os.kill(pid, signal.SIGKILL) if program_of(pid := noted(tmp_path, "weak")[-2])[0] else None
        return process.poll() is not None

    assert wait_until(kill_on, within=60)
    _, errors = process.communicate()
    assert errors.startswith("weak ended 3 times within 60 seconds. Last lines of")
    assert "Traceback" not in errors
    assert gone(*noted(tmp_path, "weak"), *noted(tmp_path, "strong"))


@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
def test_killed_supervisor_takes_the_programs_down(tmp_path: Path) -> None:
    process = supervise(tmp_path, "one=polite")
    process.kill()
    process.communicate()
    leader, child = noted(tmp_path, "one")
    assert wait_until(lambda: gone(leader), within=10)
    # Beyond the leader nobody is left to act: a program ends its own children.
    os.kill(child, signal.SIGKILL)


def test_says_which_program_failed_and_why(tmp_path: Path) -> None:
    fine = Program("fine", [sys.executable, "-c", "import time; time.sleep(600)"])
    words = "print('no such table'); raise SystemExit(4)"
    with pytest.raises(ProcessFailed, match=r"bad ended \(exit code 4\) before it was ready.*\n.*no such table"):
        Supervisor([fine, Program("bad", [sys.executable, "-c", words], ready=lambda: False)], tmp_path).run()
    with pytest.raises(ProcessFailed, match=r"ghost ended \(exit code 127\)(.|\n)*cannot be run: No such file"):
        Supervisor([Program("ghost", ["/no/such/program"], ready=lambda: False)], tmp_path).run()
    with pytest.raises(ProcessFailed, match="fine was not ready within 1 seconds"):
        Supervisor([Program("fine", fine.argv, ready=lambda: False)], tmp_path, ready_within=1).run()


def test_second_run_hears_of_the_first(tmp_path: Path) -> None:
    with exclusive(tmp_path, "demo") as claim:
        claim.announce(url="http://127.0.0.1:8000/")
        with pytest.raises(AlreadyRuns) as caught, exclusive(tmp_path, "demo"):
            pass
        assert str(caught.value) == "Vitrine already runs from this folder: http://127.0.0.1:8000/"
        assert caught.value.owner["pid"] == os.getpid()
        with exclusive(tmp_path, "other"):
            pass
    with exclusive(tmp_path, "demo"):
        # What the last owner said is not repeated for the next.
        assert json.loads((tmp_path / "demo.lock").read_text()) == {"pid": os.getpid()}


def test_claim_of_a_killed_process_is_free(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from config.processes import exclusive
with exclusive(Path({str(tmp_path)!r}), "demo") as claim:
    claim.announce(url="http://old/")
    print("mine", flush=True)
    input()
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout
    assert process.stdout.readline() == b"mine\n"
    with pytest.raises(AlreadyRuns, match="http://old/"), exclusive(tmp_path, "demo"):
        pass
    process.kill()
    process.communicate()
    with exclusive(tmp_path, "demo"):
        pass
