"""Which processes live, as the system tells it. Standard library only."""

import os
import subprocess
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")


def program_of(pid: int) -> tuple[str, Path | None]:
    """Return the name and, where the system tells, the working folder of the process ``pid``; "" if it has ended."""
    folder: Path | None = None
    proc = _PROC / str(pid)
    if _has_proc():
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


def group_lives(group: int) -> bool:
    """Say whether the process group has a member that has not ended.

    The signal 0 also finds members that have ended and that their parent has not asked about yet; in a container the
    parent of orphans may never do so.
    """
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        # macOS says "not permitted" when only ended members are left.
        return False
    if not _has_proc():
        return True
    for stat in _PROC.glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name stands in brackets and may hold anything; state, parent and group follow.
            state, _, owner = stat.read_text().rpartition(")")[2].split()[:3]
            if int(owner) == group and state not in {"Z", "X"}:
                return True
    return False


def _has_proc() -> bool:
    return (_PROC / "self" / "stat").exists()
