"""Become another program that ends with its parent; run as a script: see ``command``.

It imports the standard library only and is run isolated, so that it costs some hundredths of a second.
"""

import ctypes
import os
import sys
from collections.abc import Sequence

# The exit code for "PostgreSQL may not run as root and nobody else can be had".
ROOT_REFUSED = 77
_CLONE_NEWUSER = 0x1000_0000
_PR_SET_PDEATHSIG = 1


def command(argv: Sequence[str], *, death_signal: int, leave_root: bool = False) -> list[str]:
    """Return the command line that runs ``argv`` so that it gets ``death_signal`` when the calling thread ends.

    With ``leave_root`` a program started by root sees itself as an ordinary user, the owner of root's files: a user
    namespace with one mapping. No account is made and no permission changed. The signal needs Linux; elsewhere the
    program is merely started.
    """
    options = [str(os.getpid()), str(int(death_signal)), "leave-root" if leave_root else "stay"]
    return [sys.executable, "-I", "-S", __file__, *options, *argv]


def _enter_user_namespace(libc: ctypes.CDLL | None, user: int, group: int) -> None:
    if libc is None:
        raise OSError(0, "not Linux")
    if libc.unshare(_CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    for name, text in (("setgroups", "deny"), ("uid_map", f"1000 {user} 1"), ("gid_map", f"1000 {group} 1")):
        descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
        os.write(descriptor, text.encode())
        os.close(descriptor)


def main(argv: Sequence[str]) -> None:
    """Read the options of ``command`` and become the program."""
    parent, death_signal, root, *program = argv
    linux = sys.platform == "linux"
    libc = ctypes.CDLL(None, use_errno=True) if linux else None
    if root == "leave-root" and os.geteuid() == 0:
        try:
            _enter_user_namespace(libc, os.geteuid(), os.getegid())
        except OSError as error:
            sys.stderr.write(f"No user namespace: {error.strerror}\n")
            sys.exit(ROOT_REFUSED)
    if libc is not None:
        # After entering the namespace: a change of credentials clears it.
        libc.prctl(_PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != int(parent):
            # The parent ended before the signal was set: nobody would ever stop the program.
            sys.exit(1)
    try:
        os.execv(program[0], program)  # noqa: S606 (that is its purpose)
    except OSError as error:
        sys.stderr.write(f"{program[0]} cannot be run: {error.strerror}\n")
        sys.exit(127)


if __name__ == "__main__":
    main(sys.argv[1:])
